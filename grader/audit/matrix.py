"""The kill matrix: which case of which check catches which wrong answer.

A case that catches nothing that others do not catch, too, can go; a wrong answer that a single case catches hangs on it.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.audit import local, shares
from grader.audit.patience import OutOfTime, at_most
from grader.course import registry
from grader.course.parsed import extent, functions_by_name
from grader.course.paths import solutions_folder
from grader.running.diagnosis import with_function
from grader.running.judging import run_case
from grader.running.limits import Patience
from grader.running.loading import checks_of
from grader.running.reference import reference_text
from grader.running.subjects import module_namespace

SECONDS = 20  # of one wrong answer: who takes longer is caught by every case that was not reached
HEAD = ("exercise", "kind", "wrong answer", "check", "caught by", "of", "cases")


@dataclass(frozen=True)
class Row:
    """A wrong answer, and by check the places of the cases that catch it."""

    exercise: str
    kind: str  # "slip" (a known mistake or a wrong answer of the tests) or "mutant"
    identifier: str
    caught: dict[str, tuple[int, ...]]


def row(exercise: registry.Exercise, kind: str, identifier: str, make: Callable[[], Any]) -> Row:
    """Tries a module, which is made by a function, on every case of an exercise, each for itself."""
    caught: dict[str, list[int]] = {}
    # What hangs, or does not even load, nobody takes for right.
    with contextlib.suppress(OutOfTime, Exception), at_most(SECONDS):
        _try_all(exercise, make(), caught)
    return Row(exercise.name, kind, identifier, {check: tuple(places) for check, places in caught.items()})


def _try_all(exercise: registry.Exercise, module: Any, caught: dict[str, list[int]]) -> None:
    ask, book = local.ask_module(module, exercise.topic), local.casebook()
    for check in checks_of(exercise.topic)[exercise.name]:
        for place, case in enumerate(book.cases(check)):
            if run_case(check, ask, case.arguments, Patience(), case.position, book.memory) is not None:
                caught.setdefault(check.name, []).append(place)
            ask.transcript.clear()


def slip_row(place: int) -> Row:
    """The row of one of `shares.slips()`."""
    slip = shares.slips()[place]
    exercise = registry.exercise(slip.exercise)
    return row(exercise, "slip", slip.identifier, lambda: with_function(exercise, slip.wrong))


def mutant_row(mutant: tuple[str, str, str, str]) -> Row:
    """The row of a mutant: its exercise, its topic, its key and its text."""
    name, topic, key, text = mutant
    file = str(solutions_folder() / f"{topic}.py")
    return row(registry.exercise(name), "mutant", key, lambda: module_namespace(text, f"mutant_{topic}", file))


def holders(topic: str, line: int) -> list[str]:
    """The exercises that a line of a topic's solution may matter to: the one that it is part of, or for helpers all."""
    functions = functions_by_name(ast.parse(reference_text(topic)))
    names = [exercise.name for exercise in registry.topic(topic).exercises]
    lines = {name: extent(functions[name]) for name in names if name in functions}
    inside = [name for name, place in lines.items() if place.start < line <= place.stop]
    return inside or names


def as_csv(rows: Sequence[Row]) -> str:
    """The matrix as a table: a line for each wrong answer and check that catches it, and one for each case at the end.

    The last lines say, by check and case, how many wrong answers it catches and how many it alone.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEAD)
    counts = {(c.exercise, c.name): len(local.casebook().cases(c)) for c in _checks(rows)}
    for found in rows:
        for check, places in found.caught.items():
            total = counts[found.exercise, check]
            cells = (
                found.exercise,
                found.kind,
                found.identifier,
                check,
                len(places),
                total,
                " ".join(map(str, places)),
            )
            writer.writerow(cells)
        if not found.caught:
            writer.writerow((found.exercise, found.kind, found.identifier, "", 0, "", ""))
    writer.writerow([])
    writer.writerow(("exercise", "", "", "check", "case", "catches", "alone"))
    catches, alone = tallies(rows)
    for (exercise, check), total in counts.items():
        for place in range(total):
            key = (exercise, check, place)
            writer.writerow((exercise, "", "", check, place, catches[key], alone[key]))
    return file.getvalue()


def tallies(rows: Sequence[Row]) -> tuple[Counter[tuple[str, str, int]], Counter[tuple[str, str, int]]]:
    """By exercise, check and case: how many wrong answers it catches, and how many of them no other case does."""
    catches: Counter[tuple[str, str, int]] = Counter()
    alone: Counter[tuple[str, str, int]] = Counter()
    for found in rows:
        keys = [(found.exercise, check, place) for check, places in found.caught.items() for place in places]
        catches.update(keys)
        if len(keys) == 1:
            alone.update(keys)
    return catches, alone


def _checks(rows: Sequence[Row]) -> list[Any]:
    names = dict.fromkeys(found.exercise for found in rows)
    return [check for name in names for check in checks_of(registry.exercise(name).topic)[name]]
