"""Who has handed something in, and what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.submissions import Submission


@dataclass(frozen=True)
class Person:
    """A student as a platform knows them."""

    name: str = ""  # as the platform writes it; "" where it does not
    ids: tuple[tuple[str, str], ...] = ()  # (kind, value): "email", "sid", "canvas", ...; text, leading zeros kept


@dataclass(frozen=True)
class HandedIn:
    """What one student, or one group, has handed in: the latest attempt, whole."""

    name: str  # unique in the class; the row's name in the gradebook
    people: tuple[Person, ...]  # one; several for a group; never empty
    source: str  # where it lies, for people to read: "submissions.zip: annalee_123_456_shapes.py ..."
    read: Callable[[], Submission]  # raises SubmissionError with the reason; opens what it needs and closes it again
    late: bool = False
    notes: tuple[str, ...] = ()  # "the latest of 3 attempts", what was renamed
