"""What the tests of reading submissions share: a reading whose time, memory and open files are looked at."""

from __future__ import annotations

import contextlib
import os
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.submissions import Submission, SubmissionError, read_submission

MOST_CPU_SECONDS = 5.0
MOST_SECONDS = 600.0  # of the wall clock: machines can be busy
MOST_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Reading:
    """What came of reading: a submission, or the text of a refusal."""

    submission: Submission | None
    refusal: str

    @property
    def sources(self) -> dict[str, bytes]:
        return {topic: file.source for topic, file in self.submission.modules.items()} if self.submission else {}

    @property
    def texts(self) -> list[str]:
        return [problem.text for problem in self.submission.problems] if self.submission else []

    @property
    def said(self) -> str:
        return self.refusal or "\n".join(self.texts)


@pytest.fixture
def read():
    """Reads a path; anything but a Submission or a SubmissionError fails, as do much time, memory or an open file."""

    def read_bounded(path: Path | str) -> Reading:
        before = sorted(os.listdir("/proc/self/fd"))
        start, cpu_start = time.monotonic(), time.process_time()
        tracemalloc.start()
        try:
            reading = Reading(read_submission(path), "")
        except SubmissionError as error:
            reading = Reading(None, str(error))
        finally:
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert time.process_time() - cpu_start < MOST_CPU_SECONDS
        assert time.monotonic() - start < MOST_SECONDS
        assert peak < MOST_BYTES
        assert sorted(os.listdir("/proc/self/fd")) == before, "a file was left open"
        assert (reading.submission is None) == bool(reading.refusal)
        assert all(c.isprintable() or c == "\n" for c in reading.said)
        return reading

    return read_bounded


@pytest.fixture
def time_limit():
    """A block of so many seconds of the processor's time."""

    @contextlib.contextmanager
    def limited(seconds: float):
        start = time.process_time()
        yield
        assert time.process_time() - start < seconds

    return limited
