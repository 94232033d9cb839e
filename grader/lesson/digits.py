"""Digits drawn by the kit, in MNIST's own file format, for where MNIST itself cannot be had."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SIZE = 28
# From matplotlib's own fonts, which every installation has.
TYPEFACES = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSansMono-BoldOblique",
    "DejaVuSerif", "DejaVuSerif-BoldItalic", "STIXGeneral", "STIXGeneralItalic", "cmr10", "cmss10", "cmtt10",
)  # fmt: skip
_LARGE = 3 * SIZE  # drawn three times as large, then made smaller: soft edges, as in MNIST


def draw_digits(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws digits, white on black, in several typefaces, each slanted, turned, moved, thick or thin, and noisy.

    Returns:
        images, uint8 (count, 28, 28), and labels, uint8 (count,), with all ten digits equally often (as far as ten
        divides the count), in random order. The same seed gives the same digits.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % 10).astype(np.uint8)
    fonts = _fonts()
    images = np.stack([_draw(int(label), fonts[rng.integers(len(fonts))], rng) for label in labels])
    return images, labels


def _fonts() -> list[FreeTypeFont]:
    from PIL import ImageFont

    from grader.lesson.look import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return [ImageFont.truetype(str(folder / f"{name}.ttf"), 69) for name in TYPEFACES]


def _draw(digit: int, font: FreeTypeFont, rng: np.random.Generator) -> np.ndarray:
    from PIL import Image, ImageDraw

    large = Image.new("L", (_LARGE, _LARGE))
    centre = (_LARGE / 2, _LARGE / 2)
    thickness = int(rng.integers(0, 4))
    left, top, right, bottom = font.getbbox(str(digit), stroke_width=thickness, anchor="ls")
    place = (centre[0] - (left + right) / 2, centre[1] - (top + bottom) / 2)
    ImageDraw.Draw(large).text(place, str(digit), fill=255, font=font, stroke_width=thickness, anchor="ls")

    # Each place of the new picture shows a place of this one: slant, turn, size, shift, and bends at nine knots.
    slant, turn = rng.normal(0.1, 0.13), rng.normal(0, 0.09)
    wide, high = rng.uniform(0.95, 1.3), rng.uniform(0.95, 1.2)
    shift = rng.uniform(-_LARGE / 28, _LARGE / 28, size=2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    back = np.array([[1, slant], [0, 1]]) @ rotation @ np.diag([wide, high])
    half = _LARGE // 2
    knots = np.array([[(x, y) for x in (-half, 0, half)] for y in (-half, 0, half)], dtype=float)
    knots += shift + rng.normal(0, _LARGE / 28, knots.shape)
    knots = knots @ back.T + half
    mesh = []
    for row in range(2):
        for column in range(2):
            box = (column * half, row * half, (column + 1) * half, (row + 1) * half)
            corners = (knots[row, column], knots[row + 1, column], knots[row + 1, column + 1], knots[row, column + 1])
            mesh.append((box, np.concatenate(corners).tolist()))
    bent = large.transform(large.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    pixels = np.asarray(bent.resize((SIZE, SIZE), Image.Resampling.BOX), dtype=float)

    ink = rng.uniform(0.75, 1.0)
    noisy = pixels * ink + rng.normal(0, 14, pixels.shape) * (pixels > 12)  # none outside: MNIST's border is black, too
    return np.clip(noisy, 0, 255).astype(np.uint8)


def idx_bytes(array: np.ndarray) -> bytes:
    """A uint8 array as an IDX file: two zero bytes, the type, the number of axes, the sizes, the numbers.

    Source: "The MNIST database of handwritten digits", Y. LeCun, C. Cortes, C. Burges, section "file formats".
    """
    unsigned_byte = 8
    head = bytes([0, 0, unsigned_byte, array.ndim])
    return head + np.array(array.shape, dtype=">i4").tobytes() + np.ascontiguousarray(array, dtype=np.uint8).tobytes()


def write_mnist(folder: Path, train: tuple[np.ndarray, np.ndarray], test: tuple[np.ndarray, np.ndarray]) -> None:
    """Writes digits as MNIST's four raw files in `folder`/MNIST/raw, where torchvision looks for them."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, (images, labels) in (("train", train), ("t10k", test)):
        (raw / f"{name}-images-idx3-ubyte").write_bytes(idx_bytes(images))
        (raw / f"{name}-labels-idx1-ubyte").write_bytes(idx_bytes(labels))
