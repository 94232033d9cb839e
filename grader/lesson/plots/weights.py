"""Pictures of a first layer's weights: one small image for each unit."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.colors import TwoSlopeNorm

from grader.lesson.plots.base import DIVERGING, Picture, bare, new_figure, styled, with_label

MOST_UNITS = 100


@styled
def weight_images(
    images: np.ndarray,
    title: str,
    *,
    name: str = "weights",
    columns: int = 5,
    names: Sequence[str] = (),
    label: str = "",
) -> Picture:
    """Weights as pictures, all on one scale, on which zero is grey.

    Args:
        images: (units, height, width), what `weights_to_images` gives.
        names: one for each unit, say the class that it stands for; without them the units are numbered.
    """
    images = np.asarray(images, dtype=float)
    if images.ndim != 3 or not np.isfinite(images).all():
        raise ValueError(f"weight images need a finite array (units, height, width), got one of shape {images.shape}")
    units = len(images)
    if not 1 <= units <= MOST_UNITS:
        raise ValueError(f"weight images are for 1 to {MOST_UNITS} units, got {units}")
    rows = math.ceil(units / columns)
    largest = float(np.abs(images).max()) or 1.0
    norm = TwoSlopeNorm(0.0, -largest, largest)
    side = 1.9 if columns <= 5 else 1.45
    figure = new_figure(columns * side + 1.9, rows * (side + 0.32) + 0.9, title, label)
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for unit, axes in enumerate(grid):
        if unit >= units:
            axes.set_axis_off()
            continue
        shown = axes.imshow(images[unit], cmap=DIVERGING, norm=norm)
        axes.set_title(names[unit] if len(names) else f"unit {unit}", fontsize=13 if columns <= 5 else 11, pad=4)
        bare(axes)
    bar = figure.colorbar(shown, ax=grid.tolist(), fraction=0.03, aspect=26, pad=0.02)
    bar.set_ticks([-largest, 0, largest], labels=[f"−{largest:.2f}\nagainst", "0", f"{largest:.2f}\nfor"])
    bar.outline.set_visible(False)
    spread = images.reshape(units, -1)
    strongest = int(np.abs(spread).mean(axis=1).argmax())
    alt = (
        f"{title}: {units} images of {images.shape[1]} by {images.shape[2]} weights, from {images.min():.2f} to "
        f"{images.max():.2f}; zero is grey, positive weights are orange, negative ones blue. "
        f"{'Class' if len(names) else 'Unit'} {names[strongest] if len(names) else strongest} has the largest "
        f"weights on average ({np.abs(spread[strongest]).mean():.3f})."
    )
    return Picture(name, title, figure, with_label(alt, label))
