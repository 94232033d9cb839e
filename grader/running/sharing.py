"""The work of a session, shared out among processes that are forked from the grading one and report over a pipe."""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.course import registry
from grader.sandbox.inner import nursery
from grader.system import can_fork

if TYPE_CHECKING:
    from grader.report.model import Report


class ShareFailed(Exception):
    """A process that graded a share of the exercises gave no report; the text says what is known of it."""


def available_cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shares_of(exercises: Sequence[registry.Exercise], count: int) -> list[list[str]]:
    """The topics, shared out: the longest to one process, the others to the one with the least work so far.

    They begin with what takes longest, so that two processes end at about the same time.
    """
    weights = {topic.name: topic.work for topic in registry.TOPICS}
    topics = list(dict.fromkeys(exercise.topic for exercise in exercises))
    topics.sort(key=lambda name: -weights[name])
    shares: list[list[str]] = [[] for _ in range(max(1, min(count, len(topics))))]
    for topic in topics:
        min(shares, key=lambda share: sum(weights[name] for name in share)).append(topic)
    return shares


Work = Callable[[int, Callable[[str, Any], None]], "Report"]


def outcomes_of(work: Work, count: int, heard: Mapping[str, Callable[[str], None]]) -> dict[int, Report | str]:
    """What came of each of so many shares: its report, or what is known of why there is none.

    Where processes can be forked, each share is graded in one of its own: one that dies, whatever of, costs that share
    and never the report. Elsewhere they are graded here, one after the other.

    Args:
        work: grades the share of a number, and tells of it as it goes on.
        count: how many there are.
        heard: who is told, by what it is that is told.
    """
    return _in_processes(work, count, heard) if can_fork() else _here(work, count, heard)


def _here(work: Work, count: int, heard: Mapping[str, Callable[[str], None]]) -> dict[int, Report | str]:
    outcomes: dict[int, Report | str] = {}
    for index in range(count):
        try:
            outcomes[index] = work(index, lambda kind, value: heard[kind](value))
        except Exception:
            outcomes[index] = f"the grading failed:\n{traceback.format_exc()}"
    return outcomes


def _in_processes(work: Work, count: int, heard: Mapping[str, Callable[[str], None]]) -> dict[int, Report | str]:
    helpers = [Helper(work, index) for index in range(count)]
    outcomes: dict[int, Report | str] = {}
    try:
        for index, helper in as_they_speak(helpers):
            try:
                kind, value = helper.receive()
            except ShareFailed as failed:
                kind, value = "error", str(failed)
            if kind in heard:
                heard[kind](value)
                continue
            outcomes[index] = value
            helper.done = True
    finally:
        for helper in helpers:
            helper.close()
    return outcomes


def as_they_speak(helpers: Sequence[Helper]) -> Iterator[tuple[int, Helper]]:
    """The helpers that have something to say, in that order, until all are done."""
    with selectors.DefaultSelector() as selector:
        for index, helper in enumerate(helpers):
            selector.register(helper.read_end, selectors.EVENT_READ, (index, helper))
        while selector.get_map():
            for key, _ in selector.select():
                yield key.data
                if key.data[1].done:
                    selector.unregister(key.fd)


class Helper:
    """A share of the work in a process forked from the grading process; its report comes back over a pipe."""

    def __init__(self, work: Callable[[int, Callable[[str, Any], None]], Report | None], index: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.done = False
        self.read_end, write_end = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            nursery.die_with(parent)
            os.close(self.read_end)
            self._work(work, index, write_end)
        os.close(write_end)

    @staticmethod
    def _work(work: Callable[..., Any], index: int, write_end: int) -> None:
        def send(kind: str, value: Any) -> None:
            data = pickle.dumps((kind, value))
            data = struct.pack("!I", len(data)) + data
            while data:
                data = data[os.write(write_end, data) :]

        def end(number: int, frame: Any) -> None:
            os._exit(1)  # nothing may swallow it; workers end with their nursery, folders with the session's process

        status = 1
        signal.signal(signal.SIGTERM, end)
        try:
            send("report", work(index, send))
            status = 0
        except BaseException:
            send("error", f"a grading process failed:\n{traceback.format_exc()}")
        finally:
            os._exit(status)

    def receive(self) -> tuple[str, Any]:
        """What it says next: ("progress", a name), ("note", a text), ("report", its report) or ("error", a text).

        Raises ShareFailed.
        """
        (length,) = struct.unpack("!I", self._exactly(4))
        said: tuple[str, Any] = pickle.loads(self._exactly(length))
        return said

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            chunk = os.read(self.read_end, count - len(data))
            if not chunk:
                raise ShareFailed("a grading process ended without a report")
            data += chunk
        return data

    def close(self) -> None:
        """Waits for the process, which has answered or is of no use any more."""
        os.close(self.read_end)
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            done, _ = os.waitpid(self.pid, os.WNOHANG)
            if not done:
                os.kill(self.pid, signal.SIGTERM)
                os.waitpid(self.pid, 0)
