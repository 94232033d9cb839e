"""What came back is of another kind than what was wanted: a sentence where one thing leads there, or leads on."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from grader.sandbox.wire import Opaque

_FUNCTIONS = ("function", "method", "builtin_function_or_method", "method-wrapper")


def leads_on(expected: Any, got: Any) -> str:
    """What may be said of a value of the wrong kind besides naming the two kinds; empty where it is nothing."""
    if got is None:
        return "Does every way through your function end in a `return`?"
    if isinstance(got, Opaque):
        return _of_opaque(got)
    if isinstance(expected, torch.Tensor):
        if _values_and_places(got):
            return "It is a pair of values and their places, as `max(dim)` gives it: take the `.values`, or use `amax`."
        return "`torch.from_numpy` makes a tensor of it." if isinstance(got, np.ndarray) else ""
    if isinstance(got, torch.Tensor):
        return _of_tensor(expected, got)
    if _is_int(expected) and isinstance(got, float | np.floating):
        return "`/` gives a float; `//` divides and rounds down."
    return "`tuple(...)` makes one of it." if isinstance(expected, tuple) and isinstance(got, list) else ""


def _of_opaque(got: Opaque) -> str:
    if got.type_name in _FUNCTIONS:
        return "It is a function itself, not what it gives: are its parentheses missing?"
    if got.type_name == "generator":
        return "It is still to be run through: `tuple(...)` or `list(...)` does that."
    layer = getattr(nn, got.type_name, None)
    if isinstance(layer, type) and issubclass(layer, nn.Module):
        return "It is the layer itself: a layer is made, then called, as in `nn.ReLU()(x)`."
    return ""


def _of_tensor(expected: Any, got: torch.Tensor) -> str:
    if isinstance(expected, np.ndarray):
        return "`numpy()` makes an array of it."
    if isinstance(expected, int | float) and got.numel() == 1:
        return "`item()` makes a Python number of it."
    return ""


def _values_and_places(got: Any) -> bool:
    """Whether it is what `max` gives along an axis: the largest numbers, and where they are."""
    if not isinstance(got, tuple) or len(got) != 2 or not all(isinstance(part, torch.Tensor) for part in got):
        return False
    values, places = got
    return bool(places.dtype == torch.int64 and values.shape == places.shape)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
