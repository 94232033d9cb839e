"""A picture with its words, and the look that all pictures share."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from grader.lesson.look import look
from grader.lesson.painting import DRAWN_BY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# M. Okabe and K. Ito, "Color Universal Design" (2008): told apart by colour-blind eyes, too.
BLUE, VERMILION, GREEN, ORANGE, SKY, PURPLE = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7"
INK, SOFT, FAINT, PAPER = "#22262b", "#6b7178", "#d8dbdf", "#ffffff"

# Zero is grey; what speaks against is blue, what speaks for is orange.
DIVERGING = LinearSegmentedColormap.from_list(
    "around-zero", ["#023858", BLUE, "#8fbbd6", "#cfcfcf", "#eeb07a", VERMILION, "#6e2a00"]
)

LARGEST_SIDE = 40.0  # inches of a picture; the kit's own have 16 at most
MOST_WORDS = 600  # characters of a card in a picture's place

STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 13,
    "axes.titlesize": 14,
    "axes.labelsize": 13,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "grid.color": FAINT,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "lines.linewidth": 2.4,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "image.interpolation": "nearest",
}


@dataclass(frozen=True)
class Picture:
    """A figure, its title, and a text that says in words and numbers what it shows.

    A notebook shows it where it is a cell's last value. `waits_for` is empty, or says what kept it from being drawn.
    """

    name: str  # kebab-case; also the file's name
    title: str
    figure: Figure
    alt: str
    waits_for: str = ""

    @cached_property
    def png(self) -> bytes:
        """The figure as a PNG file; the same numbers give the same bytes."""
        file = io.BytesIO()
        with look(STYLE), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # a student's text may hold any character
            self.figure.savefig(file, format="png", dpi=120, metadata={"Software": DRAWN_BY})
        return file.getvalue()

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        return self.png, {"alt": self.alt}


def styled(draw: Callable[..., Picture]) -> Callable[..., Picture]:
    """The drawing function, run with the kit's look, whatever the reader has set for matplotlib."""

    @wraps(draw)
    def with_style(*args: object, **kwargs: object) -> Picture:
        with look(STYLE):
            return draw(*args, **kwargs)

    return with_style


def new_figure(width: float, height: float, title: str, label: str = "") -> Figure:
    """An empty figure, sizes in inches. The label (where the data or the weights come from) stands below.

    Raises ValueError for a figure that nobody could look at; painting it may take more memory than there is.
    """
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise ValueError(
            f"To be drawn, this needs a picture of {width:.0f} by {height:.0f} inches: too large, or too flat."
        )
    figure = Figure(figsize=(width, height), layout="constrained")
    below_title = 1 - 0.58 / height
    layout: Any = figure.get_layout_engine()  # the constrained one, which takes these
    layout.set(w_pad=0.12, h_pad=0.1, rect=(0, 0, 1, below_title))
    figure.text(0.14 / width, 1 - 0.16 / height, title, fontsize=18, fontweight="bold", va="top")
    if label:
        figure.supxlabel(label, fontsize=11, color=SOFT, x=0.988, ha="right")
    return figure


def badge(figure: Figure, text: str) -> None:
    """A word of warning in the upper right corner."""
    figure.text(
        1 - 0.2 / figure.get_figwidth(), 1 - 0.2 / figure.get_figheight(), text,
        ha="right", va="top", fontsize=13, fontweight="bold", color=PAPER,
        bbox={"boxstyle": "round,pad=0.4", "facecolor": VERMILION, "edgecolor": "none"},
    )  # fmt: skip


def bare(axes: Axes) -> None:
    """Axes for an image: no ticks, a fine frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(visible=True, color=FAINT, linewidth=1)


def with_label(alt: str, label: str) -> str:
    """A picture's words, and where its data or weights come from."""
    return f"{alt} ({label[0].upper()}{label[1:]}.)" if label else alt


def size(shape: tuple[int, ...]) -> str:
    """(4, 28, 28) as "4 × 28 × 28"."""
    return " × ".join(str(number) for number in shape)


@styled
def not_drawn(name: str, title: str, why: str) -> Picture:
    """A card in place of a picture whose exercise is not done yet, or gave something that cannot be drawn."""
    why = "".join(character if character.isprintable() else " " for character in why[:MOST_WORDS])
    figure = new_figure(9, 2.4, title)
    axes = figure.add_subplot()
    axes.set_axis_off()
    text = textwrap.fill(why, 84)
    axes.text(0.01, 0.6, text, fontsize=14, color=SOFT, va="center", transform=axes.transAxes, parse_math=False)
    return Picture(name, title, figure, f"Not drawn: {why}", waits_for=why)
