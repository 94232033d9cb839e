"""What a check in a notebook says: an object that shows itself, as HTML or as the terminal's report."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.program import program
from grader.report.json_view import plain
from grader.report.model import Report


@dataclass(frozen=True, repr=False)
class Verdict:
    """A report on some exercises. A notebook shows it where it is the last thing in a cell."""

    _report: Report
    _names: tuple[str, ...] = ()  # that were asked for
    _hints: Mapping[str, str] = field(default_factory=dict)  # by exercise, the one that is due
    _next: str = ""  # the exercise that comes next, where all of these are right
    _first: str = ""  # what is said above all of it
    _last: str = ""  # and below

    @property
    def score(self) -> float:
        """The points that were earned."""
        return self._report.score

    @property
    def max_score(self) -> float:
        """The points that could be."""
        return self._report.max_score

    @property
    def passed(self) -> bool:
        """Whether all that could be graded is right."""
        return not self._report.faults and all(e.status == "passed" for e in self._report.exercises)

    @property
    def report(self) -> dict[str, Any]:
        """The whole report, as report.json holds it."""
        found: dict[str, Any] = plain(self._report.as_dict())
        return found

    def __repr__(self) -> str:
        from rich.console import Console

        from grader.report import terminal

        page = io.StringIO()
        console = Console(file=page, width=88, color_system=None, highlight=False, force_jupyter=False)
        terminal.render(self._report, console=console, show=self._names or None, program=program())
        said = [self._first, "\n".join(line.rstrip() for line in page.getvalue().rstrip().split("\n"))]
        if self._report.faults:
            said.append(FAULT)
        said.append(self._last.replace("`", ""))
        if self._next:
            said.append(f"Next: {self._next}")
        return "\n\n".join(filter(None, said))

    def _repr_pretty_(self, page: Any, cycle: bool) -> None:
        page.text(repr(self))

    def _repr_html_(self) -> str:
        from grader.report import fragment

        fault = FAULT if self._report.faults else ""
        return fragment.render(
            self._report,
            hints=self._hints,
            names=self._names,
            first=self._first,
            last=self._last,
            upcoming=self._next,
            fault=fault,
        )


FAULT = "Something could not be checked. That is a fault of the grader, not of your work."
