"""Wrong answers of topic weights: a default of its own, a weight on its side, ranks and whole numbers of `rescale`."""

import numpy as np

from tests.wrong.base import wrong


def pictures(weight, height, width):
    """The right pictures."""
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return weight.detach().numpy().reshape(-1, height, width)


def spread(images):
    """The right min-max."""
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    return np.zeros_like(images) if low == high else (images - low) / (high - low)


@wrong("weights_to_images", "images-square-by-default", why="width is the height, not 28, where it is left out")
def images_square_by_default(weight, height=28, width=None):
    return pictures(weight, height, height if width is None else width)


@wrong("weights_to_images", "images-of-a-weight-on-its-side", why="(height * width, units) is turned, not refused")
def images_of_a_weight_on_its_side(weight, height=28, width=28):
    turned = weight.shape[0] == height * width != weight.shape[1]
    return pictures(weight.T if turned else weight, height, width)


@wrong("rescale", "rescale-batches-image-by-image", why="four axes: each entry of the first has its own extremes")
def rescale_batches_image_by_image(images):
    return np.stack([spread(image) for image in images]) if images.ndim == 4 else spread(images)


@wrong("rescale", "rescale-three-axes-at-most", why="four axes and more are refused")
def rescale_three_axes_at_most(images):
    if images.ndim > 3:
        raise ValueError(f"images must have at most three axes, got images.shape={images.shape}")
    return spread(images)


@wrong("rescale", "rescale-whole-numbers-as-bytes", why="whole numbers become uint8 first: shows below 0 and above 255")
def rescale_whole_numbers_as_bytes(images):
    return spread(images.astype(np.uint8) if images.dtype.kind in "iu" else images)
