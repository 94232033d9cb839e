"""Hypothesis's strategies, made only when cases are.

    from grader.writing.strategies import st

Whoever finds the cases of a check in the casebook needs none of them, and does not import Hypothesis.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["made", "st"]


class Later:
    """A strategy that is not made yet, and what is to be made of it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @functools.cached_property
    def made(self) -> Any:
        """The strategy."""
        return made(self._make())

    def map(self, function: Callable[[Any], Any]) -> Later:
        """As Hypothesis's."""
        return Later(lambda: self.made.map(function))

    def filter(self, condition: Callable[[Any], Any]) -> Later:
        """As Hypothesis's."""
        return Later(lambda: self.made.filter(condition))

    def flatmap(self, function: Callable[[Any], Any]) -> Later:
        """As Hypothesis's."""
        return Later(lambda: self.made.flatmap(lambda value: made(function(value))))

    def __or__(self, other: Any) -> Later:
        return Later(lambda: self.made | made(other))


def made(value: Any) -> Any:
    """The value with every strategy in it made that was not yet."""
    if isinstance(value, Later):
        return value.made
    if type(value) in (list, tuple):
        return type(value)(map(made, value))
    if type(value) is dict:
        return {key: made(part) for key, part in value.items()}
    return value


class _Strategies:
    """Stands for `hypothesis.strategies`."""

    def __getattr__(self, name: str) -> Callable[..., Later]:
        def later(*args: Any, **kwargs: Any) -> Later:
            def make() -> Any:
                from hypothesis import strategies

                return getattr(strategies, name)(*made(args), **made(kwargs))

            return Later(make)

        return later

    @staticmethod
    def composite(function: Callable[..., Any]) -> Callable[..., Later]:
        """As Hypothesis's; what the function draws from may be made later, too."""

        @functools.cache
        def composed() -> Callable[..., Any]:
            from hypothesis import strategies

            return strategies.composite(_drawing(function))

        @functools.wraps(function)
        def later(*args: Any, **kwargs: Any) -> Later:
            return Later(lambda: composed()(*args, **kwargs))

        return later


def _drawing(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, drawing from what may be made later. Hypothesis tells functions apart by their code, so each has its own."""

    def drawn(draw: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return function(lambda strategy: draw(made(strategy)), *args, **kwargs)

    namespace: dict[str, Any] = {"drawn": drawn}
    name = f"{function.__module__}.{function.__qualname__}"
    exec(f"def drawing(draw, *args, **kwargs):\n    return (drawn(draw, *args, **kwargs), {name!r})[0]", namespace)
    return functools.wraps(function)(namespace["drawing"])


if TYPE_CHECKING:
    from hypothesis import strategies as st
else:
    st = _Strategies()
