"""Says of a report on a cell where things stand in the cell, not in the module that was made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from grader.report.model import CheckResult, ExerciseResult, Report

CELL = "this cell"
# As the kit itself writes it: what a student's own error says of lines stays as it is.
_LINE = re.compile(r"(?P<before>exercises/\w+\.py, |Raised in |called in )line (?P<line>\d+)")


def in_the_cell(report: Report, lines: Mapping[str, Mapping[int, int]]) -> Report:
    """The report with lines of the cell.

    Args:
        report: of modules that were made of a cell.
        lines: for each topic, which lines of its module are which of the cell.
    """
    exercises = [_of_cell(e, lines[e.topic]) if e.topic in lines else e for e in report.exercises]
    return replace(report, exercises=tuple(exercises))


def _of_cell(exercise: ExerciseResult, lines: Mapping[int, int]) -> ExerciseResult:
    checks = tuple(_said(check, lines) for check in exercise.checks)
    line = exercise.location.partition(":")[2]
    at = lines.get(int(line)) if line.isdecimal() else None
    is_unread_cell = bool(exercise.unread) and checks and checks[0].message.startswith(CELL)
    return replace(
        exercise,
        checks=checks,
        location=f"{CELL}, line {at}" if at else exercise.location,
        unread=CELL if is_unread_cell else exercise.unread,
        is_here=True,
    )


def _said(check: CheckResult, lines: Mapping[int, int]) -> CheckResult:
    def translated(found: re.Match[str]) -> str:
        at = lines.get(int(found["line"]))
        if at is None:
            return found[0]
        before = f"{CELL}, " if found["before"].startswith("exercises/") else found["before"]
        return f"{before}line {at}"

    return replace(check, message=_LINE.sub(translated, check.message))
