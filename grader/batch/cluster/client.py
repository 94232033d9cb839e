"""Grades a class on a Dask cluster: submissions go out as plain data, results come back and are kept here.

Workers share no disk with this machine, and may die or join at any time. A task may run twice; only its result counts.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.batch.cluster import clerk
from grader.batch.cluster.pieces import Piece
from grader.batch.cluster.workers import Workers
from grader.batch.intake.handed_in import HandedIn
from grader.batch.messages import Answer, Failed, Foreign, encoded, understood
from grader.batch.results.records import Row
from grader.batch.tasks import Finished, Plan

if TYPE_CHECKING:
    from distributed import Future

WINDOW = 2  # submissions on their way for each thread of a worker: one is graded, one waits beside it
DEATHS = 2  # of workers, after which a submission is graded here
TICK = 2.0  # seconds between two looks at who is there
ALONE_SECONDS = 60.0  # in which a worker may come back before all the rest is graded here


@dataclass(eq=False)
class _Piece(Piece):
    """A submission, and how it has fared on the cluster so far."""

    deaths: int = 0
    future: Future[Any] | None = None
    where: frozenset[str] = frozenset()  # the workers that may take it; any where that is empty


class Cluster:
    """A cluster that one can grade on. Use `joined`."""

    def __init__(self, workers: Workers, hidden: Sequence[str], protected: bool) -> None:
        self._client, self._workers, self._protected = workers.client, workers, protected
        self._desk = clerk.Desk(hidden)  # for what has to be graded here
        self._run, self._sent = secrets.token_hex(8), 0  # they make each key the only one

    @classmethod
    @contextlib.contextmanager
    def joined(cls, address: str, *, hidden: Sequence[str], protected: bool) -> Iterator[Cluster]:
        """Joins a cluster, none of whose workers is of another version. Nothing is graded before that is known.

        Args:
            address: the scheduler's.
            hidden: what a submission that is graded here must not read.
            protected: whether each worker must have every protection.

        Raises UsageProblem, or MissingProtection, with a sentence that names who cannot be worked with.
        """
        logging.disable()  # what is wrong is told in sentences
        try:
            with Workers.at(address) as workers:
                workers.refuse(protected)
                found = cls(workers, hidden, protected)
                try:
                    yield found
                finally:
                    found._desk.close()
        finally:
            logging.disable(logging.NOTSET)

    def grade(
        self, work: Sequence[tuple[Row, HandedIn]], plan: Plan, note: Callable[[str], None]
    ) -> Iterator[Finished]:
        """Grades the work of a class and yields each as it is done, in any order; `note` is told what happens meanwhile.

        Raises UsageProblem where nothing can be written any more.
        """
        waiting = deque(_Piece(row, handed_in) for row, handed_in in work)
        running: set[_Piece] = set()
        here: list[_Piece] = []  # to be graded on this machine
        try:
            seen = time.monotonic()
            while waiting or running:
                threads = self._workers.threads()
                seen = time.monotonic() if threads else seen
                if self._workers.is_lost or time.monotonic() - seen > ALONE_SECONDS:
                    note("No worker of the cluster is left; what is not graded yet is graded here.")
                    here += [*running, *waiting]
                    break
                for piece in [one for one in running if one.where and not one.where & threads.keys()]:
                    running.remove(piece)  # it would wait for ever
                    waiting.appendleft(piece)
                while waiting and len(running) < WINDOW * sum(threads.values()):
                    piece = waiting.popleft()
                    done = piece.begun(plan)
                    if done:
                        yield done
                    else:
                        self._send(piece, plan, threads)
                        running.add(piece)
                for piece in self._ready(running):
                    answer = self._answer(piece, note)
                    if answer is None:
                        continue
                    running.remove(piece)
                    done = piece.finished(answer, plan)
                    if done:
                        yield done
                    elif piece.deaths >= DEATHS:
                        here.append(piece)
                    else:
                        waiting.append(piece)
            for piece in here:
                yield self._graded_here(piece, plan)
        finally:
            for piece in running:
                piece.future = None  # whoever has it may drop it

    def _send(self, piece: _Piece, plan: Plan, threads: dict[str, int]) -> None:
        self._sent += 1
        piece.where = frozenset(threads) if self._workers.foreign else frozenset()
        piece.future = self._client.submit(
            clerk.run_errand, encoded(piece.errand(plan, protected=self._protected)), key=f"grader-{self._run}-{self._sent}", pure=False,
            retries=0, workers=sorted(piece.where) or None, allow_other_workers=False,
        )  # fmt: skip

    def _ready(self, running: set[_Piece]) -> list[_Piece]:
        """The pieces of which something is known; waits for one, but not for long."""
        from distributed import as_completed

        by_key = {piece.future.key: piece for piece in running if piece.future}
        if not by_key:
            time.sleep(TICK / 4)
            return []
        futures = [piece.future for piece in by_key.values()]
        try:
            first = by_key[next(as_completed(futures, loop=self._client.loop, timeout=TICK)).key]
        except TimeoutError:
            return []
        others = (piece for piece in by_key.values() if piece is not first and piece.future and piece.future.done())
        return [first, *others]

    def _answer(self, piece: _Piece, note: Callable[[str], None]) -> Answer | None:
        """What came back; None where it has to be waited for after all."""
        assert piece.future
        try:
            address, data = piece.future.result(timeout=TICK)
        except TimeoutError:  # whoever had it is gone again
            return None
        except CancelledError:
            self._workers.is_lost = True
            return Foreign("the scheduler is gone")
        except Exception as error:  # the worker died, as KilledWorker says, or cannot even begin
            piece.deaths += 1
            self._workers.look(note)
            return Foreign(repr(error))
        answer = understood(data)
        if isinstance(answer, Foreign):
            self._workers.refuse_late(address, answer.text, note)
        return answer

    def _graded_here(self, piece: _Piece, plan: Plan) -> Finished:
        done = piece.begun(plan)
        while not done:
            answer = self._desk.ask(piece.errand(plan, protected=self._protected))
            if isinstance(answer, Foreign):  # there is nobody else
                answer = Failed(answer.text)
            done = piece.finished(answer, plan)
        return done
