"""How far the grading of a class is: its rate, the time left, and who needs a look."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from grader.cli.progress import Bar
from grader.report.text import one_line

if TYPE_CHECKING:
    from grader.batch.tasks import Finished

SAID_EVERY = 30.0  # seconds between two lines where there is no terminal


class Progress:
    """How far a batch is: its rate, what is left, and who needs a look."""

    def __init__(self, total: int, *, new: Collection[str] = ()) -> None:
        """`new` are the names of those of whom nothing is kept, who are sure to be graded."""
        self.total, self.done, self.graded = total, 0, 0
        self._new, self._new_done = new, 0
        self._began = self._said = time.monotonic()

    def note(self, text: str, bar: Bar) -> None:
        """Tells what happens meanwhile."""
        bar.erase()
        print(one_line(text, columns=200), file=sys.stderr, flush=True)

    def count(self, finished: Finished, bar: Bar) -> None:
        """Counts a submission, and names one that needs a look."""
        from grader.batch.results.records import GRADED

        self.done += 1
        self.graded += not finished.kept
        self._new_done += finished.row.name in self._new
        if finished.record.status != GRADED and not finished.kept:  # at the end all are named
            self.note(f"{finished.row.name}: {finished.record.status}", bar)

    def tell(self, bar: Bar) -> None:
        """Shows it, on a terminal at once, elsewhere now and then."""
        bar.tell(self._text(), self.done, self.total)
        if not sys.stderr.isatty() and time.monotonic() - self._said > SAID_EVERY:
            self._said = time.monotonic()
            print(f"{self.done} of {self.total} submissions, {self._text()}", file=sys.stderr, flush=True)

    def summary(self) -> str:
        """What was done, at the end."""
        kept = self.done - self.graded
        said = f"{self.graded} graded in {_duration(time.monotonic() - self._began)}"
        return f"{said}, {kept} kept as {'it was' if kept == 1 else 'they were'}." if kept else f"{said}."

    def _text(self) -> str:
        seconds = time.monotonic() - self._began
        if not self.graded:
            return "the first are being graded"
        rate = self.graded / seconds
        return f"{60 * rate:.0f} a minute, {_duration(self._to_grade() / rate)} left"

    def _to_grade(self) -> float:
        """How many are still to be graded: who is new, and of the others the share that it has been so far."""
        new = len(self._new) - self._new_done
        known, known_done = self.total - len(self._new), self.done - self._new_done
        graded_anew = self.graded - self._new_done
        return new + (known - known_done) * graded_anew / max(1, known_done)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
