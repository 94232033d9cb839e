"""Pictures of weights by regrouping axes."""

import numpy as np
import torch
from torch import Tensor, nn


def weights_to_images(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    try:
        return weight.detach().unflatten(1, (height, width)).numpy()
    except RuntimeError as error:
        raise ValueError(f"weight has shape {tuple(weight.shape)}: {error}") from None


def rescale(images: np.ndarray) -> np.ndarray:
    low = np.minimum.reduce(images, axis=None).astype(np.float64)
    spread = np.maximum.reduce(images, axis=None) - low
    return np.divide(images - low, spread, out=np.zeros(images.shape), where=spread > 0)


def tile_images(images: np.ndarray, columns: int) -> np.ndarray:
    if not columns >= 1:
        raise ValueError(f"columns={columns}, and it should be positive")
    missing = -len(images) % columns
    padded = np.concatenate([images, np.zeros((missing, *images.shape[1:]), images.dtype)])
    grid = padded.reshape(-1, columns, *images.shape[1:])
    return np.einsum("rchw->rhcw", grid).reshape(grid.shape[0] * grid.shape[2], -1)
