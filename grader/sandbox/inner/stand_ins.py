"""What takes the place of a student's function in follow-through: a line to the grading process, which answers.

Nothing here says how a function works. One that takes plain values sends them and gets an answer back. One that works
on objects (a model, an optimizer, a dataset) is told from there, step by step, what to do with them.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

Exchange = Callable[[dict[str, Any]], dict[str, Any]]


def stand_in(name: str, takes: str, exchange: Exchange) -> Callable[..., Any]:
    """A function of that name, answered by `exchange`; `takes` is "values" or "objects"."""

    def elsewhere(*args: Any, **kwargs: Any) -> Any:
        objects = _Objects()
        if takes == "objects":
            args = tuple(map(objects.known, args))
            kwargs = {key: objects.known(value) for key, value in kwargs.items()}
        reply = exchange({"stand_in": name, "args": args, "kwargs": kwargs})
        while "do" in reply:
            try:
                done = objects.do(*reply["do"])
            except BaseException:
                exchange({"failed": name})
                raise
            reply = exchange({"done": done})
        if "refused" in reply:
            raise {"ValueError": ValueError, "TypeError": TypeError}.get(reply["kind"], ValueError)(reply["refused"])
        return reply["value"]

    elsewhere.__name__ = elsewhere.__qualname__ = name
    return elsewhere


class _Objects:
    """The objects that one call works on, by number: only their numbers cross."""

    def __init__(self) -> None:
        self.held: list[Any] = []

    def known(self, value: Any) -> Any:
        """A plain number or text as it is, anything else as {"object": its number}."""
        if value is None or isinstance(value, bool | int | float | str):
            return value
        self.held.append(value)
        return {"object": len(self.held) - 1}

    def do(self, what: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Calls a function of Python's or PyTorch's, or a method of the first argument, or reads an attribute of it."""
        given = [self.meant(value) for value in args]
        named = {key: self.meant(value) for key, value in kwargs.items()}
        if what == "function":
            place: Any = {"torch": torch, "builtins": builtins}[name.partition(".")[0]]
            for part in name.split(".")[1:]:
                place = getattr(place, part)
            return self.known(place(*given, **named))
        found = getattr(given[0], name)
        value = found(*given[1:], **named) if what == "method" else found
        return self.known(value.item() if isinstance(value, np.generic) else value)

    def meant(self, value: Any) -> Any:
        """The object that {"object": number} stands for."""
        return self.held[value["object"]] if isinstance(value, dict) else value
