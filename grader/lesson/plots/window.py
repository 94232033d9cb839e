"""A window slides over an input: which positions are there, and which ones a counted shape has too many or too few."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from grader.lesson.plots.base import BLUE, FAINT, INK, ORANGE, PAPER, SKY, SOFT, VERMILION, Picture, new_figure, styled

Pair = tuple[int, int]
_AXES = ("height", "width")


@dataclass(frozen=True)
class _Side:
    """One direction of the input: the numbers of a convolution, and where its windows can stand."""

    name: str
    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    counted: int

    @property
    def span(self) -> int:
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        return self.size + 2 * self.padding

    @property
    def starts(self) -> list[int]:
        """First padded pixel of each window that fits: as many as PyTorch's convolution has, not by the formula."""
        numbers, kernel = torch.zeros(1, 1, self.size), torch.zeros(1, 1, self.kernel)
        try:
            windows = F.conv1d(numbers, kernel, None, self.stride, self.padding, self.dilation).shape[-1]
        except RuntimeError:  # none fits
            windows = 0
        return [self.stride * place for place in range(windows)]

    @property
    def reach(self) -> int:
        """Where the last window ends, real or only counted, and at least the padded input."""
        return max(self.padded, (self.counted - 1) * self.stride + self.span)

    @property
    def verdict(self) -> str:
        real = len(self.starts)
        if self.counted == real:
            return f"{self.name}: {real} positions, as counted"
        if self.counted > real:
            return f"{self.name}: {real} positions, but {self.counted} counted: {_windows(self.counted - real)} not fit"
        return f"{self.name}: {real} positions, but {self.counted} counted: {real - self.counted} not counted"


def _windows(count: int) -> str:
    return "1 window does" if count == 1 else f"{count} windows do"


@styled
def sliding_window(
    input_size: Pair,
    kernel_size: Pair,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
    counted: Pair,
    *,
    name: str = "sliding-window",
) -> Picture:
    """Every position of a convolution's window along both sides of an input, and what a counted shape makes of them.

    Args:
        input_size, kernel_size, stride, padding, dilation: (height, width), as the layer has them.
        counted: (H', W'), the positions that `conv2d_output_shape` counts. Where the real ones are others, the picture
            shows the windows that do not fit, or were not counted.
    """
    sides = [
        _Side(*numbers)
        for numbers in zip(_AXES, input_size, kernel_size, stride, padding, dilation, counted, strict=True)
    ]
    agreed = all(side.counted == len(side.starts) for side in sides)
    title = "A window slides over the input" + ("" if agreed else ": counted and real positions differ")
    heights = [max(side.counted, len(side.starts)) + 3.2 for side in reversed(sides)]
    pixels_wide = sides[1].padded + max(side.reach for side in sides) + 3.4
    pixel = min(0.5, 15 / pixels_wide)  # inches
    figure = new_figure(
        pixel * pixels_wide + 0.8, max(pixel * (sides[0].padded + 2), pixel * sum(heights)) + 1.9, title
    )
    ratios = [sides[1].padded, pixels_wide - sides[1].padded]
    grid = figure.add_gridspec(2, 2, width_ratios=ratios, height_ratios=heights)
    plan, *strips = (figure.add_subplot(place) for place in (grid[:, 0], grid[0, 1], grid[1, 1]))
    _draw_plan(plan, *sides)
    reach = max(side.reach for side in sides)
    for axes, side in zip(strips, reversed(sides), strict=True):
        _draw_strip(axes, side, reach)
    alt = (
        f"A {kernel_size[0]} by {kernel_size[1]} window on an input of {input_size[0]} by {input_size[1]}, with stride "
        f"{stride}, padding {padding}, dilation {dilation}. "
        + " ".join(
            f"Along the {side.verdict}; windows start at padded pixels {_listed(side.starts)}." for side in sides
        )
    )
    return Picture(name, title, figure, alt)


def _listed(starts: list[int]) -> str:
    return ", ".join(map(str, starts)) if starts else "(none)"


def _draw_plan(axes: Axes, tall: _Side, wide: _Side) -> None:
    """The padded input from above, its first window, and a dot where each window starts."""
    for row in range(tall.padded):
        for column in range(wide.padded):
            inside = 0 <= row - tall.padding < tall.size and 0 <= column - wide.padding < wide.size
            _cell(axes, column, row, "#eef1f4" if inside else PAPER, SOFT if inside else FAINT, inside)
    if tall.starts and wide.starts:
        for row in range(tall.kernel):
            for column in range(wide.kernel):
                _cell(axes, column * wide.dilation, row * tall.dilation, SKY, BLUE, True)
        axes.add_patch(Rectangle((0, 0), wide.span, tall.span, fill=False, edgecolor=BLUE, linewidth=3))
    for row in tall.starts:
        for column in wide.starts:
            axes.plot(
                column + 0.5, row + 0.5, "o", color=BLUE, markersize=11, markeredgecolor=PAPER, markeredgewidth=1.5
            )
    fits = bool(tall.starts and wide.starts)
    rows = f"{len(tall.starts)} {'row' if len(tall.starts) == 1 else 'rows'} of {len(wide.starts)}"
    axes.set_title(
        f"the input, {tall.size} × {wide.size} pixels{', and its first window' * fits}\n"
        f"a dot where each window starts: {rows if fits else 'none fits'}",
        loc="left", fontsize=13,
    )  # fmt: skip
    _frame(axes, wide.padded, tall.padded)


def _draw_strip(axes: Axes, side: _Side, reach: int) -> None:
    """One row of padded pixels, and below it one bar for each position, real or only counted."""
    positions = max(side.counted, len(side.starts))
    for pixel in range(side.padded):
        inside = side.padding <= pixel < side.padding + side.size
        _cell(axes, pixel, 0, "#eef1f4" if inside else PAPER, SOFT if inside else FAINT, inside)
        axes.text(
            pixel + 0.5, 0.5, str(pixel - side.padding + 1) if inside else "0",
            color=INK if inside else SOFT, ha="center", va="center", fontsize=10,
        )  # fmt: skip
    for position in range(positions):
        start, top = position * side.stride, 1.35 + position
        real, counted = position < len(side.starts), position < side.counted
        colour, note = (
            (BLUE, "") if real and counted else (ORANGE, "not counted") if real else (VERMILION, "does not fit")
        )
        axes.add_patch(Rectangle((start, top + 0.36), side.span, 0.12, color=colour, linewidth=0, alpha=0.5))
        for pixel in range(side.kernel):
            place = (start + pixel * side.dilation + 0.06, top + 0.08)
            hatch = "" if real else "////"
            axes.add_patch(
                Rectangle(
                    place, 0.88, 0.68, facecolor=colour if real else PAPER, edgecolor=colour, hatch=hatch, linewidth=1.5
                )
            )
        axes.text(
            max(start + side.span, side.padded) + 0.3,
            top + 0.42,
            f"{position + 1} {note}".rstrip(),
            color=INK if colour == ORANGE else colour,
            va="center",
            fontsize=11,
            fontweight="bold",
        )
    axes.plot([side.padded, side.padded], [-0.15, 1.35 + positions], color=INK, linewidth=1.6, linestyle=(0, (4, 2)))
    _frame(axes, reach + 3.4, 1.5 + positions)
    axes.set_title(
        side.verdict,
        loc="left",
        fontsize=13,
        color=INK if side.counted == len(side.starts) else VERMILION,
        fontweight="bold",
    )
    axes.set_xlabel(
        f"{side.size} pixels + 2 · {side.padding} of padding; the window spans {side.span}, moves by {side.stride}",
        loc="left",
        fontsize=11,
    )


def _cell(axes: Axes, column: float, row: float, fill: str, edge: str, solid: bool) -> None:
    style = "-" if solid else (0, (2, 2))
    axes.add_patch(Rectangle((column, row), 1, 1, facecolor=fill, edgecolor=edge, linewidth=1, linestyle=style))


def _frame(axes: Axes, width: float, height: float) -> None:
    axes.set(xlim=(-0.2, width + 0.2), ylim=(height + 0.2, -0.2), aspect="equal", anchor="W")
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.tick_params(length=0)
