"""Grades a class on this machine where nothing can be forked: by grading processes that are started anew, and kept."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from grader.batch.cluster.clerk import Desk
from grader.batch.cluster.pieces import Piece
from grader.batch.intake.handed_in import HandedIn
from grader.batch.messages import Answer, Errand, Failed, Foreign
from grader.batch.results.records import Row
from grader.batch.tasks import Finished, Plan

_BREATH = 0.3  # seconds of one wait, between which Windows notices an interruption


def grade_class(
    work: Sequence[tuple[Row, HandedIn]], plan: Plan, hidden: Sequence[str], *, jobs: int
) -> Iterator[Finished]:
    """Grades the work of a class, `jobs` submissions at a time, and yields each as it is done, in any order.

    `hidden` is what no submission may read, besides the kit's own folders. Raises UsageProblem where nothing can be
    written any more.
    """
    desks = [Desk(hidden) for _ in range(jobs)]
    free: queue.SimpleQueue[Desk] = queue.SimpleQueue()
    for desk in desks:
        free.put(desk)

    def ask(errand: Errand) -> Answer:
        desk = free.get()
        try:
            return desk.ask(errand)
        finally:
            free.put(desk)

    waiting = deque(Piece(row, handed_in) for row, handed_in in work)
    running: dict[Future[Answer], Piece] = {}
    with ThreadPoolExecutor(jobs) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    piece = waiting.popleft()
                    done = piece.begun(plan)
                    if done:
                        yield done
                    else:
                        running[pool.submit(ask, piece.errand(plan))] = piece
                for future in wait(running, timeout=_BREATH, return_when=FIRST_COMPLETED).done if running else ():
                    piece, answer = running.pop(future), future.result()
                    if isinstance(answer, Foreign):  # there is nobody else
                        answer = Failed(answer.text)
                    done = piece.finished(answer, plan)
                    if done:
                        yield done
                    else:
                        waiting.append(piece)
        finally:
            for desk in desks:
                desk.stop()
