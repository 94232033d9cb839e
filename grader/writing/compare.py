"""Compares an answer with what was expected, and says how they differ in a student's words."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from grader.sandbox.wire import Opaque, Record
from grader.writing import as_python, kinds

CROP = 3


@dataclass(frozen=True)
class Difference:
    """How two values differ: both as text, a sentence, and, for arrays, a small crop of both for a picture."""

    expected: str
    got: str
    message: str
    picture: dict[str, Any] | None = None


@dataclass(frozen=True)
class Tolerance:
    """How far apart two numbers may be: |got - expected| <= absolute + relative * |expected|."""

    relative: float = 1e-4
    absolute: float = 1e-5


USUAL = Tolerance()


def difference(expected: Any, got: Any, tolerance: Tolerance = USUAL, *, dtype: bool = True) -> Difference | None:
    """How `got` differs from `expected`, or None. `dtype` says whether an array's dtype counts too."""
    if (kind := type(expected)) is type(got) and (kind is int or kind is float):  # the commonest first
        same = expected == got if kind is int else close(expected, got, tolerance)
        return None if same else _plain(expected, got)
    if isinstance(expected, torch.Tensor):
        return _tensors(expected, got, tolerance, dtype)
    if isinstance(expected, np.ndarray):
        return _arrays(expected, got, tolerance, dtype)
    if isinstance(expected, tuple | list):
        return _sequences(expected, got, tolerance, dtype)
    if isinstance(expected, dict):
        return _dicts(expected, got, tolerance, dtype)
    if isinstance(expected, Record):
        if not isinstance(got, Record):
            return wrong_kind(expected, got)
        return _dicts(expected.fields, got.fields, tolerance, dtype)
    if isinstance(expected, Opaque):  # in place of what cannot be compared; its kind is all that is known of it
        same = isinstance(got, Opaque) and got.type_name == expected.type_name
        return None if same else wrong_kind(expected, got)
    if expected is None or isinstance(expected, bool | np.bool_ | str):
        same = type(got) in (type(expected), bool, np.bool_) and got == expected
        return None if same else _plain(expected, got)
    if isinstance(expected, int):
        if not is_whole(got):
            return wrong_kind(expected, got)
        return None if int(got) == expected else _plain(expected, got)
    if isinstance(expected, complex | np.complexfloating):
        if not isinstance(got, complex | np.complexfloating):
            return wrong_kind(expected, got)
        same = close(expected.real, got.real, tolerance) and close(expected.imag, got.imag, tolerance)
        return None if same else _plain(expected, got)
    if not is_number(got):
        return wrong_kind(expected, got)
    return None if close(expected, got, tolerance) else _plain(expected, got)


def is_whole(value: Any) -> bool:
    """An int of Python or NumPy; not a bool, not a float that happens to be whole."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """A real number of Python or NumPy; not a bool and not a tensor."""
    return isinstance(value, numbers.Real | np.floating | np.integer) and not isinstance(value, bool | np.bool_)


def close(expected: float | np.floating, got: float | np.floating, tolerance: Tolerance) -> bool:
    """Whether two numbers are equal within the tolerance."""
    try:
        expected, got = float(expected), float(got)
    except OverflowError:  # a whole number too large to be anywhere near
        return False
    if not math.isfinite(expected) or not math.isfinite(got):
        return expected == got or (math.isnan(expected) and math.isnan(got))
    return abs(got - expected) <= tolerance.absolute + tolerance.relative * abs(expected)


def wrong_kind(expected: Any, got: Any) -> Difference:
    """The difference between two values of different kinds."""
    message = f"This must be {as_python.kind(expected)}, and yours is {as_python.kind(got)}. {kinds.leads_on(expected, got)}".strip()
    said = "" if isinstance(got, Opaque | Record) else f"  ({as_python.kind(got)})"
    return Difference(as_python.shown(expected), f"{as_python.shown(got)}{said}", message)


def _plain(expected: Any, got: Any) -> Difference:
    return Difference(as_python.shown(expected), as_python.shown(got), "")


def _tensors(expected: torch.Tensor, got: Any, tolerance: Tolerance, dtype: bool) -> Difference | None:
    if not isinstance(got, torch.Tensor):
        return wrong_kind(expected, got)
    if dtype and got.dtype != expected.dtype:
        return _dtypes(expected, got)
    if got.is_complex() != expected.is_complex():
        return _dtypes(expected, got)
    if got.shape != expected.shape:
        return _shapes(expected, got)
    wide = torch.complex128 if expected.is_complex() else torch.float64
    return _numbers(expected, got, expected.detach().to(wide).numpy(), got.detach().to(wide).numpy(), tolerance)


def _arrays(expected: np.ndarray, got: Any, tolerance: Tolerance, dtype: bool) -> Difference | None:
    if not isinstance(got, np.ndarray):
        return wrong_kind(expected, got)
    if np.iscomplexobj(got) != np.iscomplexobj(expected) or (dtype and got.dtype != expected.dtype):
        return _dtypes(expected, got)
    if got.shape != expected.shape:
        return _shapes(expected, got)
    wide = np.complex128 if np.iscomplexobj(expected) else np.float64
    return _numbers(expected, got, expected.astype(wide), got.astype(wide), tolerance)


def _dtypes(expected: Any, got: Any) -> Difference:
    return Difference(as_python.summary(expected), as_python.summary(got), "The dtypes differ.")


def _shapes(expected: Any, got: Any) -> Difference:
    return Difference(as_python.summary(expected), as_python.summary(got), "The shapes differ.")


def _numbers(expected: Any, got: Any, right: np.ndarray, mine: np.ndarray, tolerance: Tolerance) -> Difference | None:
    """Compares two arrays of wide numbers, of one shape; `expected` and `got` are what they were before, for the text."""
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(mine - right) <= tolerance.absolute + tolerance.relative * np.abs(right)
    near |= (mine == right) | (np.isnan(mine) & np.isnan(right))
    if near.all():
        return None
    index = tuple(int(i) for i in np.unravel_index(int(near.argmin()), near.shape))
    count = near.size - int(np.count_nonzero(near))
    few = as_python.has_few(right)
    place = f"[{', '.join(map(str, index))}]"
    if right.size == 1:
        message = "The number differs."
    elif count == 1:
        message = f"1 of {right.size} numbers differs, the one at {place}."
    else:
        message = f"{count} of {right.size} numbers differ, the first at {place}."
    article = "an" if isinstance(expected, np.ndarray) else "a"
    return Difference(
        as_python.shown(expected)
        if few
        else f"{as_python.number(right[index])} at {place} of {article} {as_python.summary(expected)}",
        as_python.shown(got) if few else f"{as_python.number(mine[index])} at {place}",
        message,
        _crops(right, mine, index, whole=few),
    )


def _crops(right: np.ndarray, mine: np.ndarray, index: tuple[int, ...], *, whole: bool) -> dict[str, Any] | None:
    """The three by three numbers around the first difference, of both arrays; `whole`: the text has them all."""
    if right.ndim == 0 or np.iscomplexobj(right):
        return None
    rows = right.shape[-2] if right.ndim > 1 else 1
    top = min(max((index[-2] if right.ndim > 1 else 0) - 1, 0), max(rows - CROP, 0))
    left = min(max(index[-1] - 1, 0), max(right.shape[-1] - CROP, 0))

    def crop(array: np.ndarray) -> list[list[float]]:
        plane = array[index[:-2]] if right.ndim > 1 else array.reshape(1, -1)
        rows: list[list[float]] = plane[top : top + CROP, left : left + CROP].tolist()
        return rows

    return {"expected": crop(right), "got": crop(mine), "index": index, "origin": (top, left), "whole": whole}


def _sequences(expected: Any, got: Any, tolerance: Tolerance, dtype: bool) -> Difference | None:
    right_kind = tuple if isinstance(expected, tuple) else list
    if not isinstance(got, right_kind):
        return wrong_kind(expected, got)
    if len(expected) != len(got):
        message = f"This must have {_count(len(expected), 'entry', 'entries')}, and yours has {len(got)}."
        return Difference(as_python.shown(expected), as_python.shown(got), message)
    for place, (right, mine) in enumerate(zip(expected, got, strict=True)):
        if (found := difference(right, mine, tolerance, dtype=dtype)) is not None:
            if isinstance(right, torch.Tensor | np.ndarray):
                return found
            nested = isinstance(right, tuple | list) and found.message.startswith("Entry ")
            message = found.message if nested else f"Entry {place} differs. {found.message}".strip()
            return Difference(as_python.shown(expected), as_python.shown(got), message, found.picture)
    return None


def _dicts(expected: dict[str, Any], got: Any, tolerance: Tolerance, dtype: bool) -> Difference | None:
    if not isinstance(got, dict):
        return wrong_kind(expected, got)
    if expected.keys() != got.keys():
        return Difference(as_python.shown(list(expected)), as_python.shown(list(got)), "The names differ.")
    for name, right in expected.items():
        if (found := difference(right, got[name], tolerance, dtype=dtype)) is not None:
            return Difference(found.expected, found.got, f"{name}: {found.message}".strip(), found.picture)
    return None


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
