"""Pictures of what convolutions make of the photograph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import Normalize

from grader.lesson.plots.base import INK, PAPER, SOFT, Picture, badge, bare, new_figure, size, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@styled
def convolutions(
    photo: np.ndarray,
    results: Sequence[tuple[str, np.ndarray]],
    *,
    title: str = "The photograph, before and after convolutions",
    name: str = "convolutions",
    true_size: bool = False,
) -> Picture:
    """The photograph, and beside it one map for each convolution, with its size.

    Args:
        photo: (H, W, 3), uint8.
        results: (what the convolution does, its output (H', W') or (H', W', 3)), each with a contrast of its own; a
            result of three channels is drawn in colour.
        true_size: draws every map on the photograph's scale, so that a stride shows.
    """
    results = [(text, np.asarray(result, dtype=float)) for text, result in results]
    columns = min(3, 1 + len(results))
    rows = math.ceil((1 + len(results)) / columns)
    height, width = photo.shape[:2]
    figure = new_figure(4.1 * columns, (4.0 * height / width + 0.72) * rows + 0.6, title)
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    grid[0].imshow(photo, interpolation="antialiased")
    _caption(grid[0], "photograph", f"3 × {size(photo.shape[:2])}")
    for axes, (text, result) in zip(grid[1:], results, strict=False):
        axes.imshow(contrast(result), cmap="gray", vmin=0, vmax=1, interpolation="antialiased")
        channels = f"{result.shape[2]} × " if result.ndim == 3 else ""
        _caption(axes, text, f"{channels}{size(result.shape[:2])}   from {result.min():.2f} to {result.max():.2f}")
        if true_size:
            axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
            for spine in axes.spines.values():
                spine.set_linestyle((0, (2, 3)))
    for axes in grid[1 + len(results) :]:
        axes.set_axis_off()
    shown = "; ".join(
        f"{text.replace(chr(10), ' ')}: {size(r.shape[:2])}, from {r.min():.2f} to {r.max():.2f}" for text, r in results
    )
    return Picture(name, title, figure, f"{title}. Photograph: {size(photo.shape[:2])} pixels. {shown}.")


@styled
def first_layer_maps(tiled: np.ndarray, count: int, columns: int, *, label: str = "") -> Picture:
    """AlexNet's first maps of the photograph, tiled to one big picture.

    Args:
        tiled: (rows * height, columns * width) with values in [0, 1], what `tile_images` gives.
        count: how many maps it holds.
        label: "untrained weights" where they are.
    """
    tiled = np.asarray(tiled, dtype=float)
    rows = math.ceil(count / columns)
    height, width = tiled.shape[0] // rows, tiled.shape[1] // columns
    title = f"AlexNet's first layer: {count} maps of {height} × {width}"
    figure = new_figure(10, 10 * (height * rows) / (width * columns) + 0.9, title)
    axes = figure.add_subplot()
    axes.imshow(contrast(tiled), cmap="gray", vmin=0, vmax=1, interpolation="antialiased")
    bare(axes)
    for column in range(1, columns):
        axes.axvline(column * width - 0.5, color=PAPER, linewidth=2)
    for row in range(1, rows):
        axes.axhline(row * height - 0.5, color=PAPER, linewidth=2)
    axes.set_xticks([(column + 0.5) * width for column in range(columns)], [str(column) for column in range(columns)])
    axes.set_yticks([(row + 0.5) * height for row in range(rows)], [str(row * columns) for row in range(rows)])
    axes.tick_params(length=0)
    axes.set_xlabel(
        "map = number at the left + number below; one scale for all: dark is a low answer, bright a high one"
    )
    if label:
        badge(figure, label)
    cells = [
        tiled[r * height : (r + 1) * height, c * width : (c + 1) * width] for r in range(rows) for c in range(columns)
    ]
    busiest = int(np.argmax([cell.std() for cell in cells[:count]]))
    alt = (
        f"{count} grey maps in {rows} rows of {columns}, each {height} by {width}, on one scale from 0 to 1, with mean "
        f"{tiled.mean():.2f}. Map {busiest} varies most (standard deviation {cells[busiest].std():.2f})."
    )
    return Picture("alexnet-maps", title, figure, alt + (f" Made with {label}." if label else ""))


def contrast(values: np.ndarray) -> np.ndarray:
    """Numbers stretched to [0, 1] for the eye: the lowest and highest percent are cut, so that a few do not rule."""
    darkest, brightest = np.percentile(values, [1, 99])
    return np.asarray(Normalize(darkest, brightest, clip=True)(values))


def _caption(axes: Axes, text: str, numbers: str) -> None:
    bare(axes)
    axes.set_title(text, loc="left", fontsize=14, color=INK, pad=6)
    axes.set_xlabel(numbers, loc="left", fontsize=12, color=SOFT)
