"""What is kept of each submission of a class, as data: enough for the gradebook, the page and the next run."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import msgspec

from grader.batch.intake.handed_in import HandedIn, Person
from grader.batch.results.similar import fingerprints
from grader.report.model import Report
from grader.submissions import Submission, SubmissionError

GRADED = "graded"


class Row(msgspec.Struct, frozen=True):
    """One line of the class list: a student or a group, and the folder of their report."""

    name: str
    folder: str
    people: tuple[Person, ...] = ()
    source: str = ""
    late: bool = False
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, handed_in: HandedIn, folder: str) -> Row:
        return cls(handed_in.name, folder, handed_in.people, handed_in.source, handed_in.late, handed_in.notes)

    def handed_in(self) -> HandedIn:
        """What was handed in, as far as a class list knows it: it cannot be read again."""

        def gone() -> Submission:
            raise SubmissionError(f"{self.source} is not at hand here")

        return HandedIn(self.name, self.people, self.source, gone, self.late, self.notes)

    def members(self) -> list[str]:
        """Whom the row is about: each member of a group, or the one student."""
        if len(self.people) < 2:
            return [self.name]
        return [person.name or next((value for _, value in person.ids), self.name) for person in self.people]


class Cause(msgspec.Struct, frozen=True):
    """All that a result depends on: where one of these differs, the work is graded again."""

    submission: str  # digest of what was handed in
    kit: str
    settings: str
    seed: int
    pictures: bool = False

    def why(self, before: Cause) -> str:
        """Why a result that had another cause is not kept, in a word or two; empty where the causes are the same."""
        if self.submission != before.submission:
            return "another submission"
        if self.kit != before.kit:
            return "another version of the kit"
        if self.settings != before.settings:
            return "other settings"
        if self.seed != before.seed:
            return "another seed"
        return "" if self == before else "other pictures"


class FoundCheck(msgspec.Struct, frozen=True, array_like=True):
    """What a check found."""

    name: str
    status: str
    score: float
    max_score: float
    misconception: str | None


class FoundExercise(msgspec.Struct, frozen=True, array_like=True):
    """What came of an exercise."""

    topic: str
    name: str
    status: str
    score: float
    max_score: float
    checks: tuple[FoundCheck, ...]


class Replaced(msgspec.Struct, frozen=True):
    """What a result has taken the place of."""

    score: float | None
    why: str


class Record(msgspec.Struct, frozen=True):
    """What came of a submission."""

    name: str
    cause: Cause
    status: str  # GRADED, or the reason why there was nothing to grade, or that the grader failed
    score: float | None  # None where the grader failed
    max_score: float
    seed: int
    exercises: tuple[FoundExercise, ...]
    notes: tuple[str, ...] = ()
    modules: dict[str, bytes] = {}  # what was handed in, by topic; packed
    marks: dict[str, tuple[int, ...]] = {}  # what tells the modules from others, by topic
    run: int = 0  # the run that found it
    replaced: Replaced | None = None

    @property
    def sources(self) -> dict[str, bytes]:
        """What was handed in, by topic."""
        return {topic: zlib.decompress(data) for topic, data in self.modules.items()}

    def totals(self) -> dict[str, float]:
        """The points by topic."""
        found: dict[str, float] = {}
        for exercise in self.exercises:
            found[exercise.topic] = found.get(exercise.topic, 0.0) + exercise.score
        return found


def recorded(
    name: str, cause: Cause, report: Report, *, status: str, sources: Mapping[str, bytes] | None = None
) -> Record:
    """The record of a report. Where the grader failed in it, there is no score."""
    failed = bool(report.faults)
    return Record(
        name=name,
        cause=cause,
        status=f"the grader failed: {report.faults[0].where}" if failed else status,
        score=None if failed else report.score,
        max_score=report.max_score,
        seed=report.seed,
        exercises=tuple(
            FoundExercise(
                exercise.topic, exercise.name, exercise.status, exercise.score, exercise.max_score,
                tuple(FoundCheck(c.name, c.status, c.score, c.max_score, c.mistake or c.misconception) for c in exercise.checks),
            )
            for exercise in report.exercises
        ),
        notes=report.notes,
        modules={topic: zlib.compress(source) for topic, source in (sources or {}).items()},
        marks={topic: tuple(fingerprints(source, topic)) for topic, source in (sources or {}).items()},
    )  # fmt: skip
