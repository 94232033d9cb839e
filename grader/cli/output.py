"""Where reports go: a file that somebody named, or the standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.beneath import beneath
from grader.exits import UsageProblem


def write(target: str, text: str) -> None:
    """Writes a report where an option wants it, whole or not at all; "-" is the standard output.

    A link that has the file's name is replaced, not followed: whoever's work is graded may have put it there.
    """
    if target == "-":
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    path = Path(target)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a terminal, a pipe
            path.write_text(text, encoding="utf-8")
            return
        with beneath(path.parent, named=True) as folder:
            folder.write(path.name, text.encode())
    except OSError as error:
        raise UsageProblem(f"{target} cannot be written: {error.strerror}") from error
