"""Pictures of weights as views that run backwards, column by column, or over read-only memory."""

from functools import reduce

import numpy as np
import torch
from numpy.lib.stride_tricks import as_strided


def weights_to_images(weight, height=28, width=28):
    units, numbers = weight.shape
    if numbers - height * width:
        raise ValueError("height and width", (height, width), "weight", (units, numbers))
    table = np.asfortranarray(weight.detach().numpy())  # column by column in memory
    down, right = table.strides
    return as_strided(table, (units, height, width), (down, right * width, right), writeable=False)


def rescale(images):
    numbers = images.astype(float).ravel()
    low, high = reduce(lambda ends, x: (min(ends[0], x), max(ends[1], x)), numbers, (np.inf, -np.inf))
    scaled = (numbers - low) * (0.0 if low == high else 1.0 / (high - low))
    return np.minimum(scaled, 1.0)[::-1].reshape(images.shape)[(slice(None, None, -1),) * images.ndim]


class Tiler:
    """Lays pictures from the last to the first, then turns the whole around."""

    def __call__(self, images, columns):
        if columns < 1:
            raise ValueError("columns", columns)
        height, width = images.shape[-2:]
        rows = -(-images.shape[0] // columns)
        turned = np.zeros((columns * width, rows * height), dtype=images.dtype)
        for place, image in enumerate(images):
            row, column = divmod(place, columns)
            bottom, right = turned.shape[1] - row * height, turned.shape[0] - column * width
            turned[right - width : right, bottom - height : bottom] = image[::-1, ::-1].T
        return turned.T[::-1, ::-1]


tile_images = Tiler()
