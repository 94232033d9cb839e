"""A wrong function as its difference from the right one: what some of the reference's text is replaced with."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


class DoesNotFit(ValueError):
    """The reference does not have, once, what a difference is to replace; or what comes of it is no Python."""


@dataclass(frozen=True, eq=False)
class Difference:
    """What in some functions of the reference reads otherwise, docstrings aside.

    Text of several lines is written as if its first line had no indentation.
    """

    functions: tuple[str, ...]  # their names in the reference, such as "MLP.forward"
    instead_of: Mapping[str, str]  # what stands there, in one place, and what stands in its place

    def written_into(self, reference: str) -> str:
        """The text of the reference with this difference. Raises DoesNotFit, with a sentence."""
        bodies = [_body(reference, name) for name in self.functions]
        places = sorted(self._place(reference, bodies, right) for right in self.instead_of)
        pieces, done = [], 0
        for start, end, right in places:
            if start < done:
                raise DoesNotFit(f"{right!r} overlaps with what else it replaces")
            pieces += [reference[done:start], _indented(self.instead_of[right], reference, start)]
            done = end
        return "".join([*pieces, reference[done:]])

    def _place(self, reference: str, bodies: list[tuple[int, int]], right: str) -> tuple[int, int, str]:
        """Where the text begins and ends, and the text."""
        found = [place for body in bodies for place in _places(reference, body, right)]
        if len(found) != 1:
            where = " and ".join(self.functions)
            raise DoesNotFit(f"{right!r} must stand once in {where}, and stands there {len(found)} times")
        return (*found[0], right)


@functools.cache
def _body(reference: str, name: str) -> tuple[int, int]:
    """Where what a function does, behind its docstring, begins and ends in the text."""
    within, first, last = ast.parse(reference).body, 0, 0
    for part in name.split("."):
        named = [n for n in within if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == part]
        if not named:
            raise DoesNotFit(f"there is no {name}")
        found, within = named[-1], named[-1].body
        behind = within[0].end_lineno if ast.get_docstring(found) is not None else within[0].lineno - 1
        first, last = behind or 0, found.end_lineno or 0
    lines = reference.split("\n")
    return len("\n".join(lines[:first])), len("\n".join(lines[:last]))


def _places(reference: str, body: tuple[int, int], text: str) -> Iterator[tuple[int, int]]:
    """Where a text stands in a body, its later lines as far to the right as the line in which it begins."""
    first, start = text.partition("\n")[0], body[0]
    while (start := reference.find(first, start, body[1])) >= 0:
        whole = _indented(text, reference, start)
        if reference.startswith(whole, start, body[1]):
            yield start, start + len(whole)
        start += 1


def _indented(text: str, reference: str, start: int) -> str:
    """The text with the indentation of the line in which it is to begin."""
    line = reference[reference.rfind("\n", 0, start) + 1 :]
    return text.replace("\n", "\n" + line[: len(line) - len(line.lstrip(" "))])
