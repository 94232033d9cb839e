"""Messages over a pipe: each is its length in four bytes, and so many bytes. And what a grading process is told first."""

from __future__ import annotations

import os

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


def receive(pipe: int) -> bytes | None:
    """The next message; None at the end of the pipe."""
    head = _exactly(pipe, 4)
    return None if head is None else _exactly(pipe, int.from_bytes(head, "big"))


def _exactly(pipe: int, count: int) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        chunk = os.read(pipe, min(count - len(data), 1 << 20))
        if not chunk:
            return None
        data += chunk
    return bytes(data)
