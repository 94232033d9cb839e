"""Gradescope: the scores of an assignment, and a course's roster."""

from __future__ import annotations

from typing import ClassVar

from grader.batch.rosters.model import Export, Sheet, as_number, same
from grader.report import wording


class Scores(Export):
    """`First Name, Last Name, SID, Email, Sections, Total Score, Max Points, Status, Submission ID, ...`."""

    platform = "gradescope"
    title = "Gradescope's scores"
    needs = ("SID", "Email", "Total Score", "Max Points")
    names = ("First Name", "Last Name", "Name")
    ids: ClassVar = {"Submission ID": "gradescope", "Email": "email", "SID": "sid"}
    grades = ("Total Score",)

    def refuses_all(self, sheet: Sheet, grade: int, total: float) -> str | None:
        maximum = sheet.find("Max Points")
        others = [] if maximum is None else [text for text in sheet.texts(maximum) if not same(as_number(text), total)]
        if not others:
            return None
        return (
            f"says that there are {others[0]} points, and the grades are out of {wording.number(total)}: "
            f"set the assignment's points to {wording.number(total)} and download the scores again"
        )


class Course(Export):
    """`First Name, Last Name, Email, SID, Role, ...`."""

    platform = "gradescope-roster"
    title = "Gradescope's roster"
    needs = ("Email", "SID", "Role")
    names = Scores.names
    ids: ClassVar = {"Email": "email", "SID": "sid"}

    def is_student(self, sheet: Sheet, row: int) -> bool:
        return sheet.text(row, sheet.find("Role")).casefold() in ("", "student")
