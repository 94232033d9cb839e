"""How a watched submission is graded again and again, and dropped whenever another request comes.

A `ForkingBench` has PyTorch and the casebook loaded and forks one process for each grading; one that is not wanted any
more is dropped by ending it, and its nursery, which nobody else has, ends with it. A `PatientBench`, where nothing can
be forked, grades by itself and looks for another request whenever it waits for a worker.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import select
import signal
import socket
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from grader.course import registry, source
from grader.course.parsed import tree_of
from grader.running.session import without_share
from grader.running.sharing import Helper, ShareFailed
from grader.running.speaking import Line
from grader.running.watching import Request, Said
from grader.sandbox.outer import scratch
from grader.sandbox.outer.starting import StartingNursery

if TYPE_CHECKING:
    from grader.report.model import ExerciseResult, Report
    from grader.running.casebook import Casebook
    from grader.sandbox.outer.nursery import Nursery

SETTLING = 0.2  # seconds: a file that is no Python may be one that an editor has not finished writing


@dataclass(frozen=True)
class _Graded:
    """A topic as it was graded last."""

    text: bytes
    results: Mapping[str, ExerciseResult]


@dataclass
class _Bench:
    """What is kept from one grading to the next, and the grading itself."""

    line: Line
    nursery: Nursery
    exercises: Sequence[registry.Exercise]
    seed: int
    books: dict[str, Casebook] = field(default_factory=dict)  # by topic; each is as it was read from the shelf
    graded: dict[str, _Graded] = field(default_factory=dict)
    request: Request | None = None  # of which not all was said
    left: list[str] = field(default_factory=list)  # topics of the request that were not reported yet
    chores: deque[Callable[[], object]] = field(default_factory=deque)  # for when nobody waits

    def drop(self) -> None:
        """Ends the grading that is going on."""
        self.request = None

    def close(self) -> None:
        """Ends what is going on."""
        self.drop()

    def _begin(self, request: Request) -> None:
        self.drop()
        if not request.topics:
            self.line.send(Said(request.number, "done"))
            return
        self.request, self.left = request, list(request.topics)
        self.chores.clear()
        self._carry_out(request)

    def _carry_out(self, request: Request) -> None:
        """Begins the grading that is wanted now, or does it."""
        raise NotImplementedError

    def _chore(self) -> None:
        """Does one of the chores."""
        with contextlib.suppress(Exception):  # which will show where it is needed
            self.chores.popleft()()

    def _take(self, topic: str) -> None:
        """Loads a topic's checks, and its casebook where there is one."""
        from grader.running.casebook import Casebook
        from grader.running.loading import checks_of
        from grader.running.shelf import Shelf

        checks_of(topic)
        if topic not in self.books:
            book = Casebook(self.seed, shelf=Shelf.of_user())
            if book.take(topic):
                self.books[topic] = book

    def _grade(self, request: Request, nursery: Nursery, tell: Callable[[str, Any], None]) -> None:
        """In a process of its own: grades the topics, one after the other, and tells of each."""
        from grader.running import run
        from grader.running.casebook import Casebook
        from grader.running.shelf import Shelf

        if not all(_is_whole(request.sources.get(topic, b"")) for topic in request.topics):
            time.sleep(SETTLING)
        for topic in request.topics:
            wanted = self._wanted(request, topic)
            stale = self._stale(request, topic, wanted)
            book = self.books.get(topic) or Casebook(self.seed, shelf=Shelf.of_user())
            report = run.grade(
                dict(request.sources),
                name=request.name,
                nursery=nursery,
                casebook=book,
                exercises=stale,
                progress=lambda name: tell("progress", name),
                found=lambda result: tell("result", result),
                notes=request.notes,
                problems=dict(request.problems),
            )
            tell("topic", (topic, self._completed(report, request, wanted)))
            if book.save():
                tell("kept", topic)

    def _wanted(self, request: Request, topic: str) -> list[registry.Exercise]:
        """The exercises of a topic that are to be reported."""
        names = request.only
        return [e for e in self.exercises if e.topic == topic and (names is None or e.name in names)]

    def _stale(self, request: Request, topic: str, wanted: Sequence[registry.Exercise]) -> Sequence[registry.Exercise]:
        """The exercises that are to be graded, of those that are wanted of a topic."""
        from grader.running import changes

        known, text = self.graded.get(topic), request.sources.get(topic)
        if known is None or text is None or changes.imports_another(text):
            return wanted
        return changes.to_grade(known.text, text, wanted, known.results)

    def _completed(self, report: Report, request: Request, wanted: Sequence[registry.Exercise]) -> Report:
        """The report with the results that hold from before."""
        from grader.running import changes

        found = {result.name: result for result in report.exercises}
        topic = wanted[0].topic
        if len(found) < len(wanted):
            earlier, text = self.graded[topic].results, request.sources[topic]
            found |= {e.name: changes.moved(earlier[e.name], text, e) for e in wanted if e.name not in found}
        return replace(report, exercises=tuple(found[exercise.name] for exercise in wanted))

    def _hear(self, kind: str, value: Any) -> None:
        """Passes on what is said of the request."""
        assert self.request is not None
        if kind == "kept":
            self.books.pop(value, None)
        elif kind in ("progress", "result"):
            self.line.send(Said(self.request.number, kind, value))  # type: ignore[arg-type]
        elif kind == "topic":
            self._pass_on(*value)
        elif kind == "error":
            self._fail(value)
        else:
            self._finish()

    def _pass_on(self, topic: str, report: Report) -> None:
        assert self.request is not None
        self.left.remove(topic)
        self.graded.pop(topic, None)
        text = self.request.sources.get(topic)
        if text is not None and not report.faults:
            self.graded[topic] = _Graded(text, {result.name: result for result in report.exercises})
        self.line.send(Said(self.request.number, "topic", (topic, report)))

    def _fail(self, text: str) -> None:
        """Says of all that is left that it could not be checked."""
        assert self.request is not None
        for topic in list(self.left):
            wanted = self._wanted(self.request, topic)
            self._pass_on(topic, without_share([topic], wanted, text, seed=self.seed, name=self.request.name))
        self._finish()

    def _finish(self) -> None:
        assert self.request is not None
        self.line.send(Said(self.request.number, "done"))
        topics = self.request.topics
        self.drop()
        self.chores.extend(lambda topic=topic: self._take(topic) for topic in topics)  # type: ignore[misc]
        self.chores.append(scratch.clear)
        self.chores.extend(lambda name=name: importlib.import_module(name) for name in _FOR_FAILURES)  # type: ignore[misc]
        self.chores.extend(lambda e=e: _know_mistakes(e) for e in self.exercises if e.topic in topics)  # type: ignore[misc]


@dataclass(frozen=True)
class _Spare:
    """A process that waits for a request."""

    helper: Helper
    line: Line

    def close(self) -> None:
        """Ends it without a request."""
        self.line.close()
        _end(self.helper)

    def give(self, request: Request) -> Helper:
        """Gives it one. Raises EOFError where it is gone."""
        with self.line as line:
            line.send(request)
        return self.helper


def _end(helper: Helper) -> None:
    """Ends a process in the middle of anything; PyTorch may be at work, where a gentler signal is not heard."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(helper.pid, signal.SIGKILL)
    helper.close()


@dataclass
class ForkingBench(_Bench):
    """Its nursery never has a worker: others are forked of it."""

    helper: Helper | None = None
    spare: _Spare | None = None

    def work(self) -> None:
        """Serves until the other end is closed; then raises EOFError."""
        while True:
            ends: list[Any] = [self.line] if self.helper is None else [self.line, self.helper.read_end]
            ready, _, _ = select.select(ends, [], [], 0 if self.chores and self.helper is None else None)
            if self.line in ready:
                for request in self.line.receive()[-1:]:  # the last one counts
                    self._begin(request)
            elif ready:
                self._listen()
            elif self.chores:
                self._chore()

    def drop(self) -> None:
        """Ends the grading that is going on."""
        if self.helper is not None:
            _end(self.helper)
        self.helper = None
        super().drop()

    def close(self) -> None:
        """Ends what is going on, and what waits."""
        super().close()
        if self.spare is not None:
            self.spare.close()

    def _carry_out(self, request: Request) -> None:
        try:
            self.helper = self._given(request)
        except Exception:
            self._fail(traceback.format_exc())

    def _given(self, request: Request) -> Helper:
        """A process that has been given the request: the one that waits for one, where it can be had."""
        spare, self.spare = self.spare, None
        needs_more = any(source.imports(text, "torchvision") for text in request.sources.values())
        is_ready = spare is not None and (not needs_more or self.nursery.has("torchvision"))
        if needs_more:
            self.nursery.preload("torchvision")
        if spare is not None:
            with contextlib.suppress(EOFError):  # it is gone, for whatever reason
                if is_ready:
                    return spare.give(request)
            spare.close()
        for topic in request.topics:
            self._take(topic)
        return self._fork().give(request)

    def _fork(self) -> _Spare:
        """A process with a nursery of its own, which waits for a request."""
        ours, theirs = socket.socketpair()
        born = self.nursery.another()

        def work(index: int, tell: Callable[[str, Any], None]) -> None:
            ours.close()
            with Line(theirs) as line:
                request = line.one()
            self._grade(request, born, tell)

        helper = Helper(work, 0)
        theirs.close()
        born.close()  # here: the helper has it, and it ends with the helper
        return _Spare(helper, Line(ours))

    def _listen(self) -> None:
        """Passes on what the helper says next."""
        assert self.helper is not None
        try:
            self._hear(*self.helper.receive())
        except ShareFailed as failed:
            self._hear("error", str(failed))

    def _finish(self) -> None:
        super()._finish()
        self.chores.append(self._be_ready)

    def _be_ready(self) -> None:
        """Forks the process for the next request, when all is loaded that it may need."""
        if self.spare is None:
            self.spare = self._fork()


class _Dropped(KeyboardInterrupt):
    """Another request has come, or nobody asks any more. Nothing on its way keeps what interrupts a program."""


@dataclass
class PatientBench(_Bench):
    """Its nursery starts workers anew; nothing is forked."""

    next: deque[Request | None] = field(default_factory=deque)  # what has come; None where nobody asks any more

    def work(self) -> None:
        """Serves until the other end is closed; then raises EOFError."""
        assert isinstance(self.nursery, StartingNursery)
        self.nursery.meanwhile = self._look
        while True:
            if not self.next:
                ready, _, _ = select.select([self.line], [], [], 0 if self.chores else None)
                if not ready:
                    self._chore()
                    continue
                self._receive()
            while self.next:
                request = self.next.pop()
                self.next.clear()
                if request is None:
                    raise EOFError
                self._begin(request)

    def _look(self) -> None:
        """Drops the grading that is going on where another request has come."""
        if self.request is not None and select.select([self.line], [], [], 0)[0]:
            self._receive()
            if self.next:
                raise _Dropped

    def _receive(self) -> None:
        """Takes what has come; the last request counts."""
        try:
            self.next.extend(self.line.receive())
        except EOFError:
            self.next.append(None)

    def _carry_out(self, request: Request) -> None:
        def tell(kind: str, value: Any) -> None:
            self._hear(kind, value)
            self._look()

        try:
            for topic in request.topics:
                self._take(topic)
                self._look()
            self._grade(request, self.nursery, tell)
            self._finish()
        except _Dropped:
            for topic in request.topics:  # it may have been left in the middle of a change
                self.books.pop(topic, None)
        except Exception:
            self._fail(traceback.format_exc())


# What grading imports only where an answer is wrong.
_FOR_FAILURES = ("hypothesis", "hypothesis.strategies", "hypothesis.internal.conjecture.engine")


def _know_mistakes(exercise: registry.Exercise) -> None:
    from grader.running.loading import mistakes_of

    mistakes_of(exercise.name)


def _is_whole(text: bytes) -> bool:
    """Whether a module looks as if its editor has written all of it."""
    try:
        return bool(tree_of(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
