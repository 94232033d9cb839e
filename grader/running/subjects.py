"""Whoever can be asked: a submission in the sandbox, or a module in this process (reference, known mistake, debugging).

Both run the same drivers and give the same kind of Answer.
"""

from __future__ import annotations

import math
import random
import types
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from grader.course import registry
from grader.running import stand_ins
from grader.running.limits import MOST_BYTES
from grader.sandbox import wire
from grader.sandbox.inner import drivers, errors, offlimits
from grader.sandbox.inner import worker as inner
from grader.sandbox.outer.clock import Allowance
from grader.sandbox.outer.nursery import Nursery
from grader.sandbox.outer.worker import Reply, Worker, WorkerFailure
from grader.writing.answer import Answer

MOST_TEXT, MOST_NAME, MOST_NAMES = 2_000, 200, 50  # characters of an error's text and of a name; names of an error


class LocalSubject:
    """A module of this process. What is `forbid`den, the kinds of `offlimits`, is refused while it answers."""

    def __init__(self, module: Any, *, forbid: Sequence[str] = (), raise_errors: bool = False) -> None:
        self.module = module
        self.forbid = forbid
        self.raise_errors = raise_errors

    def ask(self, driver: str, arguments: dict[str, Any], seconds: float = 0.0) -> Answer:
        """Runs the driver on copies of the arguments; an exception becomes an answer."""
        inner.prepare()
        function = drivers.DRIVERS[driver]
        copied = wire.copy(arguments)
        file = getattr(self.module, "__file__", "") or ""
        state = _random_state()
        try:
            if self.forbid:
                with offlimits.watch(self.forbid) as found:
                    value = function(self.module, **copied)
                if found.called:  # the student's code caught the refusal; it was used all the same
                    return Answer("off_limits", details={"operator": found.called, "line": None})
            else:
                value = function(self.module, **copied)
            return Answer("value", wire.copy(value))
        except offlimits.OffLimits as tripped:
            return Answer(
                "off_limits", details={"operator": str(tripped), "line": offlimits.student_line(tripped, file)}
            )
        except drivers.MissingName as missing:
            return Answer("missing", details={"name": missing.name})
        except drivers.NoGradient:
            return Answer("no_gradient")
        except NotImplementedError as error:
            return _raised(errors.describe_error(error, file))
        except Exception as error:
            if self.raise_errors and not isinstance(error, ValueError):
                raise
            return _raised(errors.describe_error(error, file))
        finally:
            _restore(state)


@dataclass(frozen=True)
class Sent:
    """One answer of a stream: the digest of its bytes, where there are any, and what it says, read when that is wanted."""

    digest: bytes
    _said: Reply | Answer

    def answer(self) -> Answer:
        """What it says."""
        return self._said if isinstance(self._said, Answer) else from_reply(self._said.value())


class SandboxSubject:
    """One topic of a submission, in a worker of its own. A worker that dies is replaced for the next call.

    `stand_ins` names functions of the module that are answered from here, by right ones, instead of the student's.
    """

    def __init__(
        self,
        nursery: Nursery,
        topic: str,
        files: dict[str, bytes],
        *,
        without: tuple[str, ...] = (),
        stand_ins: tuple[str, ...] = (),
    ) -> None:
        self.nursery, self.topic, self.files = nursery, topic, files
        self.without, self.stand_ins = without, stand_ins
        self.worker: Worker | None = None
        self.printed: list[str] = []
        self.received = 0  # bytes of answers to this exercise
        self.missing: dict[str, str] = {}
        self.budget = math.inf  # seconds for this exercise: processor time and sleep
        self._spent = 0.0  # of it, in workers that have ended
        self._already = 0.0  # what this worker had used and slept when the exercise began

    def fresh(self) -> SandboxSubject:
        """The same submission, to be asked in a worker that nobody has asked anything."""
        return SandboxSubject(self.nursery, self.topic, self.files, without=self.without, stand_ins=self.stand_ins)

    def load(self, seconds: float) -> Answer:
        """Starts a worker and imports the module in it; an Answer of kind "value" where that went well."""
        self.close()
        self.worker = Worker.start(self.nursery, self.files, without=self.without)
        self.missing = self.worker.missing
        self._already = self.worker.own_seconds()
        file = str(self.worker.folder / f"{self.topic}.py")
        asked: dict[str, Any] = {"op": "load", "topic": self.topic, "file": file, "modules": registry.MODULES}
        asked["off_limits"] = registry.topic(self.topic).off_limits
        if self.stand_ins:
            asked["stand_ins"] = {name: stand_ins.STAND_INS[name].takes for name in self.stand_ins}
        return self._answer(asked, seconds)

    def ask(self, driver: str, arguments: dict[str, Any], seconds: float) -> Answer:
        """Runs a driver in the worker."""
        if self.worker is None or not self.worker.alive:
            loaded = self.load(seconds)
            if loaded.kind != "value":
                return loaded
        return self._answer(request(driver, arguments), seconds)

    def stream(
        self, payloads: Sequence[wire.Payload], seconds: float, known: Sequence[Collection[bytes]] = ()
    ) -> Iterator[Sent]:
        """Answers to requests that are sent all at once, in order; the last one may be that the worker failed.

        `known` are, by request, the digests of answers that need not be read.
        """
        if self.worker is None or not self.worker.alive:
            loaded = self.load(seconds)
            if loaded.kind != "value":
                yield Sent(b"", loaded)
                return
        assert self.worker is not None
        try:
            for reply in self.worker.stream(payloads, self._allowance(seconds), known):
                over = self._over()
                yield Sent(b"", over) if over else Sent(reply.digest, reply)
        except WorkerFailure as failure:
            yield Sent(b"", Answer(failure.status, details={"text": failure.text}))

    def begin(self, budget: float) -> None:
        """Begins another exercise, which may take so many seconds of processor time and sleep in all."""
        self.received, self.budget, self._spent = 0, budget, 0.0
        if self.worker is not None:
            self._already = self.worker.own_seconds()

    def spent(self) -> float:
        """Seconds of processor time and sleep that this exercise has taken."""
        if self.worker is None:
            return self._spent
        return self._spent + max(0.0, self.worker.own_seconds() - self._already)

    def close(self) -> None:
        """Ends the worker."""
        if self.worker is not None:
            self.worker.close()
            self._spent = self.spent()
            self._keep_output()
            self.worker = None

    def output(self) -> str:
        """What the student's code printed since this was asked last."""
        self._keep_output()
        text = "".join(self.printed)
        self.printed.clear()
        return text

    def _allowance(self, seconds: float) -> Allowance:
        """For one answer: so many seconds, and no more than is left for the exercise."""
        left = max(0.0, self.budget - self.spent())
        already = self.worker.processor_seconds() if self.worker is not None else 0.0
        return Allowance.of(min(seconds, left), already + left)

    def _keep_output(self) -> None:
        if self.worker is not None and (text := self.worker.taken_output()):
            self.printed.append(text)

    def _answer(self, request: dict[str, Any], seconds: float) -> Answer:
        assert self.worker is not None
        try:
            reply = self.worker.ask(request, self._allowance(seconds))
            if self.stand_ins:
                reply = stand_ins.converse(self.worker, reply, self.stand_ins, self._allowance(seconds))
        except WorkerFailure as failure:
            return Answer(failure.status, details={"text": failure.text})
        return self._over() or from_reply(reply)

    def _over(self) -> Answer | None:
        """What stands for an answer where those to this exercise take too much memory: all of them are kept."""
        assert self.worker is not None
        self.received += self.worker.received
        self.worker.received = 0
        if self.received <= MOST_BYTES:
            return None
        return Answer("unsendable", details={"text": f"its answers take more than {MOST_BYTES // 2**20} MiB in all"})


def request(driver: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The request that runs a driver."""
    return {"op": "run", "driver": driver, "arguments": arguments}


def from_reply(reply: dict[str, Any]) -> Answer:
    """An Answer from a worker's reply. The reply's form is the worker's to choose: nothing in it is trusted."""
    if "value" in reply:
        return Answer("value", reply["value"])
    if isinstance(described := reply.get("raised"), dict):
        return _raised(described)
    if "off_limits" in reply:
        line = reply.get("line")
        return Answer(
            "off_limits",
            details={"operator": _text(reply["off_limits"], MOST_NAME), "line": line if type(line) is int else None},
        )
    if "missing" in reply:
        return Answer("missing", details={"name": _text(reply["missing"], MOST_NAME)})
    if "no_gradient" in reply:
        return Answer("no_gradient")
    return Answer("unsendable", details={"text": _text(reply.get("unsendable", "an answer of an unknown form"))})


def _text(value: Any, most: int = MOST_TEXT) -> str:
    """What a worker gives as text, of a length that can be searched and shown."""
    return value[:most] if isinstance(value, str) else str(value)[:most]


_RAISED_FORM = {"type": str, "text": str, "types": list, "frames": list, "innermost": bool}


def _raised(described: dict[str, Any]) -> Answer:
    if not all(isinstance(described.get(key), form) for key, form in _RAISED_FORM.items()):
        return Answer("unsendable", details={"text": "an exception of an unknown form"})
    described["type"], described["text"] = _text(described["type"], MOST_NAME), _text(described["text"])
    described["suggestion"] = _text(described.get("suggestion", ""), MOST_NAME)
    described["types"] = [_text(name, MOST_NAME) for name in described["types"][:MOST_NAMES]]
    frames = [frame for frame in described["frames"][:MOST_NAMES] if isinstance(frame, list) and len(frame) == 3]
    described["frames"] = [
        (line, _text(name, MOST_NAME), _text(source, MOST_NAME)) for line, name, source in frames if type(line) is int
    ]
    described["line"] = described["frames"][-1][0] if described["frames"] else None
    return Answer("raised", details=described)


def module_namespace(source: str, name: str, file: str, *, as_it_stands: bool = True) -> types.ModuleType:
    """A fresh module made from source text, for the reference and the known mistakes.

    Where the text is not `as_it_stands` in the file, the lines of an error are not the file's, and are not told.
    """
    module = types.ModuleType(name)
    module.__file__ = file
    exec(compile(source, file if as_it_stands else f"<{name}>", "exec", dont_inherit=True), module.__dict__)
    return module


def _random_state() -> tuple[Any, ...]:
    return torch.get_rng_state(), np.random.get_state(), random.getstate()


def _restore(state: tuple[Any, ...]) -> None:
    torch.set_rng_state(state[0])
    np.random.set_state(state[1])
    random.setstate(state[2])
