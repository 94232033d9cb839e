"""The lesson's photograph: the painted dog, or a picture of the reader's own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grader.course.paths import picture

if TYPE_CHECKING:
    from torch import Tensor

DOG = picture()
LARGEST = 1000  # pixels a side; a phone's photograph would take minutes


def load_photo(path: str | Path = DOG) -> np.ndarray:
    """A picture as an array (height, width, 3), uint8, RGB, turned as the camera says: the caller's own, to write in.

    Raises:
        ValueError: the file is missing or is not a picture; the text names it.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if os.path.exists(path) and not os.path.isfile(path):  # opening a pipe would wait for ever
        raise ValueError(f"{path} cannot be read as a picture: it is no ordinary file")
    try:
        with Image.open(path) as image:
            return np.array(ImageOps.exif_transpose(image).convert("RGB"))
    except FileNotFoundError:
        raise ValueError(f"There is no picture at {path}.") from None
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise ValueError(f"{path} cannot be read as a picture: {error}") from error


def shrink(photo: np.ndarray, side: int) -> np.ndarray:
    """The same picture, its longer side at most `side` pixels."""
    from PIL import Image

    height, width = photo.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return photo
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.array(Image.fromarray(photo).resize(size, Image.Resampling.LANCZOS))


def affordable(photo: np.ndarray, convolve: Callable[[Tensor], object], seconds: float) -> np.ndarray:
    """The picture, as large as a convolution can do in that many seconds: a correct one may be slow.

    Args:
        convolve: takes a grey picture (1, 1, H, W); it is timed on a small one.
    """
    import torch

    pixels = torch.ones(1, 1, *shrink(photo, 48).shape[:2])  # how long it takes depends on the size alone
    begin = time.perf_counter()
    convolve(pixels)
    seconds_per_pixel = max(time.perf_counter() - begin, 1e-6) / pixels.numel()
    height, width = photo.shape[:2]
    share = min(1.0, (seconds / seconds_per_pixel / (height * width)) ** 0.5)
    return shrink(photo, min(LARGEST, max(48, int(max(height, width) * share))))
