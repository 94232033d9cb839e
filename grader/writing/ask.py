"""What a check holds in its hands: it asks the submission, asks the reference, and says what must hold."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from grader.bounds import Stint
from grader.writing import as_python
from grader.writing.answer import Answer, Reference, Subject
from grader.writing.failures import Failure, ReferenceFails, Withheld, failure_of
from grader.writing.reply import Reply, names_fault

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

    def recorded(self) -> Recorded:
        """Itself."""
        return self


@dataclass(frozen=True)
class Unread:
    """A call of the transcript whose answer is known to be right, and was not looked at."""

    position: tuple[Any, ...]
    number: int
    look: Callable[[], tuple[str, dict[str, Any], Answer]]

    def recorded(self) -> Recorded:
        """The same, looked at."""
        return Recorded(*self.look(), self.position, self.number)


@dataclass
class Ask:
    """The submission and the reference, side by side, for one exercise."""

    subject: Subject
    reference: Reference
    seconds: float = CALL_SECONDS
    transcript: list[Recorded | Unread] = field(default_factory=list)
    memory: dict[tuple[Any, ...], Any] | None = None
    position: tuple[Any, ...] = ()
    ahead: deque[Answer] = field(default_factory=deque)
    function_name: str = ""  # of the exercise: what it raises itself may say that its stub stands
    texts: list[str] = field(default_factory=list)  # of this case's calls, to paste
    judging: Stint = field(default_factory=lambda: Stint(JUDGING_SECONDS))
    took: dict[str, float] = field(default_factory=dict)  # seconds by the wall clock, by check
    _asked: int = 0
    _called: int = 0

    @property
    def called(self) -> int:
        """How many calls this case has made."""
        return self._called

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
        text = as_python.call(name, args, kwargs)
        reply = self("call", text=text, name=name, args=args, kwargs=kwargs)
        reply.unchanged([*args, *kwargs.values()])
        return replace(reply, value=reply["value"])

    def function_twice(self, name: str, *args: Any, **kwargs: Any) -> tuple[Reply, Reply]:
        """`function`, and then once more on the very same arrays, whose numbers have been turned round meanwhile."""
        text = as_python.call(name, args, kwargs)
        reply = self("call", text=text, name=name, args=args, kwargs=kwargs, again=True)
        reply.unchanged([*args, *kwargs.values()])
        both = as_python.twice(name, args, kwargs, list(inspect.signature(self._own(name)).parameters))
        return replace(reply, value=reply["value"]), Reply(reply["again"], both)

    def _own(self, name: str) -> Callable[..., Any]:
        """The reference's function, for the names of its parameters."""
        own: Callable[..., Any] = getattr(self.reference.module, name)
        return own

    def refusal(self, driver: str, at_fault: dict[str, Any], *, text: str = "", **arguments: Any) -> None:
        """The student's code must raise a ValueError whose text names an argument at fault and its value."""
        said, line = self._refused(driver, arguments, text, f"ValueError that names {_either(at_fault)}")
        if not names_fault(said, at_fault):
            got = f"ValueError: {as_python.cut(said)}" if said else "ValueError without a text"
            message = (
                f"A ValueError is what is wanted here; its text must name {_either(at_fault)} and the value it has."
            )
            raise Failure("failed", message, text, f"ValueError that names {_either(at_fault)}", got, line=line)

    def refusal_text(self, driver: str, *, text: str = "", **arguments: Any) -> str:
        """The text of the ValueError that the student's code must raise."""
        return self._refused(driver, arguments, text, "ValueError")[0]

    def _refused(self, driver: str, arguments: dict[str, Any], text: str, expected: str) -> tuple[str, int | None]:
        answer = self._record(driver, arguments, text)
        if answer.kind == "value":
            came = isinstance(answer.value, dict) and "value" in answer.value
            shown = as_python.shown(answer.value["value"]) if came else "an answer"
            raise Failure("failed", "This call must be refused with a ValueError.", text, expected, shown)
        if answer.kind != "raised" or "ValueError" not in answer.details["types"]:
            raise replace(self._failure_of(answer, text), expected=expected)
        return answer.details["text"], answer.details["line"]

    @staticmethod
    def say(holds: bool, message: str, text: str, got: str) -> None:
        """Something that the text of a ValueError must say."""
        if not holds:
            raise Failure("failed", message, text, "a ValueError that says so", f"ValueError: {as_python.cut(got)}")

    def refused_function(self, name: str, at_fault: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        """`refusal` for a plain call of a function."""
        text = as_python.call(name, args, kwargs)
        self.refusal("call", at_fault, text=text, name=name, args=args, kwargs=kwargs)

    def expected(self, driver: str, **arguments: Any) -> Any:
        """What the reference gives for a driver."""
        return self.judged(lambda: self._reference(driver, arguments))

    def reference_now(self, driver: str, **arguments: Any) -> Any:
        """What the reference gives for arguments that depend on the student's answer; never remembered."""
        return self._reference(driver, arguments)

    def judged(self, question: Callable[[], Any] | None = None) -> Any:
        """The answer to a question about this case, such as what PyTorch does, worked out once.

        A handout without solutions has the answers to the questions, and not the questions: whatever would give an
        exercise away to who reads a check is asked like this. Raises Withheld where the answer is not known there.
        """
        self._asked += 1
        key = (*self.position, self._asked)
        if self.memory is not None and key in self.memory:
            return self.memory[key]
        if question is None:
            raise Withheld(f"no answer is recorded at {key}")
        answer = question()
        if self.memory is not None:
            self.memory[key] = answer
        return answer

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


def _either(at_fault: dict[str, Any]) -> str:
    names = [f"{name}" for name in at_fault]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
