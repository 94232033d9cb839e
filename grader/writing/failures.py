"""What a check finds wrong, in words for the student."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.explaining.explain import explain_error, is_line, raised_by_hand, where_raised
from grader.writing import as_python
from grader.writing.answer import Answer

MOST_SHOWN = 10_000  # characters of each text of a failure: what a submission answers may stand in it


@dataclass
class Failure(AssertionError):
    """A check found something wrong. All texts are for the student."""

    status: str
    message: str
    call: str = ""
    expected: str = ""
    got: str = ""
    judge: str = ""  # where the expected answer comes from, such as "what nn.Conv2d gives"
    line: int | None = None
    picture: dict[str, Any] | None = None
    story: str = ""  # what had happened until then; it stays where a known mistake takes the message's place
    printed: str = ""  # what the student's code printed in this call
    stateful: bool = False  # whether the answer depends on earlier calls
    unchecked: bool = False  # whether it is the grader that failed
    answer: str = ""  # more of the message, which tells what would have been right

    def __post_init__(self) -> None:
        for name in ("message", "expected", "got", "story", "answer"):
            setattr(self, name, as_python.cut(getattr(self, name), MOST_SHOWN))

    def __str__(self) -> str:
        lines = [" ".join(filter(None, (self.message, self.answer, self.story)))]
        if self.call:
            lines += [self.call, f"  expected  {self.expected}", f"  got       {self.got}"]
        return "\n".join(lines)


class Withheld(Exception):
    """What the answer would have to be judged by stayed with the course, and this is a handout without it."""


class ReferenceFails(Exception):
    """The reference itself fails a check: the check is at fault, not the submission. The text names check and case."""


def failure_of(answer: Answer, text: str = "", function_name: str = "") -> Failure:
    """The Failure for an answer that is not a value.

    `function_name` is the exercise's function: a stub that stands elsewhere does not mean that it is not started.
    """
    details = answer.details
    if answer.kind == "raised":
        return _raised(details, text, function_name)
    if answer.kind == "off_limits":
        operator = str(details["operator"]).split("::")[-1]
        message = f"PyTorch's own `{operator}` was used. It is off limits here: the exercise is to do without it."
        line = details.get("line")
        story = f"It was called in line {line}." if is_line(line) else ""
        return Failure("forbidden", message, text, "an answer without it", f"`{operator}` ran", line=line, story=story)
    if answer.kind == "timeout":
        return Failure(
            "timeout", "It did not finish in time. Is there a loop that never ends?", text, "an answer", "none in time"
        )
    if answer.kind == "missing":
        name = as_python.cut(str(details["name"]), 60)
        message = f"There is no `{name}` here. Is it not written yet, or was it renamed?"
        return Failure("error", message, text, f"`{name}` can be called", "it is not there")
    if answer.kind == "no_gradient":
        message = "No gradient flows through the result: it is detached from its inputs."
        return Failure("failed", message, text, "a result with a gradient", "a result without one")
    if answer.kind == "unsendable":
        return Failure("failed", f"The answer cannot be read: {details['text']}.", text, "plain data", "something else")
    return Failure(
        "crashed", f"The answer never came: {details.get('text', 'the process ended')}.", text, "an answer", "none"
    )


def _raised(details: dict[str, Any], text: str, function_name: str) -> Failure:
    said = details["text"].strip()
    got = details["type"] + (f": {as_python.cut(said, 400)}" if said else "")
    got += f". {details['suggestion']}" if details["suggestion"] else ""
    if "NotImplementedError" in details["types"] and raised_by_hand(details):
        where = details["frames"][-1][1]
        if function_name in ("", where):
            return Failure("not_started", "Not started yet.", text, "an answer", got, line=details["line"])
        message = f"It calls `{where}`, which is not started yet."
        return Failure("error", message, text, "an answer", got, line=details["line"])
    where = where_raised(details, function_name)
    return Failure("error", explain_error(details), text, "an answer", got, line=details["line"], story=where)
