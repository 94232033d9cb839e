"""An invented class, graded without a grader: for pages and gradebooks."""

from __future__ import annotations

import random
from collections.abc import Sequence

from grader.batch.intake.handed_in import Person
from grader.batch.results.gradebook import Entry
from grader.batch.results.records import GRADED, Cause, FoundCheck, FoundExercise, Record, Row
from grader.course import registry

CAUSE = Cause("a", "b", "c", 5)
NAMES = (
    "Anna [Lee]",
    "李雷",
    "שרה כהן",
    'O\'Neil, Pat "PJ"',
    "José",
    "<script>alert(1)</script>",
    "=SUM(A1:A9)",
    "007",
)


def record(name: str, shares: Sequence[float], *, status: str = GRADED, mistakes: Sequence[str | None] = ()) -> Record:
    """A record in which each exercise, in order, has such a share of its points."""
    found = []
    for place, exercise in enumerate(registry.EXERCISES):
        share = shares[place % len(shares)]
        mistake = mistakes[place % len(mistakes)] if mistakes else None
        told = "passed" if share == 1 else "partial" if share else "not_started" if mistake is None else "failed"
        check = FoundCheck(
            "lesson", "passed" if share else told, exercise.points * share, exercise.points * share, None
        )
        other = FoundCheck("general", "passed" if share == 1 else told, 0.0, exercise.points * (1 - share), mistake)
        if share < 1 and told != "not_started":
            other = FoundCheck("general", "failed", 0.0, exercise.points * (1 - share), mistake)
        found.append(
            FoundExercise(exercise.topic, exercise.name, told, exercise.points * share, exercise.points, (check, other))
        )
    score = None if status.startswith("the grader failed") else round(sum(e.score for e in found), 4)
    return Record(name, CAUSE, status, score, 100.0, 5, tuple(found))


def row(name: str, *, folder: str | None = None, people: Sequence[str] = (), late: bool = False) -> Row:
    """A line of the class list."""
    return Row(name, folder or name, tuple(Person(one) for one in people) or (Person(name),), name, late)


def entries(count: int) -> list[Entry]:
    """A class of that size, the same each time."""
    chance = random.Random(1)
    found: list[Entry] = []
    for number in range(count):
        name = NAMES[number] if number < len(NAMES) else f"Student {number:04}"
        shares = [chance.choice((0.0, 0.5, 1.0, 1.0)) for _ in registry.EXERCISES]
        mistakes = [chance.choice((None, None, "pads-one-side")) for _ in registry.EXERCISES]
        line = row(name, folder=f"folder {number} #?", late=number % 7 == 0)
        found.append((line, record(name, shares, mistakes=mistakes)))
    return found
