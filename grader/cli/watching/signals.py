"""Signals as something to read: what they ask for is done between two steps, not in the middle of one."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

from grader.cli.watching.bell import Bell

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGWINCH", "SIGCONT")
_HEARD = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))  # Windows has the first two
ENDING = set(_HEARD[:3])


@contextlib.contextmanager
def heard() -> Iterator[Bell]:
    """A bell that says the numbers of the signals that come, while the block runs."""
    with Bell() as bell:

        def hear(number: int, frame: FrameType | None) -> None:
            bell.ring(bytes([number]))

        # What was ignored from the start, as by `nohup`, stays so.
        before = {number: signal.getsignal(number) for number in _HEARD}
        before = {number: handler for number, handler in before.items() if handler != signal.SIG_IGN}
        for number in before:
            signal.signal(number, hear)
        try:
            yield bell
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def taken(bell: Bell) -> list[signal.Signals]:
    """The signals that came since this was asked last."""
    return [signal.Signals(number) for number in bell.taken()]
