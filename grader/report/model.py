"""The Report: what a grading run found, as plain data that every view is drawn from.

The JSON form (`Report.as_dict`) is fixed by its schema version. Fields marked "views only" are for people who read a
page or a terminal and stay out of the JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

SCHEMA_VERSION = 1

CheckStatus = Literal["passed", "failed", "error", "timeout", "crashed", "not_started", "forbidden", "skipped"]
ExerciseStatus = Literal["passed", "partial", "failed", "not_started"]


@dataclass(frozen=True)
class Counterexample:
    """The smallest call found that shows what is wrong; all three are text that a student can read and paste."""

    call: str
    expected: str
    got: str
    judge: str = ""  # views only: where the expected answer comes from, such as "what nn.Conv2d gives"


@dataclass(frozen=True)
class CheckResult:
    """What one check found. `score` and `max_score` are points."""

    name: str
    status: CheckStatus
    score: float
    max_score: float
    message: str = ""
    counterexample: Counterexample | None = None
    misconception: str | None = None
    hint: str | None = None
    picture: dict[str, Any] | None = None  # views only: small arrays behind a counterexample, for a heat map
    printed: str = ""  # views only: what the student's code printed in the call of the counterexample
    mistake: str | None = None  # no view: the known mistake, for the class's overview, also where nobody else is told
    seconds: float = field(default=0.0, compare=False)  # views only: how long it took by the wall clock


@dataclass(frozen=True)
class ExerciseResult:
    """The checks of one exercise, in order."""

    topic: str
    name: str
    checks: tuple[CheckResult, ...]
    location: str = ""  # views only: "exercises/shapes.py:41"
    output: str = ""  # views only: all that the student's code printed
    unread: str = ""  # views only: the file that could not be loaded, so that nothing in it was graded
    note: str = ""  # views only: which exercise to mend first, where this one was graded with a right one in its place
    is_here: bool = False  # views only: it is read where its function was defined, so that no call needs to import it

    @property
    def module(self) -> str:
        """The topic whose module a call to paste imports the function from; empty where it needs none."""
        return "" if self.is_here else self.topic

    @property
    def score(self) -> float:
        return tidy(sum(check.score for check in self.checks))

    @property
    def max_score(self) -> float:
        return tidy(sum(check.max_score for check in self.checks))

    @property
    def waits(self) -> bool:
        """Whether it could not be judged, since another exercise is to be mended first; its note says which."""
        return bool(self.note) and any(check.status == "skipped" for check in self.checks)

    @property
    def status(self) -> ExerciseStatus:
        statuses = {check.status for check in self.checks}
        if statuses <= {"passed", "skipped"} and not self.waits:
            return "passed"
        if statuses <= {"not_started", "skipped"} and not self.waits:
            return "not_started"
        return "partial" if self.score > 0 else "failed"

    @property
    def worst_check(self) -> CheckResult | None:
        """The first check that is not right, or None."""
        return next((check for check in self.checks if check.status not in ("passed", "skipped")), None)


@dataclass(frozen=True)
class Fault:
    """A fault of the grader: where it happened and what, for the course; a student is told only that it happened."""

    where: str
    text: str


@dataclass(frozen=True)
class Report:
    """One submission, graded."""

    kit_version: str
    submission: str
    seed: int
    duration_seconds: float
    protections: tuple[str, ...]
    exercises: tuple[ExerciseResult, ...]
    notes: tuple[str, ...] = field(default=())  # views only: problems with the submission, missing protections
    faults: tuple[Fault, ...] = field(default=())  # views only: what of it could not be checked, and why

    @property
    def score(self) -> float:
        return tidy(sum(check.score for exercise in self.exercises for check in exercise.checks))

    @property
    def max_score(self) -> float:
        return tidy(sum(check.max_score for exercise in self.exercises for check in exercise.checks))

    @property
    def first_open(self) -> ExerciseResult | None:
        """The exercise to look at next: the first that is begun but not right, else the first that is not started."""
        begun = (e for e in self.exercises if e.status in ("partial", "failed"))
        waiting = (e for e in self.exercises if e.status == "not_started")
        return next(begun, None) or next(waiting, None)

    def as_dict(self) -> dict[str, Any]:
        """The report as report.json holds it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "kit_version": self.kit_version,
            "submission": self.submission,
            "seed": self.seed,
            "duration_seconds": self.duration_seconds,
            "protections": list(self.protections),
            "score": self.score,
            "max_score": self.max_score,
            "exercises": [_exercise_dict(exercise) for exercise in self.exercises],
        }


def tidy(points: float) -> float:
    """Points without the dust of floating-point sums: 0.1 + 0.2 is 0.3."""
    return round(float(points), 4)


def _exercise_dict(exercise: ExerciseResult) -> dict[str, Any]:
    return {
        "topic": exercise.topic,
        "name": exercise.name,
        "status": exercise.status,
        "score": exercise.score,
        "max_score": exercise.max_score,
        "checks": [_check_dict(check) for check in exercise.checks],
    }


def _check_dict(check: CheckResult) -> dict[str, Any]:
    shown = check.counterexample
    return {
        "name": check.name,
        "status": check.status,
        "score": tidy(check.score),
        "max_score": tidy(check.max_score),
        "message": check.message,
        "counterexample": None if shown is None else {"call": shown.call, "expected": shown.expected, "got": shown.got},
        "misconception": check.misconception,
        "hint": check.hint,
    }
