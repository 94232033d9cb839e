"""How a known mistake is recorded, and how it is put in the place of the right function."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from grader.course import registry
from grader.writing.difference import Difference

Function = TypeVar("Function", bound=Callable[..., Any])
Wrong = Callable[..., Any] | Difference  # a wrong function: all of it, or how it differs from the reference's


@dataclass(frozen=True)
class Mistake:
    """A wrong function, the sentence that names its mistake and the question that leads on."""

    exercise: str
    identifier: str
    says: str
    asks: str
    wrong: Wrong
    module: str = ""  # in which it is recorded

    @property
    def topic(self) -> str:
        return registry.exercise(self.exercise).topic


_RECORDED: dict[str, list[Mistake]] = {}


def mistake(exercise: str, identifier: str, *, says: str, asks: str) -> Callable[[Function], Function]:
    """Records the decorated function as a known mistake of an exercise."""

    def record(function: Function) -> Function:
        _record(Mistake(exercise, identifier, says, asks, function, function.__module__))
        return function

    return record


def differs(
    exercise: str, identifier: str, *, says: str, asks: str, instead_of: Mapping[str, str], also_in: str | None = None
) -> None:
    """Records, as a known mistake of an exercise, the reference's function with some of its text replaced.

    `instead_of` has what stands there, in one place alone, and what stands there instead: "" leaves it out. Where it stands
    in a function that the exercise's calls, `also_in` names that. What is written may use what the reference's module has.
    """
    functions = (exercise,) if also_in is None else (exercise, also_in)
    module = sys._getframe(1).f_globals["__name__"]
    _record(Mistake(exercise, identifier, says, asks, Difference(functions, instead_of), module))


def _record(found: Mistake) -> None:
    _RECORDED.setdefault(found.exercise, []).append(found)


def recorded(exercise: str) -> tuple[Mistake, ...]:
    """The known mistakes of an exercise, of the modules that have been imported."""
    return tuple(_RECORDED.get(exercise, ()))


def all_recorded() -> dict[str, list[Mistake]]:
    """All of them by exercise, also those of names that are no exercise's."""
    return _RECORDED


def put_into(function: Callable[..., Any], namespace: dict[str, Any], exercise: str) -> None:
    """Puts a copy of the function into a module's namespace, under the exercise's name.

    The copy sees the module's names first, and those of its own file where the module has none.
    """
    entry = registry.exercise(exercise)
    merged = _Merged(function.__globals__, namespace)
    copy = types.FunctionType(function.__code__, merged, entry.function, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    if entry.class_name:
        setattr(namespace[entry.class_name], entry.function, copy)
    else:
        namespace[entry.function] = copy


def _Merged(own: dict[str, Any], module: dict[str, Any]) -> dict[str, Any]:
    return {**own, **module}
