"""Bounds for the grader's own work on what a submission gave: memory, and its processor time.

What crosses from a worker is bounded where it is decoded. These are the walls behind that: whatever was overlooked there
costs one answer or one picture, and never the report. Where a system has no such limits the work is done without them.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

from grader.sandbox.confine.privileges import die_with_parent

if sys.platform != "win32":
    import resource

MOST_MEMORY = 2 * 2**30  # bytes, besides what the process has when the work begins; a whole check takes a third of it
MOST_RESULT = 16 * 2**20  # bytes that come back from a process of its own
WALL_FACTOR = 12.0  # how much longer than its processor time work may take by the wall clock, on a busy machine
TOO_LONG = "It takes too long."
_LOOKING = 0.1  # seconds between two looks of a thread at the processor's clock
_AGAIN = 1.0  # seconds after which work is interrupted once more, where something has swallowed that


class TookTooLong(BaseException):
    """The work took more processor time than it may. No `except Exception` on its way keeps it."""


class NoResult(Exception):
    """Work in a process of its own gave no result; the text says why, for a student."""


class Stint:
    """So many seconds of this process's own processor time, for all pieces of work together that are done within it."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self._alarm: _SignalAlarm | _ThreadAlarm | None = None  # while it runs

    @contextlib.contextmanager
    def work(self) -> Iterator[None]:
        """Interrupts what is done inside with TookTooLong, once the seconds are used up."""
        if self._alarm is not None or threading.current_thread() is not threading.main_thread():
            yield
            return
        if self.left <= 0:
            raise TookTooLong
        self._alarm = _SignalAlarm(self._stop) if hasattr(signal, "setitimer") else _ThreadAlarm(self._stop)
        try:
            try:
                self._alarm.set(self.left)
                yield
            finally:
                self._rest()
        except TookTooLong:
            self._rest()  # it may have come in the middle of the line above
            raise
        finally:
            alarm, self._alarm = self._alarm, None
            alarm.close()

    @contextlib.contextmanager
    def pause(self) -> Iterator[None]:
        """What is done inside is not counted, and not interrupted."""
        if self._alarm is None:
            yield
            return
        self._rest()
        try:
            yield
        finally:
            self._alarm.set(max(self.left, 1e-6))

    def _rest(self) -> None:
        assert self._alarm is not None
        self.left = min(self.left, self._alarm.rest())

    def _stop(self) -> NoReturn:
        self.left = 0.0
        raise TookTooLong


class _SignalAlarm:
    """Calls a function in the main thread once so many seconds of processor time are used: by a timer that signals."""

    def __init__(self, stop: Callable[[], NoReturn]) -> None:
        self._before = signal.signal(signal.SIGPROF, lambda number, frame: stop())

    def set(self, seconds: float) -> None:
        """Begins to count."""
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)

    def rest(self) -> float:
        """Stops counting; how many seconds are left."""
        return signal.setitimer(signal.ITIMER_PROF, 0)[0]

    def close(self) -> None:
        """Leaves everything as it was."""
        signal.signal(signal.SIGPROF, self._before)


class _ThreadAlarm:
    """The same where there is no such timer: by a thread that looks, and interrupts as somebody at the keyboard does."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop, self._until, self._rings = stop, float("inf"), False
        self._over = threading.Event()
        self._before = signal.signal(signal.SIGINT, self._interrupted)
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def set(self, seconds: float) -> None:
        """Begins to count."""
        self._until = time.process_time() + seconds

    def rest(self) -> float:
        """Stops counting; how many seconds are left."""
        left, self._until = self._until - time.process_time(), float("inf")
        return max(0.0, left)

    def close(self) -> None:
        """Leaves everything as it was."""
        self._stop = lambda: None
        self._over.set()
        self._thread.join()
        while self._rings:  # it has interrupted, which is heard at one of the next steps
            time.sleep(0)
        signal.signal(signal.SIGINT, self._before)

    def _look(self) -> None:
        while not self._over.wait(_LOOKING):
            if time.process_time() >= self._until:
                self._until = time.process_time() + _AGAIN
                self._rings = True
                _thread.interrupt_main()

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        rings, self._rings = self._rings, False
        if rings:
            self._stop()
        elif callable(self._before):
            self._before(number, frame)


@contextlib.contextmanager
def memory(most: int = MOST_MEMORY) -> Iterator[None]:
    """Inside, this process gets no more memory than so many bytes besides what it has; beyond it MemoryError is raised."""
    present = _present_memory()
    if sys.platform == "win32" or present is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = present + most
    if soft != resource.RLIM_INFINITY:
        wanted = min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _present_memory() -> int | None:
    """The bytes of this process that RLIMIT_DATA counts; None where that is not known.

    RLIMIT_AS would count what PyTorch reserves and never uses, and the libraries.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("VmData:"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration, ValueError):
        return None


def apart(work: Callable[[], bytes], *, seconds: float, most_memory: int = MOST_MEMORY) -> bytes:
    """What some work gives that is done in a forked process, within limits of processor time and of memory.

    Raises NoResult where nothing came of it: it raised an exception, whose text is taken, or met a limit, or died.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _do(work, write_end, seconds, most_memory)
    os.close(write_end)
    try:
        result = _received(read_end, time.monotonic() + WALL_FACTOR * seconds)
    finally:
        os.close(read_end)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # a process that has answered is of no use any more
        _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        raise NoResult(TOO_LONG)
    if result[:1] == b"+":
        return result[1:]
    said = result[1:].decode("utf-8", "replace")
    raise NoResult(said or "Its process died, as one does that takes too much memory.")


def _do(work: Callable[[], bytes], write_end: int, seconds: float, most_memory: int) -> NoReturn:
    """Does the work in this process, sends what came of it, and ends."""
    try:
        die_with_parent()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPROF):
            signal.signal(number, signal.SIG_DFL)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (max(1, round(seconds)), max(1, round(seconds)) + 1))
        try:
            with memory(most_memory):
                result = b"+" + work()
        except BaseException as error:
            result = b"-" + why(error).encode("utf-8", "backslashreplace")
        left = memoryview(result)
        while left:
            left = left[os.write(write_end, left) :]
    finally:
        os._exit(0)


def why(error: BaseException) -> str:
    """What an error says, for a student."""
    if isinstance(error, MemoryError):
        return "It takes too much memory."
    return str(error) or type(error).__name__


def _received(read_end: int, until: float) -> bytes:
    """All that comes through a pipe until it is closed. Raises NoResult where that is too much, or takes too long."""
    result = bytearray()
    poll = select.poll()
    poll.register(read_end, select.POLLIN)
    while len(result) <= MOST_RESULT:
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise NoResult(TOO_LONG)
        chunk = os.read(read_end, 1 << 20)
        if not chunk:
            return bytes(result)
        result += chunk
    raise NoResult("What comes of it is too large.")
