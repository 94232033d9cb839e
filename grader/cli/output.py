"""Where reports go: a file that somebody named, or the standard output."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
from pathlib import Path

from grader.exits import UsageProblem
from grader.files.backups import replace
from grader.files.beneath import Unreadable, beneath
from grader.report.text import path_in_words

# How an earlier report begins: as JSON, JUnit, Markdown, a platform's results, a page, an audit.
_REPORT = re.compile(
    rb'\s*({\s*"(schema_version|score|passed|gradable)":|{\s*"\w+": {\s*"version": 1,|## [\d.]+ / [\d.]+ points|<\?xml[^>]*>\s*<testsuites name="grader")'
    rb'|(?s:.){,2000}<meta name="generator" content="grader">'
)


def write(target: str, text: str) -> None:
    """Writes a report where an option wants it, whole or not at all; "-" is the standard output.

    A link that has the file's name is replaced, not followed: whoever's work is graded may have put it there. A file
    that is no earlier report is kept under another name.
    """
    if target == "-":
        _write_to_standard_output(text if text.endswith("\n") else text + "\n")
        return
    path, encoded = Path(target), text.encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            _write_to_device(path, encoded)
            return
        with beneath(path.parent, named=True) as folder:
            kept = replace(folder, path.name, encoded, is_ours=lambda before: _REPORT.match(before) is not None)
    except Unreadable as problem:
        raise UsageProblem(f"{target} is in the way, and too large to be kept: {problem}") from problem
    except OSError as error:
        raise UsageProblem(f"{target} cannot be written: {error.strerror}") from error
    if kept is not None:
        print(f"{path_in_words(target)} was no report of the kit. It is kept as {path_in_words(kept)}", file=sys.stderr)


def _write_to_standard_output(text: str) -> None:
    """Where nobody looks on, a report is UTF-8 as it is in a file, whatever Windows takes there."""
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None or sys.stdout.isatty():
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    binary.write(text.encode())


def _write_to_device(path: Path, content: bytes) -> None:
    """Writes to a terminal, or to a pipe that somebody reads; nobody is waited for."""
    fd = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    with os.fdopen(fd, "wb") as file:
        if stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(errno.EEXIST, "it was exchanged while it was being opened")
        with contextlib.suppress(AttributeError, OSError):  # Windows knows it of pipes, if at all
            os.set_blocking(fd, True)
        file.write(content)
