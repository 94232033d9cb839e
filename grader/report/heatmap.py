"""Heat maps of the HTML view: small arrays as tables whose cells have a number to read and a level to colour."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

LEVELS = 8  # a cell's level is 0..LEVELS; the style sheet has a colour for each
_SIDE = 12  # no table has more rows or columns than this
_SAME = 1e-4  # numbers that differ by less than this part of the largest are drawn as equal


@dataclass(frozen=True)
class Cell:
    text: str
    level: int | None  # None: not a finite number
    differs: bool = False


@dataclass(frozen=True)
class Grid:
    """One table: its title, the numbers of its rows and columns, its cells by rows."""

    title: str
    columns: tuple[int, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    diverging: bool = False  # coloured around zero


@dataclass(frozen=True)
class HeatMap:
    grids: tuple[Grid, ...]
    index: tuple[int, ...]  # of the first difference in the whole array


def is_worth_drawing(picture: dict[str, Any]) -> bool:
    """Whether there is more to see than a single number on either side, which the report has said already."""
    return len(list(_values(rows(picture.get("expected")), rows(picture.get("got"))))) > 2


def heat_map(picture: dict[str, Any]) -> HeatMap:
    """The tables of what was expected, what came, and (where they are of one size) the difference.

    `picture` holds "expected" and "got", nested lists of numbers of two dimensions (or one), "index", where in the
    whole array the first difference is, and, where the lists are a crop, its "origin": the (row, column) of its first
    number.
    """
    expected, got = rows(picture.get("expected")), rows(picture.get("got"))
    origin = (*_whole_numbers(picture.get("origin")), 0, 0)[:2]
    finite = [value for value in _values(expected, got) if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    same_size = [len(row) for row in expected] == [len(row) for row in got]
    margin = _SAME * max(abs(low), abs(high))
    differs = [
        [same_size and not close(value, other, margin) for value, other in zip(row, other_row, strict=False)]
        for row, other_row in zip(expected, got, strict=False)
    ]

    span = high / 2 - low / 2  # halves, because high - low may be more than a float can hold

    def level(value: float) -> int:
        return _level((value / 2 - low / 2) / span) if span > 0 else 0

    grids = [_grid("Expected", expected, differs, level, origin), _grid("Got", got, differs, level, origin)]
    if same_size:
        gaps = [[b - a for a, b in zip(row, other, strict=True)] for row, other in zip(expected, got, strict=True)]
        largest = max((abs(gap) for gap in _values(gaps) if math.isfinite(gap)), default=0.0)

        def gap_level(gap: float) -> int:
            return _level((1 + gap / largest) / 2) if largest else LEVELS // 2

        grids.append(_grid("Got minus expected", gaps, differs, gap_level, origin, diverging=True))
    return HeatMap(tuple(grids), _whole_numbers(picture.get("index")))


def rows(values: Any) -> list[list[float]]:
    """A small table of numbers: what is no number, or no table, is NaN or left out."""
    if not isinstance(values, list | tuple):
        return []
    table = values if any(isinstance(row, list | tuple) for row in values) else [values]
    return [[_float(value) for value in row[:_SIDE]] for row in table[:_SIDE] if isinstance(row, list | tuple)]


def close(value: float, other: float, margin: float) -> bool:
    """Whether two numbers are equal but for the margin; NaN equals NaN."""
    both_nan = math.isnan(value) and math.isnan(other)
    return both_nan or value == other or abs(value - other) <= margin


def _level(share: float) -> int:
    """The level of a number between the lowest (0) and the highest (1)."""
    return round(LEVELS * min(max(share, 0.0), 1.0))


def _whole_numbers(values: Any) -> tuple[int, ...]:
    found = map(_float, values) if isinstance(values, list | tuple) else ()
    return tuple(int(number) for number in found if math.isfinite(number))


def _grid(
    title: str,
    values: list[list[float]],
    differs: list[list[bool]],
    level: Callable[[float], int],
    origin: tuple[int, ...],
    *,
    diverging: bool = False,
) -> Grid:
    lines = []
    for position, row in enumerate(values):
        marks = differs[position] if position < len(differs) else []
        cells = tuple(
            Cell(_number(value), level(value) if math.isfinite(value) else None, column < len(marks) and marks[column])
            for column, value in enumerate(row)
        )
        lines.append((origin[0] + position, cells))
    width = max(map(len, values), default=0)
    return Grid(title, tuple(range(origin[1], origin[1] + width)), tuple(lines), diverging)


def _float(value: Any) -> float:
    try:
        return float(value) if isinstance(value, numbers.Real) else math.nan
    except OverflowError:  # a whole number that no float can hold
        return math.inf if value > 0 else -math.inf


def _values(*tables: list[list[float]]) -> Iterable[float]:
    return (value for table in tables for row in table for value in row)


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "\u2212")
