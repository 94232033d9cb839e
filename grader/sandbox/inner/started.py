"""The program of a worker that is started anew, where none can be forked: it has PyTorch loaded before it is needed.

Requests come over its standard input, answers go over its standard output, what is printed over its standard error.
The first request says whose worker it is to be. Until then it knows nothing, and nothing of a student's runs in it.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import time
from typing import Any

from grader.sandbox import confine
from grader.sandbox.inner import living, offlimits, pipe, warming

_LOOKING = 1.0  # seconds between two looks at who started this process


def main() -> None:
    """Imports PyTorch, waits to be told whose worker it is, and lives as that."""
    requests, replies = pipe.of_their_own()
    _end_with_parent()
    warming.warm()
    offlimits.remove_script_operators()
    received = pipe.read(requests)
    if received is None:  # it was not needed
        os._exit(0)
    told: dict[str, Any] = received[1]
    sys.argv, sys.orig_argv = [""], [""]
    for module in told["preload"]:
        importlib.import_module(module)
    plan = confine.Plan(**told["plan"])
    living.live(told["folder"], plan.scratch, requests, replies, lambda: confine.apply_in_python(plan, told["hidden"]))
    os._exit(0)


def _end_with_parent() -> None:
    """Ends this process soon after the one that started it. On Windows the job does that, in which it is put."""
    if os.name == "nt":
        return
    parent = os.getppid()

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOKING)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()
