"""The process behind `grader watch` and a notebook's checks: it has PyTorch and the casebook loaded, and forks one process for each grading.

A grading that is no longer wanted is dropped by ending its process; its nursery, which nobody else has, ends with it.
"""

from __future__ import annotations

import ast
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
from typing import TYPE_CHECKING, Any, Literal

from grader.course import registry, source
from grader.exits import EARNED
from grader.running.session import Session, without_share
from grader.running.sharing import Helper, ShareFailed
from grader.running.speaking import Line
from grader.sandbox.outer import scratch

if TYPE_CHECKING:
    from grader.report.model import ExerciseResult, Report
    from grader.running.casebook import Casebook
    from grader.sandbox.outer.nursery import Nursery

SETTLING = 0.2  # seconds: a file that is no Python may be one that an editor has not finished writing


@dataclass(frozen=True)
class Request:
    """What is to be graded now, in place of whatever is being graded."""

    number: int
    name: str
    sources: Mapping[str, bytes]
    problems: Mapping[str, str]  # why a topic's module could not be read
    notes: tuple[str, ...]
    topics: tuple[str, ...]  # in the order in which they are wanted
    only: frozenset[str] | None = None  # the exercises of these topics that are wanted, where it is not all of them


@dataclass(frozen=True)
class Said:
    """What is said about a request: which exercise is begun, what came of it, a topic's report, that all is done."""

    number: int
    kind: Literal["progress", "result", "topic", "done"]
    value: Any = None


@dataclass(frozen=True)
class _Graded:
    """A topic as it was graded last."""

    text: bytes
    results: Mapping[str, ExerciseResult]


def serve(channel: int, exercises: Sequence[registry.Exercise], seed: int) -> int:
    """Grades what it is asked for over a socket, by its number, until the other end is closed."""
    with Line(socket.socket(fileno=channel)) as line, Session.start(processes=1) as session:
        bench = _Bench(line, session.nurseries[0], exercises, seed)
        try:
            bench.work()
        except EOFError:
            pass
        finally:
            bench.close()
    return EARNED


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
class _Bench:
    """What is kept from one grading to the next."""

    line: Line
    nursery: Nursery  # from which others are forked; it never has a worker
    exercises: Sequence[registry.Exercise]
    seed: int
    books: dict[str, Casebook] = field(default_factory=dict)  # by topic; each is as it was read from the shelf
    graded: dict[str, _Graded] = field(default_factory=dict)
    request: Request | None = None  # of which the helper has not said all
    helper: Helper | None = None
    left: list[str] = field(default_factory=list)  # topics of the request that were not reported yet
    spare: _Spare | None = None
    chores: deque[Callable[[], object]] = field(default_factory=deque)  # for when nobody waits

    def work(self) -> None:
        """Serves until the other end is closed; then raises EOFError."""
        while True:
            ends: list[Any] = [self.line] if self.helper is None else [self.line, self.helper.read_end]
            ready, _, _ = select.select(ends, [], [], 0 if self.chores and self.helper is None else None)
            if self.line in ready:
                for request in self.line.receive()[-1:]:  # the last one counts
                    self._begin(request)
            elif ready:
                self._hear()
            elif self.chores:
                with contextlib.suppress(Exception):  # which will show where it is needed
                    self.chores.popleft()()

    def drop(self) -> None:
        """Ends the grading that is going on."""
        if self.helper is not None:
            _end(self.helper)
        self.helper = self.request = None

    def close(self) -> None:
        """Ends what is going on, and what waits."""
        self.drop()
        if self.spare is not None:
            self.spare.close()

    def _begin(self, request: Request) -> None:
        self.drop()
        if not request.topics:
            self.line.send(Said(request.number, "done"))
            return
        self.request, self.left = request, list(request.topics)
        self.chores.clear()
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

    def _hear(self) -> None:
        """Passes on what the helper says next."""
        assert self.helper is not None and self.request is not None
        kind: Any
        try:
            kind, value = self.helper.receive()
        except ShareFailed as failed:
            kind, value = "error", str(failed)
        if kind == "kept":
            self.books.pop(value, None)
        elif kind in ("progress", "result"):
            self.line.send(Said(self.request.number, kind, value))
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
        self.chores.append(self._be_ready)

    def _be_ready(self) -> None:
        """Forks the process for the next request, when all is loaded that it may need."""
        if self.spare is None:
            self.spare = self._fork()


# What grading imports only where an answer is wrong.
_FOR_FAILURES = ("hypothesis", "hypothesis.strategies", "hypothesis.internal.conjecture.engine")


def _know_mistakes(exercise: registry.Exercise) -> None:
    from grader.running.loading import mistakes_of

    mistakes_of(exercise.name)


def _is_whole(text: bytes) -> bool:
    """Whether a module looks as if its editor has written all of it."""
    try:
        return bool(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
