"""Bounds for the grader's own work: what goes beyond them is ended, what does not is left alone."""

import contextlib
import os
import signal
import sys
import time

import numpy as np
import pytest
import torch

from grader import bounds
from grader.bounds import NoResult, Stint, TookTooLong

resource = pytest.importorskip("resource", reason="the limits are Linux's")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limits are Linux's")


def _spin(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_work_that_takes_too_long_is_interrupted_and_no_more_of_it_is_begun():
    stint = Stint(0.2)
    with pytest.raises(TookTooLong), stint.work():
        _spin(60)
    with pytest.raises(TookTooLong), stint.work():
        raise AssertionError("not reached")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_pieces_of_work_share_their_seconds_and_pauses_are_not_counted():
    stint = Stint(0.5)
    with stint.work():
        _spin(0.1)
        with stint.pause():
            _spin(0.6)
    with stint.work(), stint.work():
        _spin(0.1)
    assert 0 < stint.left < 0.4
    with pytest.raises(TookTooLong), stint.work(), contextlib.suppress(Exception):
        _spin(60)


def test_an_interruption_that_is_swallowed_comes_again():
    with pytest.raises(TookTooLong), Stint(0.1).work():
        with contextlib.suppress(TookTooLong):
            _spin(60)
        _spin(60)


def test_errors_pass_as_they_are():
    with pytest.raises(KeyError), Stint(5).work():
        raise KeyError


def test_memory_beyond_the_limit_is_refused_and_the_limit_is_gone_afterwards():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with bounds.memory(2**28):
        with pytest.raises(MemoryError):
            np.ones(2**27)
        with pytest.raises(RuntimeError):
            torch.ones(2**28)
        assert np.ones(2**20).sum() == 2**20
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_work_apart_gives_its_result_and_changes_nothing_here():
    kept = []
    assert bounds.apart(lambda: kept.append(1) or b"x" * 3_000_000, seconds=60) == b"x" * 3_000_000
    assert kept == []


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (lambda: bytes(2**40), "too much memory"),
        (lambda: [bytearray(2**24) for _ in range(1000)], "too much memory"),
        (lambda: {}["missing"], "missing"),
        (lambda: _spin(60) or b"", "too long"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL) or b"", "died"),
        (lambda: os._exit(3), "died"),
        (lambda: sys.exit("bye"), "bye"),
        (lambda: bytes(bounds.MOST_RESULT + 1), "too large"),
    ],
    ids=["at once", "bit by bit", "an error", "no end", "a crash", "an exit", "another exit", "a long result"],
)
def test_work_apart_that_goes_wrong_says_so(work, why):
    descriptors = len(os.listdir("/proc/self/fd"))
    with pytest.raises(NoResult, match=why):
        bounds.apart(work, seconds=1, most_memory=2**28)
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_work_apart_that_sleeps_ends_by_the_wall_clock(monkeypatch):
    monkeypatch.setattr(bounds, "WALL_FACTOR", 0.5)
    with pytest.raises(NoResult, match="too long"):
        bounds.apart(lambda: time.sleep(60) or b"", seconds=1)
