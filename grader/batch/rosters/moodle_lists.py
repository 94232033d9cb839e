"""Moodle: the list of participants, and the gradebook's export, which its import reads by email, id number or user name."""

from __future__ import annotations

import re

from grader.batch.rosters import words
from grader.batch.rosters.model import Export, Sheet

_ITEM = re.compile(r"(?P<title>.*\S)\s+\((?P<kind>[^()]+)\)")  # "Assignment: Homework 1 (Real)"
_GRADE = re.compile(r"-|-?\d+(?:[.,]\d+)?")
# In which form the grade stands: only as points can it be read back.
_OTHER_FORM = frozenset({
    "percentage", "letter", "feedback", "prozentsatz", "prozent", "buchstabe", "pourcentage", "lettre", "porcentaje", "letra",
    "percentuale", "lettera", "porcentagem", "comentario", "rückmeldung", "rétroaction", "retroalimentación",
})  # fmt: skip
_FEEDBACK = ("Feedback", "Rückmeldung", "Rétroaction", "Retroalimentación", "Comentario")
_TOTAL = re.compile(
    "course total|category total|gesamt|kurssumme|total du cours|total del curso|totale del corso|total do curso",
    re.IGNORECASE,
)


class _List(Export):
    """What both lists say of a student."""

    def name_columns(self, sheet: Sheet) -> list[int]:
        first, last = sheet.among(words.FIRST_NAME)[:1], sheet.among(words.LAST_NAME)[:1]
        return first + last or sheet.among(words.NAME)[:1]

    def id_columns(self, sheet: Sheet) -> list[tuple[str, int]]:
        kinds = (("email", words.EMAIL), ("sid", words.NUMBER), ("username", words.USERNAME))
        return [(kind, column) for kind, known in kinds for column in sheet.among(known)[:1]]

    def recognises(self, sheet: Sheet) -> bool:
        has_names = sheet.among(words.FIRST_NAME) and sheet.among(words.LAST_NAME)
        return bool(has_names and self.id_columns(sheet)) and not sheet.among(words.GRADE)


class Participants(_List):
    """`First name, Last name, Email address, Groups`, and what else a site shows."""

    platform = "moodle-participants"
    title = "Moodle's list of participants"

    def recognises(self, sheet: Sheet) -> bool:
        return super().recognises(sheet) and bool(sheet.among(words.EMAIL))


class Gradebook(_List):
    """`First name, Last name, ID number, ..., Email address, "Assignment: Title (Real)", ...`."""

    platform = "moodle-gradebook"
    title = "a Moodle gradebook"

    def recognises(self, sheet: Sheet) -> bool:
        return super().recognises(sheet) and any(map(_ITEM.fullmatch, sheet.headings))

    def grade_columns(self, sheet: Sheet) -> list[int]:
        return [column for column in range(sheet.width) if self._is_item(sheet, column)]

    def no_grade_column(self, sheet: Sheet) -> str:
        return "has no item's column in points, such as 'Assignment: Homework 1 (Real)': export it with grades as Real"

    def titles(self, sheet: Sheet, column: int) -> list[str]:
        """With and without the form that the grade stands in, and without the kind of activity."""
        heading = sheet.headings[column]
        match = _ITEM.fullmatch(heading)
        title = match["title"] if match else heading
        return [heading, title, title.partition(":")[2].strip()]

    def feedback_column(self, sheet: Sheet, grade: int) -> int | None:
        title = self.titles(sheet, grade)[1]
        return sheet.find(*(f"{title} ({word})" for word in _FEEDBACK))

    def _is_item(self, sheet: Sheet, column: int) -> bool:
        match = _ITEM.fullmatch(sheet.headings[column])
        if not match or match["kind"].strip().casefold() in _OTHER_FORM or _TOTAL.search(match["title"]):
            return False
        known = {*self.name_columns(sheet), *(place for _, place in self.id_columns(sheet))}
        return column not in known and all(map(_GRADE.fullmatch, sheet.texts(column)))
