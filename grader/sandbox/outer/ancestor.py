"""The process that has PyTorch loaded and has been told nothing: nurseries are forked from it, then it grades.

`grader.launch` starts it, with a clean environment and a command line of numbers and search paths.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import pickle
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from grader.sandbox.inner import nursery, warming
from grader.sandbox.outer.nursery import BORN, Nursery

if TYPE_CHECKING:
    from grader.launch import Told


def main() -> None:
    """Imports PyTorch, forks the nurseries, reads from the pipe what to do, and exits with the status of that."""
    pipe, count, parent = map(int, sys.argv[1:4])
    nursery.die_with(parent)
    warming.warm()
    BORN.extend(Nursery.forked() for _ in range(count))
    with os.fdopen(pipe, "rb") as told:
        message = told.read()
    if not message:
        os._exit(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as of `nohup`
            signal.signal(number, _leave)
    _act(pickle.loads(message))


def _act(told: Told) -> None:
    """Becomes the command's process in all that a program can see, and runs its function."""
    from grader.exits import guarded

    os.environ.clear()
    os.environ.update(told.environment)
    os.chdir(told.folder)
    sys.argv, sys.orig_argv, sys.dont_write_bytecode = told.arguments, told.typed, not told.bytecode
    for stream, (encoding, errors) in zip((sys.stdin, sys.stdout, sys.stderr), told.encodings, strict=True):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=errors)
    _end(guarded(lambda: told.function(*told.args, **told.options)))


def _end(status: int) -> NoReturn:
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
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)  # who started it sees what has ended it, and says so
