"""What a worker does once it has its pipes, however its process came to be: it is confined, and serves."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from grader.sandbox import wire
from grader.sandbox.inner import pipe, worker


def live(folder: str, scratch: str, requests: int, replies: int, confine: Callable[[], dict[str, str]]) -> None:
    """Serves the two pipes, beside standard descriptors of which 0 is empty and 1 and 2 are for what is printed.

    Args:
        folder: where the student's modules are.
        scratch: the working folder, and all that may be written.
        requests, replies: descriptors.
        confine: gives up what the student's code must not have; returns, by protection, why it is missing.
    """
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    # Python's types call them final.
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    os.chdir(scratch)
    sys.path[:0] = [folder, str(Path(folder).parent)]
    sys.dont_write_bytecode = True
    tempfile.tempdir = None
    missing = confine()
    pipe.write(replies, wire.encode({"missing": missing}).frame(0))
    try:
        worker.serve(requests, replies)
    except BaseException:  # the student's code has closed its pipes, or worse; a traceback would show our insides
        os._exit(1)
