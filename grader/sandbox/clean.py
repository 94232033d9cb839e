"""What a process is started with of which students' code is forked: nothing that a command was given."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# What the dynamic linker and the C library go by; nothing that a user chooses for a command.
_KEPT = ("LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def environment() -> dict[str, str]:
    """The variables. Sets are in the same order every time, so that a grade does not depend on it."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **_ONE_THREAD, "PYTHONHASHSEED": "0"}


def search_path() -> list[str]:
    """Where Python looks for modules: the kit first, and never the working directory."""
    kit, here = str(Path(__file__).resolve().parents[2]), os.path.realpath(os.getcwd())
    return [kit, *(path for path in sys.path if path and os.path.realpath(path) not in (here, kit))]
