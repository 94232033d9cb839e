"""A real terminal with the program in it: types keys, resizes it, and reads what stands on its screen.

Deadlines are for machines that are very busy; nothing is asserted of how long anything takes.
"""

import contextlib
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.support import ROOT

with contextlib.suppress(ImportError):  # Windows has other terminals
    import fcntl
    import pty
    import termios

PATIENCE = 300  # seconds
CLEAR = "\x1b[H\x1b[2J"


class Terminal:
    """A terminal that `grader watch` was started in, as a session of its own. Use it as a context manager."""

    def __init__(self, *arguments, cwd, columns=80, rows=24, **environment):
        self.end, its_end = pty.openpty()
        self.resize(columns, rows, tell=False)
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.before = termios.tcgetattr(its_end)
        self.program = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader", "watch", *arguments],
            cwd=cwd, stdin=its_end, stdout=its_end, stderr=its_end, start_new_session=True,
            env={**inherited, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        self.its_end = its_end  # kept, so that its settings can be looked at
        self.text = ""

    def resize(self, columns, rows, *, tell=True):
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            os.killpg(self.program.pid, signal.SIGWINCH)

    def press(self, keys):
        os.write(self.end, keys.encode())

    @property
    def raw(self):
        """What was written since the screen was cleared last."""
        return self.text.rpartition(CLEAR)[2].replace("\r\n", "\n")

    @property
    def screen(self):
        """What stands on the screen, without colours."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.raw)

    def until(self, *said, without=()):
        """Reads until the screen says all of this and nothing of that; returns it."""
        return self.wait_for(lambda: all(s in self.screen for s in said) and not any(s in self.screen for s in without))

    def idle(self, *said, without=()):
        """The same, when nothing is being checked any more."""
        return self.until("q quit", *said, without=without)

    def wait_for(self, condition):
        ends = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < ends, f"not seen in time; the screen:\n{self.screen}"
            assert self.read() or self.program.poll() is None or condition(), f"it ended; the screen:\n{self.screen}"
        return self.screen

    def read(self):
        """Reads what there is, or waits a moment; whether there was anything."""
        if not select.select([self.end], [], [], 0.1)[0]:
            return False
        try:
            self.text += os.read(self.end, 1 << 16).decode("utf-8", "replace")
        except OSError:  # nobody has the other end
            return False
        return True

    def ends(self):
        """Waits for the program's end; its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self.program.poll() is None:
            assert time.monotonic() < deadline, f"it does not end; the screen:\n{self.screen}"
            self.read()
        while self.read():
            pass
        return self.program.returncode

    def close(self):
        """Closes the terminal, as its window does."""
        for name in ("its_end", "end"):
            if (fd := getattr(self, name)) is not None:
                os.close(fd)
                setattr(self, name, None)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.program.poll() is None:
            self.program.kill()
        self.program.wait()
        self.close()


def family(pid):
    """The processes below one."""
    found = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text(encoding="utf-8").split()):
                found += [child, *family(child)]
    except OSError:
        pass
    return found


def alive(pids):
    """Those that have not ended."""
    found = []
    for pid in pids:
        try:
            if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] not in "ZX":
                found.append(pid)
        except OSError:
            pass
    return found


def all_end(pids):
    deadline = time.monotonic() + PATIENCE
    while alive(pids):
        assert time.monotonic() < deadline, f"still alive: {alive(pids)}"
        time.sleep(0.05)
