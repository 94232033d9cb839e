"""The walk of a digit through the CNN: what stands after each layer, its size, and what the layer has to learn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch

from grader.lesson.painting import Station
from grader.lesson.plots.base import (
    BLUE,
    FAINT,
    INK,
    PAPER,
    SOFT,
    VERMILION,
    Picture,
    new_figure,
    size,
    styled,
    with_label,
)


@styled
def shape_walk(
    stations: Sequence[Station], *, title: str = "A digit walks through the CNN", label: str = ""
) -> Picture:
    """Draws the maps after each layer as a stack of cards, all with pixels of one size, and the last scores as bars."""
    total = sum(station.parameters for station in stations)
    figure = new_figure(16, 5.2, title, label)
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_aspect("equal")
    left = 0.0
    for index, station in enumerate(stations):
        if index:
            left = _draw_arrow(axes, left, station)
        last = len(station.shape) == 1
        right = _draw_scores(axes, left, station) if last else _draw_cards(axes, left, station)
        axes.text(
            (left + right) / 2,
            35.5,
            size(station.shape),
            ha="center",
            va="top",
            fontsize=16,
            fontweight="bold",
            color=INK,
        )
        axes.text(
            (left + right) / 2,
            40.2,
            f"{int(np.prod(station.shape)):,} numbers",
            ha="center",
            va="top",
            fontsize=11,
            color=SOFT,
        )
        left = right
    axes.text(left / 2, 48.5, f"{total:,} parameters in all", ha="center", fontsize=14, color=BLUE, fontweight="bold")
    axes.set(xlim=(-2, left + 3), ylim=(50, -5))
    steps = "; ".join(
        f"{station.layer.replace(chr(10), ' ')} makes {size(station.shape)} with {station.parameters} parameters"
        for station in stations[1:]
    )
    winner = int(np.argmax(stations[-1].maps))
    alt = (
        f"{title}. It starts as {size(stations[0].shape)}; {steps}. {total} parameters in all. "
        f"The largest score is that of class {winner}."
    )
    return Picture("shape-walk", title, figure, with_label(alt, label))


def _draw_cards(axes: Axes, left: float, station: Station) -> float:
    """Maps as cards that overlap, the liveliest in front, each with its own contrast. Returns the right edge."""
    channels, height, width = station.shape
    step = 3.4 if channels > 1 else 0.0
    top = 14 - height / 2 + (channels - 1) * step / 2
    liveliest_first = sorted(station.maps, key=lambda drawn: -float(drawn.std()))
    for channel, drawn in enumerate(liveliest_first):
        x, y = left + channel * step, top - channel * step
        axes.imshow(
            drawn, cmap="gray", vmin=float(drawn.min()), vmax=max(float(drawn.max()), float(drawn.min()) + 1e-6),
            extent=(x, x + width, y + height, y), zorder=20 - channel, interpolation="nearest",
        )  # fmt: skip
        corners = ([x, x + width, x + width, x, x], [y, y, y + height, y + height, y])
        axes.plot(*corners, color=PAPER if channels > 1 else SOFT, linewidth=1.6, zorder=20 - channel + 0.5)
    return left + width + (channels - 1) * step


def _draw_arrow(axes: Axes, left: float, station: Station) -> float:
    """The layer between two stations: an arrow, its name above, its parameters below. Returns the next left edge."""
    start, end = left + 2.2, left + 14.8
    axes.add_patch(
        FancyArrowPatch(
            (start, 14), (end, 14), arrowstyle="-|>", mutation_scale=22, linewidth=2.2, color=SOFT, zorder=60
        )
    )
    middle = (start + end) / 2
    box = {"boxstyle": "round,pad=0.25", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.85}
    axes.text(
        middle,
        11.4,
        station.layer,
        ha="center",
        va="bottom",
        fontsize=12,
        color=INK,
        zorder=61,
        bbox=box,
        linespacing=1.25,
    )
    count = f"{station.parameters:,}" if station.parameters else "none"
    axes.text(
        middle, 16.4, f"parameters:\n{count}", ha="center", va="top", fontsize=11, color=BLUE, zorder=61, bbox=box
    )
    return end + 2.2


def _draw_scores(axes: Axes, left: float, station: Station) -> float:
    """Ten bars around zero, the winner in colour. Returns the right edge."""
    scores = np.asarray(station.maps, dtype=float)
    winner = int(scores.argmax())
    largest = float(np.abs(scores).max()) or 1.0
    middle, step = left + 13, 3.3
    for number, score in enumerate(scores):
        y = 14 + (number - (len(scores) - 1) / 2) * step
        colour = VERMILION if number == winner else FAINT
        axes.barh(y, score / largest * 9, left=middle, height=2.3, color=colour, zorder=20)
        axes.text(
            left + 0.8, y, str(number), ha="center", va="center", fontsize=12, color=INK if number == winner else SOFT
        )
    axes.plot(
        [middle, middle], [14 - len(scores) * step / 2, 14 + len(scores) * step / 2], color=SOFT, linewidth=1, zorder=21
    )
    return left + 23
