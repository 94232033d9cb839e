"""Functions that do no work: whatever exercise they stand for, they must earn nothing."""

from __future__ import annotations

import inspect
import numbers
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from grader.audit import local
from grader.course import registry
from grader.running.casebook import Case, Casebook
from grader.running.judging import run_case
from grader.running.limits import Patience
from grader.running.loading import checks_of
from grader.running.reference import fresh_reference
from grader.writing.ask import Ask
from grader.writing.check import Check

Body = Callable[[dict[str, Any]], Any]  # what a function does with its arguments, by name


def _refuses(arguments: dict[str, Any]) -> None:
    """Refuses, and names every argument with its value."""
    raise ValueError(", ".join(f"{name}={_short(value)}" for name, value in arguments.items()))


def _short(value: Any) -> str:
    if isinstance(value, torch.Tensor | np.ndarray):
        return str(tuple(value.shape))
    return f"{value}, {type(value).__name__}, 0, 1, 2, Conv2d, Linear, MaxPool2d"


def _small_numbers_refused(then: Body) -> Body:
    def body(arguments: dict[str, Any]) -> Any:
        if any(_below_one(value) for value in list(arguments.values())[1:]):
            _refuses(arguments)
        return then(arguments)

    return body


def _below_one(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(map(_below_one, value))
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and value < 1


def _first(arguments: dict[str, Any]) -> Any:
    return next(iter(arguments.values()))


def _zeros_like_the_first(arguments: dict[str, Any]) -> Any:
    first = _first(arguments)
    if isinstance(first, np.ndarray):
        return np.zeros_like(first)
    return torch.zeros_like(first) if isinstance(first, torch.Tensor) else 0


def _refuses_what_is_empty(arguments: dict[str, Any]) -> Any:
    data = arguments.get("data", (0,))
    if not len(data):
        _refuses(arguments)
    return 1.0


BODIES: dict[str, Body] = {
    "returns None": lambda arguments: None,
    "returns 0": lambda arguments: 0,
    "returns 1.0": lambda arguments: 1.0,
    "returns True": lambda arguments: True,
    "returns ()": lambda arguments: (),
    "returns []": lambda arguments: [],
    "returns (1, 1)": lambda arguments: (1, 1),
    "returns (1, 1, 1, 1)": lambda arguments: (1, 1, 1, 1),
    "returns a zero tensor": lambda arguments: torch.zeros(1, requires_grad=True),
    "returns a zero array": lambda arguments: np.zeros((1, 1)),
    "returns its first argument": _first,
    "returns zeros like its first argument": _zeros_like_the_first,
    "refuses everything": _refuses,
    "refuses numbers below 1, else returns None": _small_numbers_refused(lambda arguments: None),
    "refuses numbers below 1, else returns (1, 1)": _small_numbers_refused(lambda arguments: (1, 1)),
    "refuses numbers below 1, else returns its first argument": _small_numbers_refused(_first),
    "refuses numbers below 1, else returns zeros like its first argument": _small_numbers_refused(
        _zeros_like_the_first
    ),
    "refuses what is empty, else returns 1.0": _refuses_what_is_empty,
}


def module_with(exercise: registry.Exercise, body: Body) -> types.ModuleType:
    """The reference's module with such a function in the place of one exercise's."""
    module = fresh_reference(exercise.topic)
    holder = getattr(module, exercise.class_name) if exercise.class_name else module
    signature = inspect.signature(getattr(holder, exercise.function))

    def function(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        bound.arguments.pop("self", None)
        return body(dict(bound.arguments))

    setattr(holder, exercise.function, function)
    return module


def earned(exercise: registry.Exercise, seed: int = 0) -> dict[str, list[str]]:
    """The checks that functions without work pass, by what they do; nothing where all is well."""
    found: dict[str, list[str]] = {}
    book = local.casebook(seed)
    for name, body in BODIES.items():
        ask = local.ask_module(module_with(exercise, body), exercise.topic)
        for check in checks_of(exercise.topic)[exercise.name]:
            if all(_passes(check, ask, case, book) for case in book.cases(check)):
                found.setdefault(name, []).append(check.name)
    return found


def _passes(check: Check, ask: Ask, case: Case, book: Casebook) -> bool:
    ask.transcript.clear()
    return run_case(check, ask, case.arguments, Patience(), case.position, book.memory) is None
