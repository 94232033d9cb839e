"""Messages over a pipe: each is its length in four bytes, and so many bytes. And what a grading process is told first."""

from __future__ import annotations

import os
import select
import time

import msgspec


class Hello(msgspec.Struct, frozen=True):
    """What a grading process is told once its nursery is born: whose process it is."""

    environment: dict[str, str]
    folder: str
    hidden: tuple[str, ...] = ()  # what no worker may read, besides the kit's own


def send(pipe: int, data: bytes) -> None:
    """Sends a message. Raises OSError where nobody reads any more."""
    left = memoryview(len(data).to_bytes(4, "big") + data)
    while left:
        left = left[os.write(pipe, left) :]


def receive(pipe: int, seconds: float | None = None) -> bytes | None:
    """The next message; None at the end of the pipe. Raises TimeoutError where it is not there in time."""
    until = None if seconds is None else time.monotonic() + seconds
    head = _exactly(pipe, 4, until)
    return None if head is None else _exactly(pipe, int.from_bytes(head, "big"), until)


def _exactly(pipe: int, count: int, until: float | None) -> bytes | None:
    data = bytearray()
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while len(data) < count:
        if until is not None and not poll.poll(max(0.0, until - time.monotonic()) * 1000):
            raise TimeoutError("there was no answer in time")
        chunk = os.read(pipe, min(count - len(data), 1 << 20))
        if not chunk:
            return None
        data += chunk
    return bytes(data)
