"""Signals as something to read: what they ask for is done between two steps, not in the middle of one."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGWINCH", "SIGCONT")
_HEARD = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))  # Windows has the first two
ENDING = set(_HEARD[:3])


@contextlib.contextmanager
def heard() -> Iterator[int]:
    """A descriptor whose bytes are the numbers of the signals that came, while the block runs."""
    read_end, write_end = os.pipe()
    for end in (read_end, write_end):
        os.set_blocking(end, False)

    def hear(number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(write_end, bytes([number]))

    # What was ignored from the start, as by `nohup`, stays so.
    before = {number: signal.getsignal(number) for number in _HEARD}
    before = {number: handler for number, handler in before.items() if handler != signal.SIG_IGN}
    for number in before:
        signal.signal(number, hear)
    try:
        yield read_end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(read_end)
        os.close(write_end)


def taken(read_end: int) -> list[signal.Signals]:
    """The signals that came since this was asked last."""
    try:
        return [signal.Signals(number) for number in os.read(read_end, 4096)]
    except BlockingIOError:
        return []
