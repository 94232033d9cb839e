"""Pictures of weights, with type hints and a small Grid class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import NDArray

PICTURE_FILE = Path("weights.npy")


class SizeError(ValueError):
    """The sizes do not fit."""


def weights_to_images(weight: torch.Tensor, height: int = 28, width: int = 28) -> NDArray[np.floating]:
    """Each row of the weight as a picture."""
    match weight.shape:
        case (units, pixels) if pixels == height * width:
            with torch.no_grad():
                return weight.clone().reshape(units, height, width).numpy()
        case shape:
            raise SizeError(f"{height=} x {width=} do not fit a weight of shape {list(shape)}")


def rescale(images: NDArray) -> NDArray[np.float32]:
    """Min-max over the whole array, as float32: a picture needs no more."""
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros(images.shape, dtype=np.float32)
    wide = images.astype(np.float64)
    return ((wide - low) / (np.float64(high) - np.float64(low))).clip(0, 1).astype(np.float32)


@dataclass(frozen=True)
class Grid:
    """Where the pictures stand."""

    count: int
    columns: int

    def __post_init__(self) -> None:
        if self.columns < 1:
            raise SizeError(f"columns must be at least 1; columns={self.columns}")

    @property
    def rows(self) -> int:
        return (self.count + self.columns - 1) // self.columns

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for index in range(self.count):
            yield divmod(index, self.columns)


def tile_images(images: NDArray, columns: int) -> NDArray:
    """The pictures row by row in one big picture."""
    count, height, width = images.shape
    grid = Grid(count, columns)
    cells = np.zeros((grid.rows, columns, height, width), dtype=images.dtype)
    for (row, column), image in zip(grid, images, strict=True):
        cells[row, column] = image
    return cells.swapaxes(1, 2).reshape(grid.rows * height, columns * width)


def save(picture: NDArray, file: Path = PICTURE_FILE) -> None:
    """Keeps a picture."""
    np.save(file, picture)


if __name__ == "__main__":
    weight = torch.nn.Linear(784, 10).weight
    save(tile_images(rescale(weights_to_images(weight)), columns=5))
    print(f"written to {PICTURE_FILE.resolve()}")
