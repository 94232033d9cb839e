"""How long a worker may take: its own processor time counts, so that a busy machine costs nobody a point.

A process's processor clock can be read from outside (clock_getcpuclockid(3)). What sleeps uses none of it, so the time
in which a worker sleeps is counted as well: what has passed, without what it has used and what it has waited for a
processor (schedstat, proc(5)), whenever all of its threads are found asleep. Nobody knows when it is looked at. The wall
clock is the last resort, far longer than either, and the only measure where a system has no such clocks.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, field

from grader.sandbox.outer.process import Clock

TICK = 0.2  # seconds, about, between two looks at a worker that has not answered
WALL_FACTOR = 12.0  # how much longer than its processor time an answer may take by the wall clock
IDLE_SHARE = 0.05  # of a tick: who uses less of it has slept it away, where it is not told how long a thread has waited


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

    def waited(self) -> dict[str, float] | None:
        """Seconds for which each thread has waited for a processor so far; None where the system does not tell."""
        found: dict[str, float] = {}
        for thread in self._threads():
            try:
                with open(f"/proc/{self.pid}/task/{thread}/schedstat", encoding="ascii") as file:
                    found[thread] = int(file.read().split()[1]) / 1e9
            except (OSError, IndexError, ValueError):
                continue  # the thread has ended
        return found or None

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

    clock: Clock
    allowance: Allowance
    tick: float = TICK
    _began: float = field(default_factory=time.monotonic)
    _looked: float = 0.0
    _at_first: float | None = None  # the worker's processor clock at the first look
    _last: float = 0.0
    _waited: dict[str, float] | None = None  # by thread, at the last look
    slept: float = 0.0
    _until_look: float = 0.0

    def __post_init__(self) -> None:
        self._looked = self._began
        self.tick = max(0.001, min(TICK, self.allowance.wall))
        self._until_look = self._next_look()

    def _next_look(self) -> float:
        return self.tick * (0.5 + random.SystemRandom().random())

    def expired(self) -> bool:
        """Whether the answer has taken too long."""
        now = time.monotonic()
        if self.allowance.processor <= 0 or now - self._began >= self.allowance.wall:
            return True
        passed = now - self._looked
        if passed < self._until_look:
            return False
        self._looked, self._until_look = now, self._next_look()
        used = self.clock.processor()
        if used is None:  # the process is gone, which its pipe will say, or the system does not tell
            return now - self._began >= self.allowance.processor
        waited = self.clock.waited()
        if self._at_first is None:
            self._at_first = self._last = used
        elif self.clock.sleeps():
            self.slept += self._slept_of(passed, used - self._last, waited)
        self._last, self._waited = used, waited
        spent = used - self._at_first
        return spent >= self.allowance.processor or self.slept >= self.allowance.idle or used >= self.allowance.until

    def _slept_of(self, passed: float, used: float, waited: dict[str, float] | None) -> float:
        """How much of the time since the last look it has slept; it is found asleep now."""
        if waited is None or self._waited is None:
            return passed if used < IDLE_SHARE * passed else 0.0
        before = self._waited
        return max(0.0, passed - used - sum(now - before.get(thread, 0.0) for thread, now in waited.items()))
