"""How long a worker may take: its own processor time counts, so that a busy machine costs nobody a point.

A process's processor clock can be read from outside (clock_getcpuclockid(3)). What sleeps uses none of it, so the time
in which all of a worker's threads sleep is counted as well; a thread that waits for a processor does not sleep. The
wall clock is the last resort, far longer than either, and the only measure where a system has no such clocks.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

TICK = 0.2  # seconds between two looks at a worker that has not answered
WALL_FACTOR = 12.0  # how much longer than its processor time an answer may take by the wall clock
IDLE_SHARE = 0.05  # of a tick: who uses less of it and sleeps when looked at has slept it away


@dataclass(frozen=True)
class Allowance:
    """What one answer may take: seconds of processor time, of sleep, and by the wall clock.

    `until` is where the worker's processor clock may stand at most, whatever the answer: the end of a budget.
    """

    processor: float
    idle: float
    wall: float
    until: float = float("inf")

    @classmethod
    def of(cls, seconds: float, until: float = float("inf")) -> Allowance:
        """So many seconds of the worker's own time."""
        return cls(seconds, seconds, WALL_FACTOR * seconds, until)

    @classmethod
    def of_wall(cls, seconds: float) -> Allowance:
        """So many seconds by the wall clock, whatever the worker does."""
        return cls(seconds, seconds, seconds)


@dataclass(frozen=True)
class WorkerClock:
    """What can be seen of a process's time from outside."""

    pid: int

    def processor(self) -> float | None:
        """Seconds of processor time that the process has used; None where that cannot be read."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)  # CPUCLOCK_SCHED of the process, as in clock_getcpuclockid
        except (OSError, AttributeError, OverflowError):
            return None

    def sleeps(self) -> bool:
        """Whether every thread of the process waits for something else than a processor or a disk."""
        states = [state for thread in self._threads() if (state := self._state(thread))]
        return bool(states) and not any(state in "RDW" for state in states)

    def _threads(self) -> list[str]:
        try:
            return os.listdir(f"/proc/{self.pid}/task")
        except OSError:
            return []

    def _state(self, thread: str) -> str:
        try:
            with open(f"/proc/{self.pid}/task/{thread}/stat", encoding="ascii", errors="replace") as file:
                return file.read().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            return ""


@dataclass
class Stopwatch:
    """Watches one answer. It looks only at ticks, so that an answer that comes at once costs nothing."""

    clock: WorkerClock
    allowance: Allowance
    tick: float = TICK
    _began: float = field(default_factory=time.monotonic)
    _looked: float = 0.0
    _at_first: float | None = None  # the worker's processor clock at the first look
    _last: float = 0.0
    slept: float = 0.0

    def __post_init__(self) -> None:
        self._looked = self._began
        self.tick = max(0.001, min(TICK, self.allowance.wall))

    def expired(self) -> bool:
        """Whether the answer has taken too long."""
        now = time.monotonic()
        if self.allowance.processor <= 0 or now - self._began >= self.allowance.wall:
            return True
        passed = now - self._looked
        if passed < self.tick:
            return False
        self._looked = now
        used = self.clock.processor()
        if used is None:  # the process is gone, which its pipe will say, or the system does not tell
            return now - self._began >= self.allowance.processor
        if self._at_first is None:
            self._at_first = self._last = used
        elif used - self._last < IDLE_SHARE * passed and self.clock.sleeps():
            self.slept += passed
        self._last = used
        spent = used - self._at_first
        return spent >= self.allowance.processor or self.slept >= self.allowance.idle or used >= self.allowance.until
