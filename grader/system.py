"""What this system offers a grader: above all the one question on which hangs how processes are started."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

_CHOICE = "GRADER_WORKERS"
SIGKILL = 9  # which is not everywhere known by name


def can_fork() -> bool:
    """Whether processes are forked of one that has PyTorch loaded; elsewhere each is started anew, which takes longer.

    They are on Linux. macOS has the call as well, but libraries that have begun to use the system's own do not survive
    it there. GRADER_WORKERS=started has Linux do as the others do: the same submissions must earn the same points.
    """
    return sys.platform.startswith("linux") and hasattr(os, "fork") and os.environ.get(_CHOICE) != "started"


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a line within this process that `select` can wait for, on any system."""
    with contextlib.suppress(OSError):
        return socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        while True:  # anybody on this machine may knock
            theirs, address = server.accept()
            if address == ours.getsockname():
                return ours, theirs
            theirs.close()


def ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether a process ends within so many seconds; it is waited for."""
    until = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.005)
    return True


def kill(pid: int) -> None:
    """Ends a process at once, if it is still there; on Windows, which has no signals, it is ended the same way."""
    with contextlib.suppress(OSError):
        os.kill(pid, SIGKILL)


def end_by(number: int) -> None:
    """Has this process clear away as at its end, and ends it by a signal."""
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
