"""Exceptions in plain English: what a student meets often gets a sentence that says what it means here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeGuard

from grader.explaining.known_cases import CASES
from grader.explaining.known_errors import KNOWN

MOST_SOURCE = 80  # characters of a line of code
# A call that no line of the student's made: the exercise itself was called as its stub says.
_CALLED_OTHERWISE = re.compile(
    r"\(\) (?:got an unexpected keyword argument|missing \d+ required|takes [^\n]{1,40}positional argument)"
)
_MUST_STAY = "An exercise's own parameters and their defaults must stay as they are."


def explain_error(details: dict[str, Any]) -> str:
    """A sentence or two for an exception that the student's code raised."""
    _, function, line = details["frames"][-1] if details["frames"] else (0, "", "")
    for case in CASES:
        if (found := case.found(details["types"], details["text"], line, function)) is not None:
            return case.means.format(*found)
    known = known_error(details["text"])
    if known is not None:
        means = KNOWN[known.place][1]
        said = _singular(means.format(*known.found) if isinstance(means, str) else means(*known.found))
        return said if details["frames"] or not _CALLED_OTHERWISE.search(details["text"]) else f"{said} {_MUST_STAY}"
    if "ValueError" in details["types"] and raised_by_hand(details):
        return "Your code refuses this call, which must be answered."
    return f"Your code raised {details['type']}."


def raised_by_hand(details: dict[str, Any]) -> bool:
    """Whether the last line that ran is a `raise` of the student's; PyTorch raises the same exceptions, too."""
    return details["innermost"] and bool(details["frames"]) and details["frames"][-1][2].startswith("raise ")


def where_raised(details: dict[str, Any], function_name: str = "") -> str:
    """The line of the student's file that raised an exception, and where the exercise's function called it from."""
    frames = [frame for frame in details["frames"] if is_line(frame[0])]
    if not frames:
        return ""
    line, function, source = frames[-1]
    shown = source.replace("`", "'").strip()
    shown = shown if len(shown) <= MOST_SOURCE else f"{shown[:MOST_SOURCE]} …"
    callers = [frame[0] for frame in frames[:-1] if frame[1] == function_name != function]
    where = f"Raised in line {line}"
    if callers:
        where += f" (`{function}`, called in line {callers[-1]})"
    return f"{where}: `{shown}`." if shown else f"{where}."


def is_line(line: Any) -> bool:
    """Whether it can be the number of a line; it comes from a student's process and may be anything."""
    return isinstance(line, int) and 0 < line < 10_000_000


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
    said = f": {said}" if said else ""
    if details["suggestion"]:
        said += f". {details['suggestion']}"
    whole: str = where + details["type"] + said + _more_of_import(details)
    return whole


def _more_of_import(details: dict[str, Any]) -> str:
    """What else is to be said of an exception during the import: what it means, on a line of its own."""
    means = explain_error(details)
    return "" if means.startswith("Your code ") else f"\n{means}"


def _has_place(syntax: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a described syntax error says where in the student's own file it is."""
    if not isinstance(syntax, dict) or syntax.get("own") is not True:
        return False
    return is_line(syntax.get("line"))


def line_of_import(details: dict[str, Any]) -> int | None:
    """The line that an import failed at."""
    syntax = details.get("syntax")
    if _has_place(syntax):
        line: int = syntax["line"]
        return line
    return details.get("line")
