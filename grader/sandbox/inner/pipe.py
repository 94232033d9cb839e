"""Frames over pipes: read whole or not at all, and written whole."""

from __future__ import annotations

import os
import sys
from typing import Any

from grader.sandbox import wire


def of_their_own() -> tuple[int, int]:
    """The standard input and output, for frames alone, under numbers that no child inherits.

    What is printed goes to the standard error from now on, and there is nothing to read.
    """
    questions, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (questions, answers):
            msvcrt.setmode(descriptor, os.O_BINARY)
    return questions, answers


def encoded(reply: dict[str, Any]) -> wire.Payload:
    try:
        return wire.encode(reply)
    except wire.WireError as error:
        return wire.encode({"unsendable": str(error)})
    except BaseException as error:  # a student's class may misbehave while it is being read
        return wire.encode({"unsendable": f"reading it raised {type(error).__name__}"})


def read(fd: int) -> tuple[int, Any] | None:
    head = _read_exactly(fd, wire.HEAD.size)
    if head is None:
        return None
    number, header_length, buffers_length = wire.read_head(head)
    header = _read_exactly(fd, header_length)
    buffers = _read_exactly(fd, buffers_length)
    return None if header is None or buffers is None else (number, wire.decode(header, buffers))


def _read_exactly(fd: int, count: int) -> bytearray | None:
    data = bytearray()
    while len(data) < count:
        chunk = os.read(fd, min(count - len(data), 1 << 20))
        if not chunk:
            return None
        data += chunk
    return data


def write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
