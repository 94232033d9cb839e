"""Grading processes that are ended in the middle of a hostile submission: whatever they started ends with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hostile.support import ROOT

PROGRAM = """
import sys, threading
from grader import registry
from grader.grading.session import Session
with Session.start(processes=1) as session:
    threading.Timer(0.6, lambda: print("grading", flush=True)).start()
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
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert grading.stdout.readline() == "grading\n"
    family = _below(grading.pid)
    assert len(family) == 2  # the nursery and a worker
    grading.send_signal(number)
    grading.wait(20)
    ends = time.monotonic() + 10
    while time.monotonic() < ends and any(map(_is_alive, family)):
        time.sleep(0.05)
    assert not any(map(_is_alive, family))
    grading.stdout.close()


def _below(pid: int) -> list[int]:
    found = []
    for folder in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (folder / "children").read_text().split()):
            found += [child, *_below(child)]
    return found


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
