"""A worker's process as the grading one sees it, however it was started: its pipes, its clock, its end."""

from __future__ import annotations

import abc
from typing import Protocol

KEPT_OUTPUT = 200_000


class Clock(Protocol):
    """What can be seen of a process's time from outside."""

    def processor(self) -> float | None:
        """Seconds of processor time that the process has used; None where that cannot be read."""

    def sleeps(self) -> bool:
        """Whether every thread of the process waits for something else than a processor or a disk."""

    def waited(self) -> dict[str, float] | None:
        """Seconds for which each thread has waited for a processor so far; None where the system does not tell."""


class Printed:
    """What a process has printed: so much of it is kept, and how much more there was."""

    def __init__(self) -> None:
        self._kept, self._cut = bytearray(), 0

    def add(self, chunk: bytes) -> None:
        """Keeps what there is room for."""
        room = max(KEPT_OUTPUT - len(self._kept), 0)
        self._kept += chunk[:room]
        self._cut += max(len(chunk) - room, 0)

    def taken(self) -> str:
        """All of it as text, once."""
        text = self._kept.decode("utf-8", "replace")
        if self._cut:
            text += f"\n… and {self._cut:,} bytes more"
        self._kept.clear()
        self._cut = 0
        return text


class Process(abc.ABC):
    """A started process that answers requests. What waits for it waits no longer than it is told to."""

    def __init__(self, pid: int, clock: Clock) -> None:
        self.pid, self.clock = pid, clock

    @abc.abstractmethod
    def exchange(self, outbox: bytearray, seconds: float) -> bytes | None:
        """Waits so long for what the process sends: some bytes of it, none where nothing can come any more, or None.

        On the way it sends of the outbox what the process takes, and keeps what it prints.
        """

    @abc.abstractmethod
    def is_speaking(self) -> bool:
        """Whether the process has sent something that nobody has read."""

    @abc.abstractmethod
    def printed(self) -> str:
        """What the process had printed by its last answer, and was not asked for before."""

    @abc.abstractmethod
    def takes_too_much(self) -> bool:
        """Whether it takes more memory than it may, where nothing else but this question limits it."""

    @abc.abstractmethod
    def end(self) -> int | None:
        """Kills the process with all that it started; its exit code, or the negative number of the signal that ended it."""

    @abc.abstractmethod
    def close(self) -> None:
        """Ends it, and lets go of its pipes."""
