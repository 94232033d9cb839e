"""A grading session: nurseries that were born before anything of the course was loaded, and what grades with them."""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader import neutral
from grader.course import registry
from grader.course.paths import hidden_folders
from grader.sandbox.inner import nursery
from grader.sandbox.outer import scratch

if TYPE_CHECKING:
    from grader.report.model import Report
    from grader.sandbox.outer.client import Nursery


class MissingProtection(Exception):
    """A protection that was demanded is not to be had; the text says which and why."""


class ShareFailed(Exception):
    """A process that graded a share of the exercises gave no report; the text says what is known of it."""


@dataclass
class Session:
    """Nurseries that are ready for workers: one for each process that will grade."""

    nurseries: list[Nursery]

    @classmethod
    def start(cls, *, processes: int | None = None) -> Session:
        """Takes the nurseries that were born before this process was told anything, or starts new ones."""
        for name in neutral.THREADS:
            os.environ.setdefault(name, "1")
        from grader.sandbox.outer.client import Nursery

        scratch.place()
        nurseries = [Nursery.ready() for _ in range(processes or min(2, available_cores()))]
        for born in nurseries:
            born.hidden = hidden_folders()
        from grader.sandbox.inner import worker  # PyTorch, while the nurseries import it, too

        worker.warm()
        return cls(nurseries)

    def missing_protections(self) -> dict[str, str]:
        """The protections that a worker on this machine lacks, with the reasons. Raises SandboxError."""
        from grader.sandbox.outer.client import Worker

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
        **options: Any,
    ) -> Report:
        """Grades one submission, its topics shared out among the nurseries. Options are those of `run.grade`."""
        from grader.running import run
        from grader.running.checking import Casebook
        from grader.writing.check import EXAMPLES

        began = time.monotonic()
        shares = _shares(exercises, len(self.nurseries))

        def one_share(index: int, tell: Callable[[str], None]) -> Report:
            casebook = Casebook(seed, examples or EXAMPLES)
            wanted = [exercise for exercise in exercises if exercise.topic in shares[index]]
            return run.grade(
                sources, nursery=self.nurseries[index], casebook=casebook, exercises=wanted, progress=tell, **options
            )

        # None of it is done here: a share whose process dies, whatever of, costs that share and never the report.
        helpers = [_Helper(one_share, index) for index in range(len(shares))]
        outcomes: dict[int, Report | str] = {}
        try:
            for index, helper in _as_they_speak(helpers):
                try:
                    kind, value = helper.receive()
                except ShareFailed as failed:
                    kind, value = "error", str(failed)
                if kind == "progress":
                    progress(value)
                    continue
                outcomes[index] = value
                helper.done = True
        finally:
            for helper in helpers:
                helper.close()
        reports = [
            _without(shares[index], exercises, found, seed=seed, **options) if isinstance(found, str) else found
            for index, found in sorted(outcomes.items())
        ]
        return _merged(reports, exercises, time.monotonic() - began)


def available_cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shares(exercises: Sequence[registry.Exercise], count: int) -> list[list[str]]:
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


def _as_they_speak(helpers: Sequence[_Helper]) -> Iterator[tuple[int, _Helper]]:
    """The helpers that have something to say, in that order, until all are done."""
    with selectors.DefaultSelector() as selector:
        for index, helper in enumerate(helpers):
            selector.register(helper.read_end, selectors.EVENT_READ, (index, helper))
        while selector.get_map():
            for key, _ in selector.select():
                yield key.data
                if key.data[1].done:
                    selector.unregister(key.fd)


def _without(
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
    from grader.running import run
    from grader.sandbox.confine import PROTECTIONS

    wanted = [exercise for exercise in exercises if exercise.topic in topics]
    return Report(
        kit_version=__version__,
        submission=name,
        seed=seed,
        duration_seconds=0.0,
        protections=PROTECTIONS,
        exercises=tuple(run.not_checked(wanted)),
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


class _Helper:
    """A share of the work in a process forked from the grading process; its report comes back over a pipe."""

    def __init__(self, work: Callable[[int, Callable[[str], None]], Report], index: int) -> None:
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
        def send(message: tuple[str, Any]) -> None:
            data = pickle.dumps(message)
            data = struct.pack("!I", len(data)) + data
            while data:
                data = data[os.write(write_end, data) :]

        def end(number: int, frame: Any) -> None:
            os._exit(1)  # nothing may swallow it; workers end with their nursery, folders with the session's process

        status = 1
        signal.signal(signal.SIGTERM, end)
        try:
            send(("report", work(index, lambda name: send(("progress", name)))))
            status = 0
        except BaseException:
            send(("error", f"a grading process failed:\n{traceback.format_exc()}"))
        finally:
            os._exit(status)

    def receive(self) -> tuple[str, Any]:
        """What it says next: ("progress", a name), ("report", its report) or ("error", a text). Raises ShareFailed."""
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
