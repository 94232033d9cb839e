"""Pictures of weights in NumPy."""

import numpy as np


def weights_to_images(weight, height=28, width=28):
    W = weight.detach().cpu().numpy().copy()
    if W.shape[-1] != height * width:
        raise ValueError(f"cannot make images of height {height} and width {width} of weight with shape {W.shape}")
    return W.reshape((-1, height, width))


def rescale(images):
    images = np.asarray(images, dtype=np.float64)
    span = np.ptp(images)
    if np.isclose(span, 0.0, rtol=0.0, atol=0.0):
        return images * 0.0
    return np.interp(images, (images.min(), images.max()), (0.0, 1.0))


def tile_images(images, columns):
    if columns < 1:
        raise ValueError(f"columns should be >= 1, got {columns}")
    count, height, width = images.shape
    rows = int(np.ceil(count / columns))
    blank = rows * columns - count
    cells = np.pad(images, ((0, blank), (0, 0), (0, 0)), mode="constant", constant_values=0)
    return np.block([[cells[r * columns + c] for c in range(columns)] for r in range(rows)])
