"""What one student, or one group, has handed in, and who they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.submissions import Submission


@dataclass(frozen=True)
class Person:
    """A student as a platform knows them.

    `name` is as the platform writes it, "" where it does not; `ids` are pairs of a kind ("email", "sid", "username",
    "login", "canvas", "moodle", "gradescope", "brightspace" ...) and a value, which is text: leading zeros are kept.
    """

    name: str = ""
    ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class HandedIn:
    """What one student, or one group, has handed in: the latest attempt, whole.

    `name` is unique in the class; `people` is never empty; `source` says where the work lies, for people to read. `read`
    opens what it needs and closes it again, as often as it is called; it raises SubmissionError with the reason.
    """

    name: str
    people: tuple[Person, ...]
    source: str
    read: Callable[[], Submission]
    late: bool = False
    notes: tuple[str, ...] = ()
