"""Grades what a class has handed in, with several processes; each result is kept the moment it is there.

The processes are forked from the session's and take one submission after the other. One that dies, or in which the
grader fails, costs its submission a second try in a new one, and nobody else anything.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import selectors
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from grader.batch.handed_in import HandedIn
from grader.batch.records import GRADED, Cause, Record, Replaced, Row, recorded
from grader.batch.store import Store
from grader.course import registry
from grader.exits import UsageProblem
from grader.report import json_view
from grader.report.views import view
from grader.running import run
from grader.running.casebook import Casebook
from grader.running.kit import kit_digest, points_digest
from grader.running.loading import checks_of
from grader.running.session import without_share
from grader.running.sharing import Helper, ShareFailed
from grader.running.shelf import Shelf
from grader.submissions import Submission, SubmissionError
from grader.writing.check import EXAMPLES
from grader.writing.failures import ReferenceFails

if TYPE_CHECKING:
    from grader.sandbox.outer.nursery import Nursery

TRIES = 2
MOST_GRADED = 200  # by one process: what it remembers of them goes with it
SILENT_SECONDS = 3600.0  # of the wall clock, in which one submission is graded on any machine

Draw = Callable[["Nursery", Submission], Sequence[Any]]


@dataclass(frozen=True)
class Plan:
    """What holds for every submission of a run."""

    store: Store
    seed: int
    run: int
    force: bool = False
    draw: Draw | None = None  # the pictures of a report, where they are wanted


@dataclass(frozen=True)
class Finished:
    """A submission that is done with, and whether its result was kept from an earlier run."""

    row: Row
    record: Record
    kept: bool = False


def grade_class(work: Sequence[tuple[Row, HandedIn]], plan: Plan, nursery: Nursery, *, jobs: int) -> Iterator[Finished]:
    """Grades the work of a class, `jobs` submissions at a time, and yields each as it is done, in any order.

    `nursery` has no workers: each process has a copy of it. Raises UsageProblem where nothing can be written any more.
    """
    book = prepared(plan.seed)
    waiting = deque((number, 1) for number in range(len(work)))
    running: set[_Job] = set()
    born = 0
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                if born >= jobs:  # it takes the place of one, which has kept what it has learnt
                    book = prepared(plan.seed)
                running.add(_Job(work, plan, book, nursery))
                born += 1
            for job in running:
                if job.task is None and waiting:
                    job.begin(waiting.popleft())
            for job in [job for job in running if job.task is None]:
                running.remove(job)
                job.close()
            for job in _speaking(running) if running else ():
                number, tries = job.task or (0, TRIES)
                row, _ = work[number]
                found = job.result()
                if isinstance(found, Finished):
                    if found.record.score is not None or tries >= TRIES:
                        yield found
                        job.task = None
                        if job.graded < MOST_GRADED:
                            continue
                    else:
                        waiting.append((number, tries + 1))
                elif tries < TRIES:
                    waiting.append((number, tries + 1))
                else:
                    yield _failed(row, found, plan)
                running.remove(job)
                job.close()
    finally:
        for job in running:
            job.close()


def prepared(seed: int) -> Casebook:
    """The casebook of a seed, worked out or taken from the shelf before any process is forked."""
    book = Casebook(seed, EXAMPLES, Shelf.of_user())
    for topic in registry.TOPICS:
        for checks in checks_of(topic.name).values():
            for check in checks:
                with contextlib.suppress(ReferenceFails):  # told with each submission
                    book.cases(check)
    book.save()
    return book


def _speaking(jobs: set[_Job]) -> list[_Job]:
    """The processes that have something to say, or have been silent for too long; waits for one."""
    with selectors.DefaultSelector() as selector:
        for job in jobs:
            selector.register(job.helper.read_end, selectors.EVENT_READ, job)
        left = min(job.until for job in jobs) - time.monotonic()
        found = [key.data for key, _ in selector.select(max(0.0, left))]
    return found or [job for job in jobs if job.until <= time.monotonic()]


class _Job:
    """A process that grades one submission after the other."""

    def __init__(self, work: Sequence[tuple[Row, HandedIn]], plan: Plan, book: Casebook, nursery: Nursery) -> None:
        self.task: tuple[int, int] | None = None  # which submission it is at, and which try that is
        self.graded = 0
        self.until = 0.0
        self.nursery = nursery.another()
        self.nursery.hidden = nursery.hidden
        tasks, self._tasks = os.pipe()

        def one_after_the_other(_: int, tell: Callable[[str, Any], None]) -> None:
            os.close(self._tasks)
            while told := os.read(tasks, 4):
                row, handed_in = work[int.from_bytes(told, "big")]
                try:
                    tell("done", grade_one(row, handed_in, plan, self.nursery, book))
                except UsageProblem as problem:
                    tell("stop", str(problem))
                book.save()

        self.helper = Helper(one_after_the_other, 0)
        os.close(tasks)

    def begin(self, task: tuple[int, int]) -> None:
        """Has it grade a submission."""
        self.task = task
        self.graded += 1
        self.until = time.monotonic() + SILENT_SECONDS
        with contextlib.suppress(BrokenPipeError):  # it is dead, which its other pipe says
            os.write(self._tasks, task[0].to_bytes(4, "big"))

    def result(self) -> Finished | str:
        """What came of its submission; or what is known of it where nothing came. Raises UsageProblem."""
        if self.until <= time.monotonic():
            return "the grading did not come to an end"
        try:
            kind, value = self.helper.receive()
        except ShareFailed as failed:
            return str(failed)
        if kind == "stop":
            raise UsageProblem(value)
        return value if isinstance(value, Finished) else str(value)

    def close(self) -> None:
        """Ends it."""
        os.close(self._tasks)
        self.helper.close()
        self.nursery.close()


def grade_one(row: Row, handed_in: HandedIn, plan: Plan, nursery: Nursery, book: Casebook) -> Finished:
    """Grades one submission and keeps what came of it, unless that is kept already. Raises UsageProblem."""
    before = plan.store.record(row)
    submission: Submission | None = None
    try:
        submission = handed_in.read()
        cause, status = _cause(plan, submission.digest()), GRADED
    except SubmissionError as error:
        status = str(error)
        cause = _cause(plan, hashlib.sha256(status.encode("utf-8", "backslashreplace")).hexdigest())
    if before is not None and before.cause == cause and before.score is not None and not plan.force:
        return Finished(row, before, kept=True)
    sources = {topic: module.source for topic, module in submission.modules.items()} if submission else {}
    report = run.grade(
        sources,
        name=row.name,
        nursery=nursery,
        casebook=book,
        problems=_problems(submission, status),
        notes=(*row.notes, *_general(submission)),
    )
    record = recorded(row.name, cause, report, status=status, sources=sources)
    record = msgspec.structs.replace(record, run=plan.run, replaced=_replaced(before, record, plan))
    pictures = plan.draw(nursery, submission) if plan.draw and submission else ()
    plan.store.keep(row, record, _views(report, pictures))
    return Finished(row, record)


def _cause(plan: Plan, digest: str) -> Cause:
    return Cause(digest, kit_digest(), points_digest(), plan.seed, plan.draw is not None)


def _problems(submission: Submission | None, status: str) -> dict[str, str]:
    """Why a topic's module could not be read, by topic."""
    if submission is None:
        return {topic.name: f"Nothing of this submission could be read: {status}." for topic in registry.TOPICS}
    return {problem.topic: problem.text for problem in submission.problems if problem.topic}


def _general(submission: Submission | None) -> tuple[str, ...]:
    return tuple(problem.text for problem in submission.problems if not problem.topic) if submission else ()


def _replaced(before: Record | None, record: Record, plan: Plan) -> Replaced | None:
    """What a new record takes the place of; in a run that was broken off and goes on, what there was before that run."""
    if before is None:
        return None
    if before.run == plan.run:
        return before.replaced
    why = record.cause.why(before.cause)
    if not why or (why == "other pictures" and plan.force):
        why = "the grader had failed" if before.score is None else "graded again with --force"
    return Replaced(before.score, why)


def _views(report: Any, pictures: Sequence[Any]) -> Mapping[str, str]:
    return {"report.json": json_view.compact(report), "report.html": view("html").render(report, pictures)}


def _failed(row: Row, text: str, plan: Plan) -> Finished:
    """The result of a submission whose grading failed as a whole: an empty score, and tried again by the next run."""
    topics = [topic.name for topic in registry.TOPICS]
    report = without_share(topics, registry.EXERCISES, text, seed=plan.seed, name=row.name, notes=row.notes)
    record = recorded(row.name, _cause(plan, ""), report, status=GRADED)
    last = text.strip().splitlines()
    record = msgspec.structs.replace(
        record, status=f"the grader failed: {last[-1] if last else 'no more is known'}", run=plan.run,
        replaced=_replaced(plan.store.record(row), record, plan),
    )  # fmt: skip
    plan.store.keep(row, record, _views(replace(report, duration_seconds=0.0), ()))
    return Finished(row, record)
