"""The process that has PyTorch loaded and has been told nothing: nurseries are forked from it, then it grades.

`grader.launch` starts it, with a clean environment and a command line of numbers and search paths.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import pickle
import select
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from grader.sandbox.inner import nursery, warming
from grader.sandbox.outer.forking import ForkedNursery
from grader.sandbox.outer.nursery import BORN
from grader.system import end_by

if TYPE_CHECKING:
    from grader.launch import Told


def main() -> None:
    """Imports PyTorch, forks the nurseries, reads from the pipe what to do, and exits with the status of that."""
    pipe, count, parent = map(int, sys.argv[1:4])
    nursery.die_with(parent)
    bear(count)
    with os.fdopen(pipe, "rb") as told:
        message = told.read()
    if not message:
        os._exit(0)
    end_when_told()
    act(pickle.loads(message))


def bear(count: int) -> None:
    """Imports PyTorch and forks the nurseries, which must be done before this process is told anything."""
    warming.warm()
    BORN.extend(ForkedNursery.forked() for _ in range(count))


def end_when_told() -> None:
    """Has this process clear away where a signal ends it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as of `nohup`
            signal.signal(number, _leave)


def end_with(pipe: int) -> None:
    """Has this process be ended once nobody can write into a pipe any more, also while it does something else.

    A parent's death signal will not do where it was a thread that started this process: it would come when that ends.
    """
    parent = os.getpid()
    if os.fork():
        return
    try:
        nursery.die_with(parent)
        os.setsid()
        for standard in {0, 1, 2} - {pipe}:
            os.close(standard)
        watched = select.poll()
        watched.register(pipe, 0)  # no event but its end
        watched.poll()
        os.kill(parent, signal.SIGTERM)
    finally:
        os._exit(0)


def act(told: Told, *before: int) -> None:
    """Becomes the command's process in all that a program can see, and runs its function.

    `before` are arguments that come before those it was told.
    """
    from grader.exits import guarded

    os.environ.clear()
    os.environ.update(told.environment)
    os.chdir(told.folder)
    sys.argv, sys.orig_argv, sys.dont_write_bytecode = told.arguments, told.typed, not told.bytecode
    for stream, (encoding, errors) in zip((sys.stdin, sys.stdout, sys.stderr), told.encodings, strict=True):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=errors)
    end(guarded(lambda: told.function(*before, *told.args, **told.options)))


def end(status: int) -> NoReturn:
    """Ends as Python does, but for taking PyTorch apart piece by piece, which takes a fifth of what importing it took."""
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except (OSError, ValueError):  # whoever reads has left: Python's own way says so
        sys.exit(status)
    os._exit(status)


def _leave(number: int, frame: FrameType | None) -> Any:
    """Clears away and ends at once: an exception could be swallowed on its way. Workers end with their nurseries."""
    signal.signal(number, signal.SIG_IGN)
    for child in nursery.children():  # those who would still make folders
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    end_by(number)  # who started it sees what has ended it, and says so
