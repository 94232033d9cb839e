"""The lesson's photograph: the painted dog, or a picture of the reader's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

DOG = Path(__file__).resolve().parents[2] / "imgs" / "dog2.jpg"


def load_photo(path: str | Path = DOG) -> np.ndarray:
    """A picture as an array (height, width, 3), uint8, RGB, turned as the camera says.

    Raises:
        ValueError: the file is missing or is not a picture; the text names it.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
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
    return np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.LANCZOS))
