"""A sheet of digits with their labels."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from grader.lesson.plots.base import BLUE, Picture, bare, new_figure, styled, with_label


@styled
def digit_sheet(images: np.ndarray, labels: Sequence[int], *, columns: int = 12, label: str = "") -> Picture:
    """Digits (count, H, W) in [0, 1], side by side, each with its class above."""
    count = len(images)
    rows = math.ceil(count / columns)
    title = f"{count} of the digits, and their labels"
    figure = new_figure(columns * 1.05 + 0.3, rows * 1.35 + 1.1, title, label)
    for index, axes in enumerate(figure.subplots(rows, columns, squeeze=False).ravel()):
        bare(axes)
        if index >= count:
            axes.set_axis_off()
            continue
        axes.imshow(images[index], cmap="gray", vmin=0, vmax=1)
        axes.set_title(str(int(labels[index])), fontsize=13, pad=3, color=BLUE, fontweight="bold")
    listed = ", ".join(str(int(number)) for number in labels)
    height, width = images.shape[1:]
    alt = f"{title}, {height} by {width} pixels each, white on black: {listed}."
    return Picture("digits", title, figure, with_label(alt, label))
