"""How far a command is, on a terminal; nothing where nobody watches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """A bar that stands below what is printed and vanishes at the end. Use it as a context manager.

    It starts no thread, since processes are forked while it stands there: it moves when it is told something.
    """

    def __init__(self) -> None:
        self._shown: Progress | None = None
        self._began: float | None = None

    def tell(self, what: str, done: int, total: int) -> None:
        """Shows what is being done, and how much of it has been."""
        if not sys.stderr.isatty():
            return
        if self._shown is None:
            self._shown = _progress()
            self._shown.add_task(what, completed=done, total=total)
            self._shown.start()
            (task,) = self._shown.tasks
            self._began = task.start_time = task.start_time if self._began is None else self._began
        self._shown.update(self._shown.task_ids[0], description=what, completed=done, total=total, refresh=True)

    def erase(self) -> None:
        """Takes the bar away, so that something can be printed; it comes back when there is something to tell."""
        if self._shown is not None:
            self._shown.stop()
            self._shown = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *exception: object) -> None:
        self.erase()


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False),
        console=Console(stderr=True), transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False,
    )  # fmt: skip
