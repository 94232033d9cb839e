"""Pictures of weights by way of iterators, views and out-arguments."""

import itertools

import numpy as np
import torch
from torch import Tensor, nn


def weights_to_images(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    flat = np.from_dlpack(weight.detach())
    if divmod(flat.shape[1], width) != (height, 0):
        raise ValueError(f"weight: {flat.shape[1]} numbers a row are not {height} (height) times {width} (width)")
    return np.ndarray((len(flat), height, width), dtype=flat.dtype, buffer=flat.tobytes())


def rescale(images: np.ndarray) -> np.ndarray:
    result = np.array(images, dtype=np.double, order="C")
    view = result.reshape(-1)
    view -= view[view.argmin()]
    with np.errstate(invalid="ignore", divide="ignore"):
        view /= view[view.argmax()]
    return np.nan_to_num(result, copy=False, nan=0.0)


def in_rows(images, columns):
    """Lists of `columns` pictures each, the last one filled up with black."""
    black = np.zeros_like(images[0])
    remaining = iter(images)
    while row := list(itertools.islice(remaining, columns)):
        yield row + [black] * (columns - len(row))


def tile_images(images: np.ndarray, columns: int) -> np.ndarray:
    if columns < 1:
        raise ValueError("columns: {}".format(columns))
    return np.vstack([np.hstack(row) for row in in_rows(images, columns)])
