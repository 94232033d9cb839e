"""Canvas: the gradebook, as "Export Entire Gradebook" writes it and "Import" reads it."""

from __future__ import annotations

import re
from typing import ClassVar

from grader.batch.rosters.model import Export, Sheet, Unfit, as_number, same
from grader.report import wording

_ASSIGNMENT = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)")
# Its importer leaves out what these words stand in, whatever else the heading says, and says nothing of it.
_LEFT_OUT = re.compile(r"(?:Current|Final|Override) (?:Score|Points|Grade)|Override Status")
_TEST_STUDENT = "student, test"
_POINTS = "points possible"


class Gradebook(Export):
    """`Student, ID, SIS User ID, ..., Section, "Title (id)", ...`; rows that are no student's stand between."""

    platform = "canvas"
    title = "a Canvas gradebook"
    ids: ClassVar = {"ID": "canvas", "SIS User ID": "sid", "SIS Login ID": "login"}

    def recognises(self, sheet: Sheet) -> bool:
        starts = [heading.casefold() for heading in sheet.headings[:3]]
        begins = starts[:2] == ["student", "id"] or starts == ["lastname", "firstname", "id"]
        return begins and sheet.find("Section") is not None

    def name_columns(self, sheet: Sheet) -> list[int]:
        return [0] if sheet.find("LastName") is None else [1, 0]

    def is_student(self, sheet: Sheet, row: int) -> bool:
        """Not "Manual Posting", not "Points Possible" and not the test student."""
        name = sheet.text(row, 0).casefold()
        return bool(name and sheet.text(row, sheet.find("ID"))) and name != _TEST_STUDENT and _POINTS not in name

    def grade_columns(self, sheet: Sheet) -> list[int]:
        fitting = [column for column, heading in enumerate(sheet.headings) if _ASSIGNMENT.fullmatch(heading)]
        return [column for column in fitting if not _LEFT_OUT.search(sheet.headings[column])]

    def no_grade_column(self, sheet: Sheet) -> str:
        left_out = [heading for heading in sheet.headings if _ASSIGNMENT.fullmatch(heading)]
        if left_out:
            return _is_left_out(left_out[0])
        return "has no assignment's column, such as 'Homework 1 (1234)': make the assignment, then export the gradebook"

    def titles(self, sheet: Sheet, column: int) -> list[str]:
        heading = sheet.headings[column]
        match = _ASSIGNMENT.fullmatch(heading)
        return [heading, match["title"], match["id"]] if match else [heading]

    def grade_column(self, sheet: Sheet, title: str | None) -> int:
        for column, heading in enumerate(sheet.headings):
            asked = title is not None and title.strip().casefold() in map(str.casefold, self.titles(sheet, column))
            if asked and _LEFT_OUT.search(heading):
                raise Unfit(_is_left_out(heading))
        return super().grade_column(sheet, title)

    def number_columns(self, sheet: Sheet, grade: int) -> list[int]:
        """Those behind what is said of the student: points, and the totals that Canvas computes."""
        return list(range((sheet.find("Section") or 0) + 1, sheet.width))

    def refuses_all(self, sheet: Sheet, grade: int, total: float) -> str | None:
        possible = next((row for row in sheet.rows if _POINTS in sheet.text(row, 0).casefold()), None)
        if possible is None:
            return None
        shown = sheet.text(possible, grade)
        if "read only" in shown.casefold():
            return f"says that {sheet.headings[grade]!r} is read only, so Canvas would take no grade"
        if shown and not same(as_number(shown), total):
            return (
                f"says that {sheet.headings[grade]!r} has {shown} points, and the grades are out of "
                f"{wording.number(total)}: set the assignment's points to {wording.number(total)} and export again"
            )
        return None

    def refuses(self, sheet: Sheet, row: int, grade: int, score: float) -> str | None:
        """Canvas drops the grade of whom the assignment is not assigned to."""
        return "the assignment is not assigned to them" if sheet.text(row, grade).upper() == "N/A" else None

    def is_settled(self, sheet: Sheet, row: int, grade: int, score: float) -> bool:
        """Who is excused stays so: a grade would undo it."""
        return sheet.text(row, grade).upper() == "EX"


def _is_left_out(heading: str) -> str:
    return (
        f"has a column {heading!r}, and Canvas leaves out without a word whatever is called Current, Final or Override "
        "Score, Points or Grade: rename the assignment and export again"
    )
