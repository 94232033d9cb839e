"""Finds an exercise in a student's source without parsing it: hostile sources can bring a parser down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from grader.course.registry import Exercise

FROM_NOTEBOOK = "# coding: utf-8 (taken from a notebook)"  # the first line of a module that was
_IN_NOTEBOOK = re.compile(r"#@ (?P<cell>.{1,200}, cell \d{1,6}, line )(?P<line>\d{1,8})")


def line_of(text: str, exercise: Exercise) -> int | None:
    """The line of the exercise's function or method, from 1; None where it is not found."""
    start = 0
    if exercise.class_name:
        found = re.search(rf"^class {re.escape(exercise.class_name)}\b", text, re.MULTILINE)
        if found is None:
            return None
        start = found.start()
    indent = r"[ \t]+" if exercise.class_name else ""
    found = re.compile(rf"^{indent}(?:async )?def {re.escape(exercise.function)}\b", re.MULTILINE).search(text, start)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def place(text: str, topic: str, line: int | None) -> str:
    """Where a line of a topic's module stands, for a student to find: in the module, or in a notebook's cell."""
    if line and text.startswith(FROM_NOTEBOOK):
        for distance, above in enumerate(reversed(text.split("\n")[:line])):
            found = _IN_NOTEBOOK.fullmatch(above)
            if found:
                return f"{found['cell']}{int(found['line']) + max(0, distance - 1)}"
    return f"exercises/{topic}.py" + (f":{line}" if line else "")


def mentions(text: str, exercise: Exercise) -> bool:
    """Whether a module's text has the exercise's function, however it is made there: by `def`, `lambda` or an import."""
    names = (exercise.class_name or exercise.function, exercise.function)
    return all(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def held(sources: Mapping[str, bytes], exercises: Iterable[Exercise]) -> list[Exercise]:
    """The exercises that modules, by topic, mention: a sample need not hold each."""
    return [e for e in exercises if e.topic in sources and mentions(sources[e.topic].decode(), e)]


def imports(text: bytes, package: str) -> bool:
    """Whether a line of the source looks like an import of the package."""
    return (
        re.search(rb"^[ \t]*(?:import|from)[ \t]+" + re.escape(package.encode()) + rb"\b", text, re.MULTILINE)
        is not None
    )
