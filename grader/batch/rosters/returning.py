"""The platform's own file with its grade cells filled, and every other byte as it was.

What the platform would drop without a word is refused here, with the reason, before anything is written.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from grader.batch.rosters.matching import label
from grader.batch.rosters.model import Roster, Unfit, as_number
from grader.exits import UsageProblem
from grader.report import wording

_MOST_REASONS = 6
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Grade:
    """What a student gets."""

    score: float
    max_score: float
    feedback: str  # short plain text; "" leaves the file's as it is


def returned(roster: Roster, grades: dict[int, Grade], *, column: str | None = None) -> bytes:
    """The roster's file with these students' grades, by index into roster.people. Raises UsageProblem.

    Args:
        column: the title of the grade's column, where the file has several.
    """
    try:
        return _filled(roster, grades, column)
    except Unfit as error:
        raise UsageProblem(f"No grade was written: {roster.file} {error}.") from None


def _filled(roster: Roster, grades: dict[int, Grade], column: str | None) -> bytes:
    """The file's bytes. Raises Unfit."""
    export, sheet = roster.export, roster.sheet
    place = export.grade_column(sheet, column)
    for total in sorted({grade.max_score for grade in grades.values()}):
        reason = export.refuses_all(sheet, place, total)
        if reason:
            raise Unfit(reason)
    refusals = ((index, _refusal(roster, index, place, grades[index])) for index in sorted(grades))
    reasons = [f"{label(roster, index)}: {reason}" for index, reason in refusals if reason]
    if reasons:
        more = [f"and {len(reasons) - _MOST_REASONS} more"] if len(reasons) > _MOST_REASONS else []
        raise Unfit(f"does not take every grade: {'; '.join([*reasons[:_MOST_REASONS], *more])}")
    feedback = export.feedback_column(sheet, place)
    has_comma = sheet.has_decimal_commas(export.number_columns(sheet, place))
    changes: dict[tuple[int, int], str] = {}
    for index, grade in grades.items():
        row = roster.rows[index]
        if export.is_settled(sheet, row, place, grade.score):
            continue
        number = wording.number(grade.score)
        if as_number(sheet.text(row, place)) != as_number(number):  # 66.50 stays as it is where 66.5 is meant
            changes[row, place] = number.replace(".", ",") if has_comma else number
        text = _CONTROLS.sub("", grade.feedback).strip()
        if text and feedback is not None and sheet.has(row, feedback):
            changes[row, feedback] = export.as_feedback(text)
    return sheet.table.replaced(changes)


def _refusal(roster: Roster, index: int, place: int, grade: Grade) -> str | None:
    """Why a student's grade cannot be filled in."""
    row = roster.rows[index]
    if not roster.sheet.has(row, place):
        return f"row {row + 1} ends before the column {roster.sheet.headings[place]!r}"
    if not math.isfinite(grade.score):
        return "there is no score"
    return roster.export.refuses(roster.sheet, row, place, grade.score)
