"""A wrong answer may hang: an audit gives it up."""

from __future__ import annotations

import contextlib
import signal
import warnings
from collections.abc import Iterator
from typing import Any


class OutOfTime(BaseException):
    """It took too long. No `except Exception` of a wrong answer's own may catch it."""


@contextlib.contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """A block that may take so long, and whose warnings nobody needs: mutants divide by zero. Raises OutOfTime."""

    def give_up(number: int, frame: Any) -> None:
        raise OutOfTime

    handler = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, handler)
