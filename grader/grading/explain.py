"""Exceptions in plain English: what a student meets often gets a sentence that says what it means here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grader.grading.known_errors import KNOWN


def explain_error(details: dict[str, Any]) -> str:
    """A sentence or two for an exception that the student's code raised."""
    known = known_error(details["text"])
    if known is not None:
        return _singular(KNOWN[known.place][1].format(*known.found))
    where = f" in line {details['line']}" if details.get("line") else ""
    return f"Your code raised {details['type']}{where}."


def _singular(sentence: str) -> str:
    """The sentence with "1 number" for "1 numbers" and the like."""
    sentence = re.sub(r"\b1 (number|value|name|channel|image|argument)s\b", r"1 \1", sentence)
    return sentence.replace(" 1 entries", " 1 entry").replace(" 1 axes", " 1 axis")


@dataclass(frozen=True)
class KnownError:
    """One of the known errors: its place in the list, what its pattern found, and where in the text it begins."""

    place: int
    found: tuple[str, ...]
    start: int


def known_error(said: str) -> KnownError | None:
    """Which of the known errors a text is of; None for any other."""
    for place, (pattern, _) in enumerate(KNOWN):
        if match := re.search(pattern, said, re.DOTALL):
            return KnownError(place, tuple(group or "" for group in match.groups()), match.start())
    return None


def explain_import(details: dict[str, Any], topic: str) -> str:
    """A message for a module that raised while it was imported: a syntax error with its line and a caret."""
    syntax = details.get("syntax")
    if _has_place(syntax):
        text = str(syntax.get("text") or "").rstrip("\n")
        stripped = text.lstrip()
        column = syntax.get("column")
        column = column if isinstance(column, int) and 0 < column <= len(text) + 1 else 1
        caret = " " * max(column - 1 - (len(text) - len(stripped)), 0) + "^"
        message = str(syntax.get("message", details["text"]))
        return f"exercises/{topic}.py, line {syntax['line']}: {details['type']}: {message}\n    {stripped}\n    {caret}"
    line = details.get("line")
    where = f"exercises/{topic}.py, line {line}: " if line else f"exercises/{topic}.py could not be imported: "
    said = details["text"].strip()
    return where + details["type"] + (f": {said}" if said else "")


def _has_place(syntax: Any) -> bool:
    """Whether a described syntax error says where in the student's own file it is."""
    if not isinstance(syntax, dict) or syntax.get("own") is not True:
        return False
    line = syntax.get("line")
    return isinstance(line, int) and 0 < line < 10_000_000


def line_of_import(details: dict[str, Any]) -> int | None:
    """The line that an import failed at."""
    syntax = details.get("syntax")
    if _has_place(syntax):
        return syntax["line"]
    return details.get("line")
