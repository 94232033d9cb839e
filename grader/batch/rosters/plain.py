"""No platform's: a list with a column that says who somebody is, with or without a header."""

from __future__ import annotations

import re

from grader.batch.rosters import words
from grader.batch.rosters.model import Export, Sheet

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_NUMBER = re.compile(r"\d+")
_USERNAME = re.compile(r"[a-z0-9._-]*[0-9._-][a-z0-9._-]*|[a-z]+")  # a name is written in capitals, or in several words


class Plain(Export):
    """A header with a known word: name, email, student, username, id, ..."""

    platform = "csv"
    title = "a list of students"

    def recognises(self, sheet: Sheet) -> bool:
        return bool(self.name_columns(sheet) or self.id_columns(sheet))

    def name_columns(self, sheet: Sheet) -> list[int]:
        first, last = sheet.among(words.FIRST_NAME)[:1], sheet.among(words.LAST_NAME)[:1]
        whole = [column for column in sheet.among(words.STUDENT) if kind_of(sheet, column) == "name"]
        return sheet.among(words.NAME)[:1] or (first + last if last else []) or whole[:1]

    def id_columns(self, sheet: Sheet) -> list[tuple[str, int]]:
        kinds = (("email", words.EMAIL), ("sid", words.NUMBER), ("username", words.USERNAME))
        found = [(kind, column) for kind, known in kinds for column in sheet.among(known)]
        students = [(kind_of(sheet, column), column) for column in sheet.among(words.STUDENT)]
        return found + [(kind, column) for kind, column in students if kind != "name"]

    def grade_columns(self, sheet: Sheet) -> list[int]:
        return sheet.among(words.GRADE)

    def no_grade_column(self, sheet: Sheet) -> str:
        return (
            f"has no column for a grade, such as 'Grade' or 'Score': its columns are {', '.join(sheet.headings)[:200]}"
        )

    def grade_column(self, sheet: Sheet, title: str | None) -> int:
        """Any column may be named, but one that says who somebody is."""
        taken = {*self.name_columns(sheet), *(column for _, column in self.id_columns(sheet))}
        named = sheet.find(title.strip()) if title else None
        return named if named is not None and named not in taken else super().grade_column(sheet, title)

    def feedback_column(self, sheet: Sheet, grade: int) -> int | None:
        return next(iter(sheet.among(words.FEEDBACK)), None)


class Headerless(Plain):
    """One column, or one with addresses: it has no heading, so its cells say what it is."""

    def recognises(self, sheet: Sheet) -> bool:
        return self._column(sheet) is not None

    def name_columns(self, sheet: Sheet) -> list[int]:
        column = self._column(sheet)
        return [column] if column is not None and kind_of(sheet, column) == "name" else []

    def id_columns(self, sheet: Sheet) -> list[tuple[str, int]]:
        column = self._column(sheet)
        kind = "name" if column is None else kind_of(sheet, column)
        return [] if column is None or kind == "name" else [(kind, column)]

    def no_grade_column(self, sheet: Sheet) -> str:
        return "has no header, so no column for a grade: its first line must name the columns, as in 'email,grade'"

    def _column(self, sheet: Sheet) -> int | None:
        addresses = [column for column in range(sheet.width) if sheet.all_are(_ADDRESS, column)]
        return addresses[0] if addresses else 0 if sheet.width == 1 else None


def kind_of(sheet: Sheet, column: int) -> str:
    """What a column's cells say who somebody is by."""
    kinds = (("email", _ADDRESS), ("sid", _NUMBER), ("username", _USERNAME))
    return next((kind for kind, pattern in kinds if sheet.all_are(pattern, column)), "name")
