"""Pictures of training: learning curves, and transfer against pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullFormatter, NullLocator, PercentFormatter

from grader.lesson.plots.base import BLUE, VERMILION, Picture, badge, new_figure, styled, with_label

LARGEST = 1e9  # what can be drawn


@styled
def learning_curve(history: Any, title: str, *, name: str = "learning-curve", label: str = "") -> Picture:
    """The loss of each batch, and the accuracy on both sets after each iteration.

    Args:
        history: the `History` of a training, or a dict with the same four lists.
    """
    iters, losses, train_acc, val_acc = (_list(history, key) for key in ("iters", "losses", "train_acc", "val_acc"))
    if not iters or not len(iters) == len(losses) == len(train_acc) == len(val_acc):
        lengths = ", ".join(str(len(values)) for values in (iters, losses, train_acc, val_acc))
        raise ValueError(f"a history needs four lists of one length, and one entry at least; their lengths: {lengths}")
    if not all(abs(number) < LARGEST for number in (*iters, *losses, *train_acc, *val_acc)):
        raise ValueError(f"a history needs numbers between -{LARGEST:g} and {LARGEST:g} to be drawn")
    figure = new_figure(12, 4.8, title, label)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.15])
    left.plot(iters, losses, color=BLUE)
    left.set(xlabel="iteration", ylabel="loss of the batch", ylim=(0, max(losses) * 1.06))
    right.plot(iters, train_acc, color=BLUE)
    right.plot(iters, val_acc, color=VERMILION, linestyle=(0, (5, 1.5)))
    right.set(xlabel="iteration", ylabel="accuracy", ylim=(0, 1.02))
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ends = [
        (train_acc[-1], f"training {train_acc[-1]:.1%}", BLUE),
        (val_acc[-1], f"validation {val_acc[-1]:.1%}", VERMILION),
    ]
    _name_lines(right, iters[-1], ends)
    for axes in (left, right):
        axes.grid(axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_xlim(iters[0], max(iters[-1], iters[0] + 1))
    best = max(range(len(val_acc)), key=val_acc.__getitem__)
    alt = (
        f"{title}: over {len(iters)} iterations the loss goes from {losses[0]:.2f} to {losses[-1]:.2f}. "
        f"In the end {train_acc[-1]:.1%} of the training images and {val_acc[-1]:.1%} of the validation images are "
        f"right; the best validation accuracy is {val_acc[best]:.1%}, at iteration {iters[best]}."
    )
    return Picture(name, title, figure, with_label(alt, label))


@styled
def transfer_curves(
    counts: Sequence[int],
    transfer: Sequence[float],
    pixels: Sequence[float],
    *,
    num_validation: int,
    label: str = "",
    weights_label: str = "",
) -> Picture:
    """Accuracy of two linear classifiers against the number of training images: on features, and on pixels.

    Args:
        label, weights_label: what has to be said of the digits, and of AlexNet's weights ("untrained weights").
    """
    title = "Transfer: one classifier, on features and on pixels"
    figure = new_figure(10.5, 5.4, title, label)
    axes = figure.add_subplot()
    axes.plot(counts, transfer, color=VERMILION, marker="o", markersize=8)
    axes.plot(counts, pixels, color=BLUE, marker="s", markersize=7, linestyle=(0, (5, 1.5)))
    axes.set_xscale("log", base=2)
    axes.set_xticks(counts, [str(count) for count in counts])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set(xlabel="training images", ylabel=f"accuracy on {num_validation} others", ylim=(0, 1.02))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="y")
    ends = [(transfer[-1], f"features {transfer[-1]:.1%}", VERMILION), (pixels[-1], f"pixels {pixels[-1]:.1%}", BLUE)]
    _name_lines(axes, counts[-1], ends)
    if weights_label:
        badge(figure, weights_label)
    pairs = "; ".join(f"{n} images: {a:.1%} and {b:.1%}" for n, a, b in zip(counts, transfer, pixels, strict=True))
    alt = (
        "Validation accuracy of a linear classifier on AlexNet's features and on pixels, by number of training images. "
        f"{pairs}."
    )
    return Picture("transfer", title, figure, with_label(alt, ", ".join(filter(None, (weights_label, label)))))


def _list(history: Any, key: str) -> list[float]:
    values = history[key] if isinstance(history, Mapping) else getattr(history, key)
    return [float(value) if key != "iters" else int(value) for value in values]


def _name_lines(axes: Axes, end: float, lines: list[tuple[float, str, str]]) -> None:
    """Writes each line's name and last value beside its end, moved apart where they would touch."""
    lines = sorted(lines)
    heights = [value for value, _, _ in lines]
    least = 0.075
    for above in range(1, len(heights)):
        overlap = least - (heights[above] - heights[above - 1])
        if overlap > 0:
            heights[above] += overlap / 2
            heights[above - 1] -= overlap / 2
    too_high = max(0.0, heights[-1] - 1.0)
    for height, (_, text, colour) in zip(heights, lines, strict=True):
        axes.annotate(
            text, (end, height - too_high), xytext=(9, 0), textcoords="offset points",
            color=colour, fontweight="bold", va="center", annotation_clip=False,
        )  # fmt: skip
