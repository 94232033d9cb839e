"""What comes of a call, and who may be called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from grader.sandbox.wire import Opaque, Record

__all__ = ["Answer", "Opaque", "Record", "Reference", "Subject"]


@dataclass(frozen=True)
class Answer:
    """What came of a call. `kind` is "value" or one of the ways to have none; `details` depends on it."""

    kind: str
    value: Any = None
    details: dict[str, Any] = field(default_factory=dict)


class Subject(Protocol):
    """Somebody who answers calls."""

    def ask(self, driver: str, arguments: dict[str, Any], seconds: float) -> Answer: ...


class Reference(Subject, Protocol):
    """The reference, which is asked as a submission is; its module can be looked at."""

    @property
    def module(self) -> Any: ...
