"""A value that came back from the submission, and all that a check may say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch

from grader.writing import as_python
from grader.writing.compare import USUAL, Difference, Tolerance, difference, wrong_kind
from grader.writing.failures import Failure


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

    def differs(
        self, found: Difference, *, judge: str = "", message: str = "", story: str = "", answer: str = ""
    ) -> None:
        """Reports a difference. What tells the right answer is no part of the `message`, but the `answer`."""
        said = " ".join(filter(None, (message, found.message)))
        raise Failure(
            "failed", said, self.text, found.expected, found.got, judge,
            picture=found.picture, story=story, answer=answer,
        )  # fmt: skip

    def must(self, holds: bool, message: str, *, expected: str, got: Any = "") -> None:
        """Something that must hold."""
        if not holds:
            raise Failure("failed", message, self.text, expected, got if isinstance(got, str) else as_python.shown(got))

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
