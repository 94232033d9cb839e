"""The HTML of a verdict in a notebook: a piece of somebody else's page, so that each element has its own style.

Text is in the notebook's own colour, since no page says whether its theme is dark; what has a colour is a border or a
thin tint, which can be told on both. Nothing in it runs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from grader.report import html, wording
from grader.report.heatmap import LEVELS, Cell, Grid
from grader.report.model import ExerciseResult, Report
from grader.report.text import many_lines, one_line

_MOST_TINT = 0.45  # more would make numbers hard to read
_COLD, _WARM = "64, 132, 232", "232, 128, 32"


def render(
    report: Report,
    *,
    hints: Mapping[str, str],
    upcoming: str = "",
    first: str = "",
    last: str = "",
    fault: str = "",
    names: Collection[str] = (),
) -> str:
    """The report as a fragment.

    Args:
        report: what was graded.
        hints: the hint that is due, by exercise; one without has none.
        upcoming: the exercise that comes next, where all of these are right.
        first: what is said above all of it.
        last: what is said below.
        fault: what is said where something could not be checked.
        names: the topics and exercises that were asked for; one of them is shown opened.
    """
    open_ones = [e for e in report.exercises if e.status != "passed" and wording.speaks(report, e)]
    begun = [e for e in open_ones if e.status != "not_started"]
    asked_for = [e for e in begun or open_ones if {e.name, e.topic} & set(names)]
    on_top = next(iter([*asked_for, *begun, *open_ones]), None)
    return html.fragment(
        "fragment.html.j2",
        report=report,
        status=_status(report),
        first=html.prose(many_lines(first, lines=6)),
        last=html.prose(last),
        fault=fault,
        notes=[html.prose(many_lines(note, lines=12)) for note in report.notes],
        exercises=[_values(report, e, e is on_top, hints) for e in report.exercises],
        upcoming=one_line(upcoming),
        tint=_tint,
    )


def _status(report: Report) -> str:
    if all(e.status == "passed" for e in report.exercises):
        return "passed"
    if all(e.status == "not_started" for e in report.exercises):
        return "not_started"
    return "partial" if report.score else "failed"


def _values(report: Report, exercise: ExerciseResult, opened: bool, hints: Mapping[str, str]) -> dict[str, Any]:
    values = html.exercise_values(exercise, opened=opened)
    told = [check for check in values["checks"] if check["word"] not in ("passed", "not started")]
    speaks = wording.speaks(report, exercise)
    return {
        **values,
        "checks": told,
        "file": html.unread_values(report, exercise) if exercise.unread and speaks else None,
        "hint": "" if exercise.unread or exercise.status == "passed" else many_lines(hints.get(exercise.name, "")),
        "place": one_line(exercise.location),
    }


def _tint(grid: Grid, cell: Cell) -> str:
    """The colour behind a cell of a heat map."""
    if cell.level is None:
        return "rgba(127, 127, 127, 0.3)"
    share = cell.level / LEVELS
    colour = _COLD
    if grid.diverging:
        colour, share = (_WARM if share > 0.5 else _COLD), abs(2 * share - 1)
    return f"rgba({colour}, {_MOST_TINT * share:.2f})"
