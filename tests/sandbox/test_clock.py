"""Whose time it is: what a worker uses and sleeps counts, what it waits for a processor does not."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from dataclasses import dataclass, field

import pytest

from grader.sandbox.outer import clock
from grader.sandbox.outer.clock import Allowance, Stopwatch, WorkerClock


@dataclass
class Scripted:
    """A clock that tells, look by look, what was used and waited until then."""

    used: list[float]
    waited_for: list[float] | None
    asleep: bool = True
    looks: itertools.count = field(default_factory=itertools.count)

    def processor(self) -> float:
        self.at = min(next(self.looks), len(self.used) - 1)
        return self.used[self.at]

    def sleeps(self) -> bool:
        return self.asleep

    def waited(self) -> dict[str, float] | None:
        return None if self.waited_for is None else {"1": self.waited_for[self.at]}


def slept(monkeypatch, scripted: Scripted) -> float:
    """What a stopwatch counts as slept when it looks once a second."""
    now = [0.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])
    watch = Stopwatch(scripted, Allowance.of(1000.0))  # type: ignore[arg-type]
    watch._began = watch._looked = 0.0
    for _ in scripted.used:
        now[0] += 1.0
        assert not watch.expired()
    return watch.slept


@pytest.mark.parametrize(
    ("used", "waited", "asleep", "expected"),
    [
        ([0, 0.1, 0.2, 0.3], [0, 0, 0, 0], True, 2.7),  # it does a tenth of the time something
        ([0, 0.1, 0.2, 0.3], [0, 0.9, 1.8, 2.7], True, 0.0),  # on a busy machine
        ([0, 1, 2, 3], [0, 0, 0, 0], True, 0.0),  # a thread ended just before it was looked at
        ([0, 2, 4, 6], [0, 1, 2, 3], True, 0.0),  # two threads
        ([0, 0, 0, 0], [0, 0, 0, 0], False, 0.0),  # it waits for a disk
        ([0, 0, 0, 0], None, True, 3.0),  # where the system does not tell
        ([0, 0.1, 0.2, 0.3], None, True, 0.0),
    ],
)
def test_what_is_neither_used_nor_waited_for_a_processor_is_slept(monkeypatch, used, waited, asleep, expected):
    assert slept(monkeypatch, Scripted(used, waited, asleep)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("program", "least", "most"),
    [
        ("import time\nwhile True:\n end = time.perf_counter() + .008\n while time.perf_counter() < end: pass\n time.sleep(.092)", 0.3, 1.0),
        ("while True: pass", 0.0, 0.1),
    ],
    ids=["busy for a twelfth of the time", "busy"],
)  # fmt: skip
def test_a_process_that_mostly_sleeps_does_not_live_long(program, least, most):
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        watch = Stopwatch(WorkerClock(process.pid), Allowance.of(1000.0))
        began = time.monotonic()
        while time.monotonic() - began < 4:
            time.sleep(0.02)
            assert not watch.expired()
        assert least <= watch.slept / 4 <= most
    finally:
        process.kill()
        process.wait()
