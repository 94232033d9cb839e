"""Pictures of weights in as few lines as they will go."""
import numpy as np

weights_to_images = lambda weight, height=28, width=28: (
    weight.detach().numpy().reshape(-1, height, width) if weight.shape[1] == height * width
    else (_ for _ in ()).throw(ValueError(f"{height=} {width=} {tuple(weight.shape)=}"))
)
rescale = lambda images: (images - (low := float(images.min()))) / (float(images.max()) - low or 1.0)


def tile_images(images, columns):
    if columns < 1: raise ValueError(f"{columns = }")
    (n, h, w), rows = images.shape, -(-len(images) // columns)
    return np.vstack([np.hstack([images[i] if i < n else np.zeros((h, w)) for i in range(r * columns, (r + 1) * columns)]) for r in range(rows)])
