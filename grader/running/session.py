"""A grading session: nurseries that were born before anything of the course was loaded, and what grades with them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader import neutral
from grader.course import registry
from grader.course.paths import hidden_folders
from grader.files.cache import cache_folder
from grader.running.sharing import available_cores, outcomes_of, shares_of
from grader.sandbox.outer import scratch
from grader.system import can_fork

if TYPE_CHECKING:
    from grader.report.model import Report
    from grader.sandbox.outer.nursery import Nursery


class MissingProtection(Exception):
    """A protection that was demanded is not to be had; the text says which and why."""


@dataclass
class Session:
    """Nurseries that are ready for workers: one for each process that will grade."""

    nurseries: list[Nursery]

    @classmethod
    def start(cls, *, processes: int | None = None) -> Session:
        """Takes the nurseries that were born before this process was told anything, or starts new ones."""
        for name in neutral.THREADS:
            os.environ.setdefault(name, "1")
        from grader.sandbox.outer.nursery import Nursery

        scratch.place()
        # Without forks all is graded in this process, which one nursery serves.
        count = (processes or min(2, available_cores())) if can_fork() else 1
        nurseries = [Nursery.ready() for _ in range(count)]
        for born in nurseries:
            born.hidden = (*hidden_folders(), cache_folder())  # the casebook holds right answers
        from grader.sandbox.inner import warming

        warming.warm()
        return cls(nurseries)

    def missing_protections(self) -> dict[str, str]:
        """The protections that a worker on this machine lacks, with the reasons. Raises SandboxError."""
        from grader.sandbox.outer.worker import Worker

        worker = Worker.start(self.nurseries[0], {})
        worker.close()
        return worker.missing

    def require_protections(self) -> None:
        """Raises MissingProtection unless every protection holds."""
        missing = self.missing_protections()
        if missing:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in missing.items())
            raise MissingProtection(f"This machine lacks a protection that was demanded. {reasons}.")

    def close(self) -> None:
        """Ends the nurseries and every worker."""
        for started in self.nurseries:
            started.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def grade(
        self,
        sources: dict[str, bytes],
        *,
        exercises: Sequence[registry.Exercise],
        seed: int,
        examples: int | None = None,
        progress: Callable[[str], None] = lambda name: None,
        note: Callable[[str], None] = lambda text: None,
        **options: Any,
    ) -> Report:
        """Grades one submission, its topics shared out among the nurseries. Options are those of `run.grade`.

        `progress` is told which exercise is begun, `note` what was wrong with the casebook on disk.
        """
        from grader.running import run
        from grader.running.casebook import Casebook
        from grader.running.shelf import Shelf
        from grader.writing.check import EXAMPLES

        began = time.monotonic()
        shares = shares_of(exercises, len(self.nurseries))

        def one_share(index: int, tell: Callable[[str, Any], None]) -> Report:
            shelf = Shelf.of_user()
            casebook = Casebook(seed, examples or EXAMPLES, shelf)
            wanted = [exercise for exercise in exercises if exercise.topic in shares[index]]
            report = run.grade(
                sources,
                nursery=self.nurseries[index],
                casebook=casebook,
                exercises=wanted,
                progress=lambda name: tell("progress", name),
                **options,
            )
            casebook.save()
            for text in shelf.notes if shelf else ():
                tell("note", text)
            return report

        outcomes = outcomes_of(one_share, len(shares), {"progress": progress, "note": note})
        reports = [
            without_share(shares[index], exercises, found, seed=seed, **options) if isinstance(found, str) else found
            for index, found in sorted(outcomes.items())
        ]
        return _merged(reports, exercises, time.monotonic() - began)


def without_share(
    topics: Sequence[str],
    exercises: Sequence[registry.Exercise],
    text: str,
    *,
    seed: int,
    name: str,
    notes: Sequence[str] = (),
    **options: Any,
) -> Report:
    """The report of a share whose process failed: nothing of it could be checked."""
    from grader import __version__
    from grader.report.model import Fault, Report
    from grader.running import verdicts
    from grader.sandbox.confine import PROTECTIONS

    wanted = [exercise for exercise in exercises if exercise.topic in topics]
    return Report(
        kit_version=__version__,
        submission=name,
        seed=seed,
        duration_seconds=0.0,
        protections=PROTECTIONS,
        exercises=tuple(verdicts.not_checked(wanted)),
        notes=tuple(notes),
        faults=(Fault(", ".join(topics), text[-4000:]),),
    )


def _merged(reports: Sequence[Report], exercises: Sequence[registry.Exercise], seconds: float) -> Report:
    results = {result.name: result for report in reports for result in report.exercises}
    first = reports[0]
    return replace(
        first,
        duration_seconds=round(seconds, 3),
        protections=tuple(p for p in first.protections if all(p in report.protections for report in reports)),
        exercises=tuple(results[exercise.name] for exercise in exercises),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        faults=tuple(fault for report in reports for fault in report.faults),
    )
