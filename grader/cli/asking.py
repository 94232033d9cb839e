"""Whether a question would find somebody to answer it."""

from __future__ import annotations

import sys


def somebody_answers() -> bool:
    """Whether input and output are both a terminal: in a pipe, a script or a notebook nobody sees a question."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
