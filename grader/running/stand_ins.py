"""Right functions that stand in for a student's in follow-through: they answer from the grading process.

They never enter the worker: what works on plain values is asked here of the reference, like a remote function, and what
works on objects (`Far`) has its steps carried out over there, one by one, as the topic's stand_ins.py writes them down. A
handout without solutions has neither, and those alone that PyTorch can answer for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.handed_out import WITHHELD
from grader.running import loading
from grader.running.limits import MOST_BYTES
from grader.sandbox.outer.clock import Allowance
from grader.sandbox.outer.worker import Worker, WorkerFailure
from grader.writing import pytorch

if TYPE_CHECKING:
    from grader.writing.answer import Answer

MOST_STEPS = 100_000  # of one call of a driver
MOST_PASSED = 4 * MOST_BYTES  # bytes of what comes of the steps of one call, of which nothing is kept


class _Failed(Exception):
    """A step raised over there, where the exception goes its way."""


@dataclass(frozen=True)
class StandIn:
    """One stand-in. What takes "values" is answered by the reference, "objects" by steps that its topic writes down."""

    topic: str
    takes: str
    judge: Callable[..., Any] | None = None  # what answers in a handout: None is a refusal


class Far:
    """An object in the worker. Calling it, its methods and its items are steps that are carried out there."""

    def __init__(self, line: _Line, number: int) -> None:
        self._line, self._number = line, number

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self._line.do("method", name, [self, *args], kwargs)

    def __call__(self, *args: Any) -> Any:
        return self._line.do("method", "__call__", [self, *args])

    def __getitem__(self, place: int) -> Any:
        return self._line.do("method", "__getitem__", [self, place])


class _Line:
    """The line to a worker in the middle of a call."""

    def __init__(self, worker: Worker, allowance: Allowance) -> None:
        self.worker, self.allowance, self.steps, self.passed = worker, allowance, 0, 0

    def send(self, message: dict[str, Any]) -> dict[str, Any]:
        """Sends a message; gives what comes back."""
        from grader.sandbox import wire

        try:
            payload = wire.encode(message)
        except wire.WireError as error:
            raise self.too_much() from error
        return next(self.worker.stream([payload], self.allowance)).value()

    def function(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Calls a function of Python's or PyTorch's over there."""
        return self.do("function", name, list(args), kwargs)

    def do(self, what: str, name: str, args: list[Any], kwargs: dict[str, Any] | None = None) -> Any:
        """Has one step carried out. Raises _Failed where it raised."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            self.worker.close()
            raise WorkerFailure("timeout", "it calls a function too often")
        numbers = [{"object": value._number} if isinstance(value, Far) else value for value in args]
        named = {
            key: {"object": value._number} if isinstance(value, Far) else value for key, value in (kwargs or {}).items()
        }
        kept = self.worker.received
        reply = self.send({"do": [what, name, numbers, named]})
        self.passed += self.worker.received - kept
        self.worker.received = kept
        if self.passed > MOST_PASSED:
            raise self.too_much()
        if "done" not in reply:
            raise _Failed
        return self.far(reply["done"])

    def too_much(self) -> WorkerFailure:
        """Ends a worker that sends, or asks for, more than can be dealt with."""
        self.worker.close()
        return WorkerFailure("crashed", "it calls a function with too much")

    def far(self, value: Any) -> Any:
        """What stands for an object, as a Far; a plain value as it is."""
        if isinstance(value, dict) and type(value.get("object")) is int:
            return Far(self, value["object"])
        return value if value is None or isinstance(value, bool | int | float | str) else None


def converse(worker: Worker, reply: dict[str, Any], names: tuple[str, ...], allowance: Allowance) -> dict[str, Any]:
    """Answers the questions of stand-ins until the reply to the call itself is there. Raises WorkerFailure."""
    line = _Line(worker, allowance)
    while "stand_in" in reply:
        name, args, kwargs = reply["stand_in"], reply.get("args"), reply.get("kwargs")
        line.steps += 1
        if name not in names or not isinstance(args, tuple | list) or not isinstance(kwargs, dict):
            worker.close()
            raise WorkerFailure("crashed", "the process sent an answer to a question that was not asked")
        if line.steps > MOST_STEPS:
            worker.close()
            raise WorkerFailure("timeout", "it calls a function too often")
        if worker.received > MOST_BYTES:
            raise line.too_much()
        try:
            reply = line.send(_answer(STAND_INS[name], name, list(args), kwargs, line))
        except _Failed:
            reply = line.send({})
    return reply


def _answer(stand_in: StandIn, name: str, args: list[Any], kwargs: dict[str, Any], line: _Line) -> dict[str, Any]:
    if WITHHELD:
        return _from_judge(name, stand_in.judge, args, kwargs)
    if stand_in.takes == "values":
        from grader.running.reference import reference_subject

        asked = {"name": name, "args": tuple(args), "kwargs": {str(key): value for key, value in kwargs.items()}}
        return _from_reference(name, reference_subject(stand_in.topic).ask("call", asked))
    try:
        far = {str(key): line.far(value) for key, value in kwargs.items()}
        steps = loading.stand_in(stand_in.topic, name)
        return {"value": steps(line, *map(line.far, args), **far)}
    except (ValueError, TypeError, AttributeError) as error:
        return {"refused": f"{name} cannot be called like this", "kind": type(error).__name__}


def _from_judge(name: str, judge: Callable[..., Any] | None, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    try:
        value = judge(*args, **{str(key): value for key, value in kwargs.items()}) if judge is not None else None
    except Exception:  # of arguments of whatever form
        return {"refused": f"{name} cannot be called like this", "kind": "TypeError"}
    return {"refused": f"{name} refuses these arguments", "kind": "ValueError"} if value is None else {"value": value}


def _from_reference(name: str, answer: Answer) -> dict[str, Any]:
    if answer.kind == "value":
        return {"value": answer.value["value"]}
    kind = "ValueError" if "ValueError" in answer.details.get("types", ()) else "TypeError"
    return {"refused": f"{name} refuses these arguments", "kind": kind}


STAND_INS = {
    "flatten_images": StandIn("classifiers", "values"),
    "train_step": StandIn("training", "objects"),
    "get_accuracy": StandIn("training", "objects"),
    "conv2d_output_shape": StandIn("shapes", "values", pytorch.conv2d_shape),
    "max_pool2d_output_shape": StandIn("shapes", "values", pytorch.max_pool2d_shape),
}
# What calls what: an exercise whose answers may be wrong only because another exercise's are.
CALLEES = {
    "LogisticRegression.forward": ("flatten_images",),
    "MLP.forward": ("flatten_images",),
    "train": ("train_step", "get_accuracy"),
    "trace_shapes": ("conv2d_output_shape", "max_pool2d_output_shape"),
}
