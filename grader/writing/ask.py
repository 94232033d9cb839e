"""What a check holds in its hands: it asks the submission, asks the reference, and says what must hold."""

from __future__ import annotations

import inspect
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from grader.bounds import Stint
from grader.writing import words
from grader.writing.answer import Answer, Reference, Subject
from grader.writing.compare import USUAL, Difference, Tolerance, difference, wrong_kind
from grader.writing.failures import Failure, ReferenceFails, failure_of

CALL_SECONDS = 20.0

JUDGING_SECONDS = 60.0  # of the grading process's own time, for comparing the answers to one exercise


@dataclass(frozen=True)
class Recorded:
    """One call of the transcript: what was asked, and what came back."""

    driver: str
    arguments: dict[str, Any]
    answer: Answer
    position: tuple[Any, ...] = ()  # of the case: exercise, check, place
    number: int = 0  # of the call, within its case


@dataclass
class Ask:
    """The submission and the reference, side by side, for one exercise."""

    subject: Subject
    reference: Reference
    seconds: float = CALL_SECONDS
    transcript: list[Recorded] = field(default_factory=list)
    memory: dict[tuple[Any, ...], Any] | None = None
    position: tuple[Any, ...] = ()
    ahead: deque[Answer] = field(default_factory=deque)
    function_name: str = ""  # of the exercise: what it raises itself may say that its stub stands
    texts: list[str] = field(default_factory=list)  # of this case's calls, to paste
    judging: Stint = field(default_factory=lambda: Stint(JUDGING_SECONDS))
    _asked: int = 0
    _called: int = 0

    def at(
        self, position: tuple[Any, ...], memory: dict[tuple[Any, ...], Any] | None, ahead: Iterable[Answer] = ()
    ) -> None:
        """Begins a case: what the reference and PyTorch answer in it is remembered under its position.

        `ahead` are the submission's answers where the case's calls were sent before the case is run.
        """
        self.position, self.memory, self.ahead = position, memory, deque(ahead)
        self._asked = self._called = 0
        self.texts.clear()

    def __call__(self, driver: str, *, text: str = "", **arguments: Any) -> Reply:
        """Runs a driver beside the student's code. Raises Failure unless a value came back."""
        answer = self._record(driver, arguments, text)
        if answer.kind != "value":
            raise self._failure_of(answer, text)
        return Reply(answer.value, text)

    def refusing(self, driver: str, expected: str, *, text: str = "", **arguments: Any) -> Reply:
        """The same for a driver that tells how a call was refused: where it was not, that is what was expected."""
        answer = self._record(driver, arguments, text)
        if answer.kind != "value":
            raise replace(self._failure_of(answer, text), expected=expected)
        return Reply(answer.value, text)

    def function(self, name: str, *args: Any, **kwargs: Any) -> Reply:
        """Calls a function of the student's module and checks that its arguments are as they were."""
        text = words.call(name, args, kwargs)
        reply = self("call", text=text, name=name, args=args, kwargs=kwargs)
        reply.unchanged([*args, *kwargs.values()])
        return replace(reply, value=reply["value"])

    def function_twice(self, name: str, *args: Any, **kwargs: Any) -> tuple[Reply, Reply]:
        """`function`, and then once more on the very same arrays, whose numbers have been turned round meanwhile."""
        text = words.call(name, args, kwargs)
        reply = self("call", text=text, name=name, args=args, kwargs=kwargs, again=True)
        reply.unchanged([*args, *kwargs.values()])
        both = words.twice(name, args, kwargs, list(inspect.signature(self._own(name)).parameters))
        return replace(reply, value=reply["value"]), Reply(reply["again"], both)

    def _own(self, name: str) -> Callable[..., Any]:
        """The reference's function, for the names of its parameters."""
        own: Callable[..., Any] = getattr(self.reference.module, name)
        return own

    def refusal(self, driver: str, at_fault: dict[str, Any], *, text: str = "", **arguments: Any) -> None:
        """The student's code must raise a ValueError whose text names an argument at fault and its value."""
        said, line = self._refused(driver, arguments, text, f"ValueError that names {_either(at_fault)}")
        if not names_fault(said, at_fault):
            got = f"ValueError: {words.cut(said)}" if said else "ValueError without a text"
            message = f"The ValueError is right; its text must name {_either(at_fault)} and the value it has."
            raise Failure("failed", message, text, f"ValueError that names {_either(at_fault)}", got, line=line)

    def refusal_text(self, driver: str, *, text: str = "", **arguments: Any) -> str:
        """The text of the ValueError that the student's code must raise."""
        return self._refused(driver, arguments, text, "ValueError")[0]

    def _refused(self, driver: str, arguments: dict[str, Any], text: str, expected: str) -> tuple[str, int | None]:
        answer = self._record(driver, arguments, text)
        if answer.kind == "value":
            came = isinstance(answer.value, dict) and "value" in answer.value
            shown = words.shown(answer.value["value"]) if came else "an answer"
            raise Failure("failed", "This call must be refused with a ValueError.", text, expected, shown)
        if answer.kind != "raised" or "ValueError" not in answer.details["types"]:
            raise replace(self._failure_of(answer, text), expected=expected)
        return answer.details["text"], answer.details["line"]

    @staticmethod
    def say(holds: bool, message: str, text: str, got: str) -> None:
        """Something that the text of a ValueError must say."""
        if not holds:
            raise Failure("failed", message, text, "a ValueError that says so", f"ValueError: {words.cut(got)}")

    def refused_function(self, name: str, at_fault: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        """`refusal` for a plain call of a function."""
        text = words.call(name, args, kwargs)
        self.refusal("call", at_fault, text=text, name=name, args=args, kwargs=kwargs)

    def expected(self, driver: str, **arguments: Any) -> Any:
        """What the reference gives for a driver."""
        return self.judged(lambda: self._reference(driver, arguments))

    def reference_now(self, driver: str, **arguments: Any) -> Any:
        """What the reference gives for arguments that depend on the student's answer; never remembered."""
        return self._reference(driver, arguments)

    def judged(self, question: Callable[[], Any]) -> Any:
        """The answer to a question about this case, such as what PyTorch does, worked out once."""
        self._asked += 1
        key = (*self.position, self._asked)
        if self.memory is None:
            return question()
        if key not in self.memory:
            self.memory[key] = question()
        return self.memory[key]

    def _reference(self, driver: str, arguments: dict[str, Any]) -> Any:
        answer = self.reference.ask(driver, arguments, self.seconds)
        if answer.kind != "value":
            raise ReferenceFails(f"{self.position}: the reference does not answer {driver}: {answer}")
        return answer.value

    def _failure_of(self, answer: Answer, text: str) -> Failure:
        return failure_of(answer, text, self.function_name)

    def _record(self, driver: str, arguments: dict[str, Any], text: str) -> Answer:
        self.texts.append(text)
        answer = self.ahead.popleft() if self.ahead else self._asked_now(driver, arguments)
        self.transcript.append(Recorded(driver, arguments, answer, self.position, self._called))
        self._called += 1
        return answer

    def _asked_now(self, driver: str, arguments: dict[str, Any]) -> Answer:
        with self.judging.pause():
            return self.subject.ask(driver, arguments, self.seconds)


@dataclass(frozen=True)
class Reply:
    """A value that came back, and the call it came from, as text."""

    value: Any
    text: str

    def __getitem__(self, name: str) -> Any:
        if not isinstance(self.value, dict) or name not in self.value:
            raise Failure("crashed", "The process sent an answer that does not fit the question.", self.text)
        return self.value[name]

    def part(self, name: str, text: str = "") -> Reply:
        """One named part of the value."""
        return Reply(self[name], text or self.text)

    def equals(
        self,
        expected: Any,
        *,
        judge: str = "",
        tolerance: Tolerance = USUAL,
        dtype: bool = True,
        message: str = "",
    ) -> None:
        """The value must equal the expected one. Raises Failure, with `message` where one is given."""
        found = difference(expected, self.value, tolerance, dtype=dtype)
        if found is not None:
            self.differs(found, judge=judge, message=message)

    def equals_gradients(self, expected: Any, *, judge: str = "", message: str = "") -> None:
        """`equals` for a tensor of gradients, or tensors by name: their rounding grows with the largest numbers."""
        by_name = expected if isinstance(expected, dict) else {"": expected}
        mine = self.value if isinstance(self.value, dict) else {"": self.value}
        for name, right in by_name.items():
            largest = float(right.abs().max()) if right.numel() else 0.0
            tolerance = Tolerance(absolute=1e-5 * max(1.0, largest))
            said = f"{message} {name}:".strip() if name else message
            Reply(mine.get(name), self.text).equals(right, judge=judge, tolerance=tolerance, message=said)

    def differs(self, found: Difference, *, judge: str = "", message: str = "", story: str = "") -> None:
        """Reports a difference."""
        said = " ".join(filter(None, (message, found.message)))
        raise Failure("failed", said, self.text, found.expected, found.got, judge, picture=found.picture, story=story)

    def must(self, holds: bool, message: str, *, expected: str, got: Any = "") -> None:
        """Something that must hold."""
        if not holds:
            raise Failure("failed", message, self.text, expected, got if isinstance(got, str) else words.shown(got))

    def answered(self, fits: Callable[[Any], bool], expected: str) -> None:
        """A call next to one that is refused: it must be answered, with a result of the right form."""
        message = "This call is next to one that is refused, and must be answered."
        self.must(bool(fits(self.value)), message, expected=expected, got=self.value)

    def kept_trainable(self) -> None:
        """The call must neither have frozen parameters nor thawed them."""
        message = "The call froze or thawed parameters: their `requires_grad` has changed."
        self.must(self["unchanged"] is True, message, expected="requires_grad as it was", got="changed")

    def gradients(self, upstream: torch.Tensor) -> Reply:
        """The gradients that came back for an upstream gradient, whose shape the result must have."""
        if not isinstance(self["value"], torch.Tensor):
            self.differs(wrong_kind(upstream, self["value"]))
        shape = Reply(tuple(self["value"].shape), self.text)
        shape.equals(tuple(upstream.shape), message="The result has another shape.")
        found = self.part("gradients")
        for name, gradient in found.value.items() if isinstance(found.value, dict) else ():
            found.must(
                gradient is not None, f"No gradient reaches {name}.", expected=f"a gradient for {name}", got="none"
            )
        return found

    def unchanged(self, given: Iterable[Any]) -> None:
        """The arguments must be, after the call, what they were before it."""
        exact = Tolerance(0.0, 0.0)
        given, afterwards = list(given), self["args"]
        found = difference(given, afterwards, exact)
        if found is None:
            found = _gradient_switches(given, afterwards)
        if found is not None:
            message = "The call changed one of its arguments. Work on a copy."
            raise Failure(
                "failed", message, self.text, f"afterwards {found.expected}", found.got, picture=found.picture
            )


def _gradient_switches(given: list[Any], afterwards: list[Any]) -> Difference | None:
    for before, after in zip(given, afterwards, strict=True):
        if isinstance(before, torch.Tensor) and before.requires_grad != after.requires_grad:
            return Difference(f"requires_grad={before.requires_grad}", f"requires_grad={after.requires_grad}", "")
    return None


def names_fault(said: str, at_fault: dict[str, Any]) -> bool:
    """Whether the text names one of these arguments and gives its value (or a number of the value)."""
    tokens = set(re.findall(r"\d+(?:\.\d+)?|-\d+(?:\.\d+)?", said))
    for name, value in at_fault.items():
        spelled = re.escape(name).replace("_", "[_ ]")
        if not re.search(rf"(?<![A-Za-z0-9_]){spelled}(?![A-Za-z0-9_])", said, re.IGNORECASE):
            continue
        numbers = set(re.findall(r"-?\d+", str(value)))
        if str(value) in said or repr(value) in said or numbers & tokens or not (numbers or str(value)):
            return True
    return False


def _either(at_fault: dict[str, Any]) -> str:
    names = [f"{name}" for name in at_fault]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
