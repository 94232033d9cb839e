"""Grades what a class has handed in, with several processes; each result is kept the moment it is there.

The processes are forked from the session's and take one submission after the other. One that dies, or in which the
grader fails, costs its submission a second try in a new one, and nobody else anything.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from grader.batch.intake.handed_in import HandedIn
from grader.batch.limits import MOST_GRADED, SILENT_SECONDS, TRIES
from grader.batch.results.records import Row
from grader.batch.tasks import Finished, Plan, failed, grade, keep, kept, prepared, read
from grader.exits import UsageProblem
from grader.running.casebook import Casebook
from grader.running.sharing import Helper, ShareFailed

if TYPE_CHECKING:
    from grader.sandbox.outer.nursery import Nursery


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
                    yield failed(row, found, plan)
                running.remove(job)
                job.close()
    finally:
        for job in running:
            job.close()


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
    task = read(row, handed_in, plan)
    return kept(row, task, plan) or keep(row, grade(task, nursery, book, plan.draw), plan)
