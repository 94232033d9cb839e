"""Grading processes that are ended in the middle of a hostile submission: whatever they started ends with them."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.system import can_fork
from tests.hostile.support import ROOT

PROGRAM = """
import sys
from grader.course import registry
from grader.running.session import Session
with Session.start(processes=1) as session:
    session.grade({"weights": sys.argv[1].encode()}, name="x", exercises=[registry.exercise("rescale")], seed=0)
"""
STUBBORN = """
import os, signal, threading, time
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}: signal.signal(number, signal.SIG_IGN)
threading.Thread(target=lambda: [os.read(3, 1) for _ in range(10**9)], daemon=True).start()
while True: time.sleep(1)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_the_grading_process(tmp_path, number):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    grading = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, STUBBORN],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    family = _grown(grading.pid, 2)  # the nursery and a worker
    grading.send_signal(number)
    grading.wait(20)
    _all_end(family)


# Below the command: the ancestor, which grades; the nurseries, a helper and two workers. Where nothing is forked the
# command grades: there are a worker and the one that waits to be the next.
FAMILY = 6 if can_fork() else 2
ENDS = [
    ("the command", signal.SIGKILL),
    ("the command", signal.SIGTERM),
    ("the command", signal.SIGINT),
    ("what grades", signal.SIGKILL),
    ("what grades", signal.SIGTERM),
    ("what helps it to grade", signal.SIGKILL),
]


@pytest.mark.parametrize(("who", "number"), ENDS if can_fork() else ENDS[:3])
def test_nothing_outlives_a_command(tmp_path, who, number):
    _know_the_cases()
    work, temporary = tmp_path / "work", tmp_path / "temporary"
    work.mkdir()
    temporary.mkdir()
    for topic in ("weights", "cnn"):
        (work / f"{topic}.py").write_text(STUBBORN)
    command = [sys.executable, "-m", "grader", "check", "weights", "cnn", "--submission", str(work)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    started = subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    family = _grown(started.pid, FAMILY)
    grading = _children(started.pid)[0]
    helper = max((pid for pid in _children(grading) if not _children(pid)), default=grading)
    os.kill({"the command": started.pid, "what grades": grading, "what helps it to grade": helper}[who], number)
    if who == "what helps it to grade":
        started.send_signal(signal.SIGTERM)
    started.wait(60)
    _all_end(family)
    if number == signal.SIGKILL:  # nobody could clear away: the next one does
        for place in temporary.glob("grader-*"):
            os.utime(place, (0, 0))
        again = subprocess.run([*command[:3], "doctor"], env=environment, cwd=tmp_path, capture_output=True, text=True)
        assert "Ready to grade" in again.stdout or "missing" in again.stdout
    assert list(temporary.glob("grader-*")) == []


@functools.cache
def _know_the_cases() -> None:
    """Works out what the two topics ask, so that neither is done before the other has begun."""
    from grader.running.casebook import Casebook
    from grader.running.loading import checks_of
    from grader.running.shelf import Shelf

    book = Casebook(0, shelf=Shelf.of_user())
    for topic in ("weights", "cnn"):
        for checks in checks_of(topic).values():
            for check in checks:
                book.cases(check)
    book.save()


def _grown(pid: int, count: int) -> list[int]:
    """The processes below one, as soon as there are so many."""
    ends = time.monotonic() + 120
    while len(family := _below(pid)) < count:
        assert time.monotonic() < ends
        time.sleep(0.05)
    return family


def _all_end(family: list[int]) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends and any(map(_is_alive, family)):
        time.sleep(0.05)
    assert not any(map(_is_alive, family))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for folder in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (folder / "children").read_text(encoding="utf-8").split())
    return found


def _below(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for child in _children(pid):
            found += [child, *_below(child)]
    return found


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
