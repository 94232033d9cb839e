"""Starts each worker anew, where none can be forked. One is always ready, since importing PyTorch takes it a while."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import asdict

from grader.sandbox.confine import Plan
from grader.sandbox.outer.nursery import Nursery, SandboxError
from grader.sandbox.outer.started import Started

# What a process with PyTorch takes on such a system before a student's code runs in it.
PYTORCH_BYTES = (4 if os.name == "nt" else 1) * 2**30  # Windows counts what is set aside: much, where CUDA is
WAITING = 2 if (os.cpu_count() or 1) >= 4 else 1  # processes that get ready while one works
_ready: list[Started] = []  # it knows nothing of what it is for, so that anybody may have it


def be_ready() -> None:
    """Starts processes that will be workers, unless enough of them wait already."""
    while len(_ready) < WAITING:
        _ready.append(Started(Plan.memory_bytes + PYTORCH_BYTES))


def _taken() -> Started:
    """One of those that wait; one that somebody has ended meanwhile is none."""
    while True:
        be_ready()
        process = _ready.pop(0)
        if process.is_alive():
            return process
        process.close()


def leave() -> None:
    """Ends the process that waits."""
    while _ready:
        _ready.pop().close()


class StartingNursery(Nursery):
    """Starts processes of this computer's Python."""

    def __init__(self) -> None:
        super().__init__()
        self._started: list[Started] = []
        self.meanwhile: Callable[[], None] = lambda: None  # done while a worker is waited for; it may raise
        be_ready()

    def start(self, plan: Plan, folder: str) -> Started:
        from grader.sandbox import wire

        try:
            process = _taken()
            process.meanwhile = self.meanwhile
            self._started = [one for one in self._started if one.is_alive()] + [process]
            told = {
                "plan": asdict(plan), "folder": folder, "hidden": tuple(map(str, self.hidden)),
                "preload": tuple(sorted(self._preloaded)),
            }  # fmt: skip
            process.send(wire.encode(told).frame(0))
            be_ready()  # the next one starts while this one works
        except OSError as error:
            raise SandboxError(f"no process can be started: {error.strerror or error}") from error
        return process

    def another(self) -> StartingNursery:
        born = StartingNursery()
        born.hidden, born._readable, born._preloaded = self.hidden, self._readable, set(self._preloaded)
        return born

    def close(self) -> None:
        for process in self._started:
            with contextlib.suppress(OSError):
                process.close()
        leave()

    def _load(self, module: str) -> None:
        """Nothing to do here: each worker is told when it begins."""
