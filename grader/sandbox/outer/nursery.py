"""What starts workers for the grading process: one interface, whatever the system offers."""

from __future__ import annotations

import abc
from pathlib import Path

from grader.sandbox.confine import Plan, filesystem
from grader.sandbox.outer.process import Process

START_SECONDS = 300.0  # of the wall clock: a machine may be very busy


class SandboxError(Exception):
    """The sandbox itself does not work on this machine; the text says what happened."""


class Nursery(abc.ABC):
    """Starts workers and ends them. Close it, or use it as a context manager.

    `ForkedNursery` is a process that has PyTorch loaded and forks them; `StartingNursery` starts each anew.
    """

    def __init__(self) -> None:
        self.hidden: tuple[Path, ...] = ()
        self._readable: tuple[str, ...] | None = None
        self._preloaded: set[str] = set()

    @staticmethod
    def ready() -> Nursery:
        """One that was prepared before this process was told anything, or else a new one."""
        from grader.system import can_fork

        if BORN:
            return BORN.pop()
        if can_fork():
            from grader.sandbox.outer.forking import ForkedNursery

            return ForkedNursery.started()
        from grader.sandbox.outer.starting import StartingNursery

        return StartingNursery()

    @property
    def readable(self) -> tuple[str, ...]:
        """The paths that a worker may read, besides its own scratch folder."""
        if self._readable is None:
            self._readable = filesystem.readable_paths(self.hidden)
        return self._readable

    def has(self, module: str) -> bool:
        """Whether a package was preloaded."""
        return module in self._preloaded

    def preload(self, module: str) -> None:
        """Imports a package where workers come from, so that none has to do it while its time counts."""
        if module not in self._preloaded:
            self._preloaded.add(module)
            self._load(module)

    @abc.abstractmethod
    def start(self, plan: Plan, folder: str) -> Process:
        """Starts a worker whose files lie in the folder. Raises SandboxError."""

    @abc.abstractmethod
    def another(self) -> Nursery:
        """Another one that hides and preloads the same; this one must have no workers."""

    @abc.abstractmethod
    def close(self) -> None:
        """Ends it and every worker of it."""

    @abc.abstractmethod
    def _load(self, module: str) -> None: ...

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


BORN: list[Nursery] = []  # they wait for somebody to grade with them
