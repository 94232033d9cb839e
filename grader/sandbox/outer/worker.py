"""The grading process's end of a worker: asks it, reads what it prints, and gives up on it in time."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.sandbox.confine import PROTECTIONS, Plan
from grader.sandbox.outer.clock import Allowance, Stopwatch
from grader.sandbox.outer.nursery import START_SECONDS, Nursery, SandboxError
from grader.sandbox.outer.process import Process
from grader.sandbox.outer.scratch import new_folder, remove_tree

if TYPE_CHECKING:
    from grader.sandbox.wire import Payload

MOST_OPERATORS = 50  # that are computed for one import: a few to try, no table of answers
# How Windows ends a process that does what it must not (NTSTATUS), as exit codes.
_WINDOWS_DEATHS = {
    0xC0000005: "it read or wrote memory that is not its own",
    0xC0000017: "there was no memory left",
    0xC00000FD: "its stack was full",
    0xC0000374: "it damaged its own memory",
    0xC0000409: "it damaged its own memory",
}


class WorkerFailure(Exception):
    """A worker gave no answer: it ran out of time, died, or sent what is not an answer."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status = status  # "timeout" or "crashed"
        self.text = text


class Reply:
    """What a worker sent in answer to a request; it is read when somebody wants to know what it says."""

    def __init__(self, header_length: int, body: bytes) -> None:
        self._header_length, self._body = header_length, body
        self._value: dict[str, Any] | None = None

    @functools.cached_property
    def digest(self) -> bytes:
        """What stands for its bytes."""
        from grader.sandbox import wire

        return wire.digest(self._header_length, self._body)

    def read(self) -> int:
        """Reads it; about how many bytes of memory it takes beyond its own. Raises WorkerFailure where it is no answer."""
        from grader.sandbox import wire

        view = memoryview(self._body)
        try:
            value, memory = wire.weighed(view[: self._header_length], view[self._header_length :])
        except wire.WireError as error:
            raise WorkerFailure("crashed", f"the process sent {error} in place of an answer") from error
        if not isinstance(value, dict):
            raise WorkerFailure("crashed", "the process sent something else than an answer")
        self._value = value
        return max(0, memory - len(self._body))

    def value(self) -> dict[str, Any]:
        """What it says. Raises WorkerFailure where it is no answer."""
        if self._value is None:
            self.read()
        assert self._value is not None
        return self._value


@dataclass
class Worker:
    """One started worker: its process, its scratch folder and what it was asked."""

    nursery: Nursery
    process: Process
    scratch: Path
    folder: Path
    missing: dict[str, str]
    inbox: bytearray
    alive: bool = True
    asked: int = 0
    received: int = 0  # bytes of answers, as they are kept in memory
    slept: float = 0.0  # seconds
    used: float = 0.0  # seconds of processor time, as of the end

    @classmethod
    def start(cls, nursery: Nursery, files: dict[str, bytes], *, without: tuple[str, ...] = ()) -> Worker:
        """Starts a worker that has these files, by name, in a folder of its own. Raises SandboxError."""
        scratch = new_folder()
        folder = scratch / "exercises"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        plan = Plan(scratch=str(scratch), readable=nursery.readable, without=without)
        try:
            process = nursery.start(plan, str(folder))
        except BaseException:
            remove_tree(scratch)
            raise
        worker = cls(nursery, process, scratch, folder, {}, bytearray())
        try:
            worker.missing = worker._reply(0, Allowance.of_wall(START_SECONDS), bytearray()).value()["missing"]
        except BaseException as error:  # an interrupt among them
            worker.close()
            if not isinstance(error, WorkerFailure):
                raise
            raise SandboxError(f"a worker could not be started: {error.text}\n{worker.taken_output()}") from error
        return worker

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self.process.pid

    @property
    def protections(self) -> tuple[str, ...]:
        """The protections that hold for this worker."""
        return tuple(name for name in PROTECTIONS if name not in self.missing)

    def processor_seconds(self) -> float:
        """The processor time that the process has used so far."""
        return (self.process.clock.processor() or self.used) if self.alive else self.used

    def own_seconds(self) -> float:
        """The processor time that the process has used so far, and what it has slept while somebody waited."""
        return self.processor_seconds() + self.slept

    def ask(self, request: dict[str, Any], allowance: Allowance) -> dict[str, Any]:
        """Sends a request and waits for its answer. Raises WorkerFailure; the worker is then ended."""
        from grader.sandbox import wire

        reply = next(self.stream([wire.encode(request)], allowance)).value()
        if request["op"] == "load" and "operator" in reply and request.get("off_limits"):
            return self._compute(reply, allowance)
        return reply

    def _compute(self, reply: dict[str, Any], allowance: Allowance) -> dict[str, Any]:
        """Has a second worker, without any submission, compute what a module runs while it is imported.

        Gives the answer to the import itself. Nothing of an exercise has been asked by then.
        """
        from grader.sandbox import wire

        helper = Worker.start(self.nursery, {})
        asked = 0
        try:
            while "operator" in reply:
                question = {"op": "operator", **{name: reply.get(name) for name in ("operator", "args", "kwargs")}}
                asked += 1
                if asked > MOST_OPERATORS:
                    raise WorkerFailure(
                        "crashed",
                        f"it runs convolution or pooling more than {MOST_OPERATORS} times while it is imported",
                    )
                computed = helper.ask(question, allowance)
                reply = next(self.stream([wire.encode(computed)], allowance)).value()
        except WorkerFailure:
            self.close()
            raise
        except wire.WireError as error:  # what it asks to be computed is too large to be passed on, or what comes of it
            self.close()
            raise WorkerFailure("crashed", f"what it runs while it is imported cannot be passed on: {error}") from error
        finally:
            helper.close()
        return reply

    def stream(
        self, payloads: Sequence[Payload], allowance: Allowance, known: Sequence[Collection[bytes]] = ()
    ) -> Iterator[Reply]:
        """Sends requests without waiting in between and gives each answer as it comes.

        Args:
            payloads: the requests.
            allowance: what each answer may take.
            known: by request, digests of answers that need not be read: somebody has read the same bytes.

        Raises WorkerFailure at the first answer that does not come; the worker is then ended.
        """
        if not self.alive:
            raise WorkerFailure("crashed", "the process had ended before this call")
        first = self.asked + 1
        self.asked += len(payloads)
        try:
            if self.inbox or self.process.is_speaking():
                raise WorkerFailure("crashed", "the process sent an answer that nobody had asked for")
            outbox = bytearray().join(payload.frame(first + place) for place, payload in enumerate(payloads))
            for place in range(len(payloads)):
                reply = self._reply(first + place, allowance, outbox)
                if not known or reply.digest not in known[place]:
                    self.received += reply.read()
                yield reply
        except WorkerFailure:
            self.close()
            raise

    def taken_output(self) -> str:
        """What was printed since this was asked last, as text."""
        return self.process.printed().replace(f"{self.scratch}{os.sep}", "")

    def close(self) -> None:
        """Ends the process and whatever it started, and removes its scratch folder."""
        if not self.alive:
            return
        self.alive = False
        self.used = self.process.clock.processor() or self.used
        try:
            self.process.close()
        finally:
            remove_tree(self.scratch)

    def _reply(self, number: int, allowance: Allowance, outbox: bytearray) -> Reply:
        """The answer to the question of that number; what is still to be sent goes out meanwhile."""
        from grader.sandbox import wire

        watch = Stopwatch(self.process.clock, allowance)
        try:
            self._fill(wire.HEAD.size, watch, outbox)
            found, header_length, buffers_length = wire.read_head(bytes(self.inbox[: wire.HEAD.size]))
            if found != number:
                raise WorkerFailure("crashed", "the process sent an answer to a question that was not asked")
            start, end = wire.HEAD.size, wire.HEAD.size + header_length + buffers_length
            self._fill(end, watch, outbox)
            body = bytes(self.inbox[start:end])
            del self.inbox[:end]
            self.received += end
            return Reply(header_length, body)
        except wire.WireError as error:
            raise WorkerFailure("crashed", f"the process sent {error} in place of an answer") from error
        finally:
            self.slept += watch.slept

    def _fill(self, count: int, watch: Stopwatch, outbox: bytearray) -> None:
        """Reads until the inbox holds that many bytes; sends the outbox on the way."""
        while len(self.inbox) < count:
            if watch.expired():
                raise WorkerFailure("timeout", "it did not finish in time")
            chunk = self.process.exchange(outbox, watch.tick)
            if chunk is None:
                if self.process.takes_too_much():
                    raise WorkerFailure("crashed", "the process died: it was killed, as it took too much memory")
                continue
            if not chunk:
                raise self._death()
            self.inbox += chunk

    def _death(self) -> WorkerFailure:
        """Why the process is gone, in words."""
        with contextlib.suppress(SandboxError):
            code = self.process.end()
            if code is not None and code < 0:
                name = signal.Signals(-code).name
                reasons = {"SIGKILL": "it was killed", "SIGXCPU": "it used up its processor time"}
                return WorkerFailure("crashed", f"the process died: {reasons.get(name, name)}")
            if code in _WINDOWS_DEATHS:
                return WorkerFailure("crashed", f"the process died: {_WINDOWS_DEATHS[code]}")
            if code is not None:
                return WorkerFailure("crashed", f"the process ended itself with exit code {code}")
        return WorkerFailure("crashed", "the process is gone")
