"""Running the program as a process: in a pipe, and in a terminal with somebody who answers."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

with contextlib.suppress(ImportError):  # Windows has other terminals
    import pty

ROOT = Path(__file__).resolve().parents[2]


def grader(*arguments, cwd=ROOT, **environment):
    """Runs the program; returns its completed process."""
    return subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )


def in_a_terminal(answer, *arguments, cwd):
    """Runs the program with a terminal for input and output, and types an answer; returns status and text."""
    terminal, its_end = pty.openpty()
    os.write(terminal, answer.encode())
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    program = subprocess.Popen(
        [sys.executable, "-m", "grader", *arguments],
        cwd=cwd, env=environment, stdin=its_end, stdout=its_end, stderr=its_end,
    )  # fmt: skip
    os.close(its_end)
    text = b""
    try:
        while chunk := os.read(terminal, 4096):
            text += chunk
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(terminal)
    return program.wait(60), text.decode().replace("\r\n", "\n")
