"""Moodle: the offline grading worksheet of an assignment. Its headings are in the site's language, so shapes count.

The order of its columns is fixed: who, then the status, grade, maximum grade, whether the grade can be changed, times, and
feedback at the end.
"""

from __future__ import annotations

import html
import re

from grader.batch.intake.handed_in import Person
from grader.batch.rosters import words
from grader.batch.rosters.model import Export, Sheet, as_number, same
from grader.report import wording

_PARTICIPANT = re.compile(r"[^\d,;]*[^\d,;\s]\s*(?P<number>\d+)")  # "Participant 123", in any language
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_IDENTIFIER = frozenset(
    {"identifier", "identifiant", "identificador", "identificativo", "identificatie", "id", "kennung"}
)
_MAXIMUM = frozenset({
    "maximum grade", "maximale bewertung", "bestwertung", "höchstbewertung", "note maximale", "calificación máxima", "valutazione massima",
    "nota máxima", "maximumcijfer", "maximaal cijfer", "maximalt betyg", "最高成绩", "最大評点", "максимальная оценка",
})  # fmt: skip
_GROUP = frozenset(
    {"group", "gruppe", "groupe", "grupo", "gruppo", "groep", "grupp", "grup", "grupa", "ryhmä", "группа", "群组"}
)
_FEEDBACK = re.compile("feedback|retroaliment|rückmeldung|反馈|フィードバック|отзыв", re.IGNORECASE)
_SUBMITTED_TEXT = re.compile("submission|abgabe", re.IGNORECASE)


class Worksheet(Export):
    """`Identifier, Full name, ..., Grade, Maximum grade, Grade can be changed, ..., Feedback comments`."""

    platform = "moodle"
    title = "a Moodle grading worksheet"

    def recognises(self, sheet: Sheet) -> bool:
        is_known = sheet.headings[0].casefold() in _IDENTIFIER or self._maximum(sheet) is not None
        return is_known and sheet.width > 3 and sheet.all_are(_PARTICIPANT, 0)

    def completed(self, sheet: Sheet, row: int, person: Person) -> Person:
        match = _PARTICIPANT.fullmatch(sheet.text(row, 0))
        return Person(person.name, (("moodle", match["number"]), *person.ids)) if match else person

    def name_columns(self, sheet: Sheet) -> list[int]:
        """None where marking is blind: then the status comes next, which is not each one's own."""
        known = sheet.among(words.NAME)
        found = sheet.texts(1)
        is_ones_own = len(set(found)) == len(found) > 1 and not sheet.all_are(_ADDRESS, 1)
        return known[:1] or ([1] if is_ones_own else [])

    def id_columns(self, sheet: Sheet) -> list[tuple[str, int]]:
        """What stands before the grade about the student."""
        end = self._maximum(sheet) or 0
        addresses = [column for column in range(1, end) if sheet.all_are(_ADDRESS, column)]
        found = [("email", column) for column in addresses[:1] or sheet.among(words.EMAIL)[:1]]
        found += [("sid", column) for column in sheet.among(words.NUMBER) if 0 < column < end]
        found += [("username", column) for column in sheet.among(words.USERNAME) if 0 < column < end]
        return found + [("group", column) for column in sheet.among(_GROUP)[:1] if 0 < column < end]

    def grade_columns(self, sheet: Sheet) -> list[int]:
        maximum = self._maximum(sheet)
        return [] if maximum is None else [maximum - 1]

    def no_grade_column(self, sheet: Sheet) -> str:
        return (
            "has no column for the maximum grade, so it is graded by a scale: choose points as the assignment's grade"
        )

    def feedback_column(self, sheet: Sheet, grade: int) -> int | None:
        found = [
            column
            for column in range(grade + 2, sheet.width)
            if _FEEDBACK.search(sheet.headings[column]) and not _SUBMITTED_TEXT.search(sheet.headings[column])
        ]
        return found[0] if found else None

    def number_columns(self, sheet: Sheet, grade: int) -> list[int]:
        return [grade, grade + 1]

    def refuses_all(self, sheet: Sheet, grade: int, total: float) -> str | None:
        maxima = sorted({text for text in sheet.texts(grade + 1) if not same(as_number(text), total)})
        if not maxima:
            return None
        return (
            f"says that the maximum grade is {maxima[0]}, and the grades are out of {wording.number(total)}: set the "
            f"assignment's maximum grade to {wording.number(total)} and download the worksheet again"
        )

    def refuses(self, sheet: Sheet, row: int, grade: int, score: float) -> str | None:
        maximum = as_number(sheet.text(row, grade + 1))
        if maximum is not None and score > maximum and not same(score, maximum):
            return f"{wording.number(score)} is above the maximum grade, {wording.number(maximum)}"
        if _is_locked(sheet, row, grade) and not self.is_settled(sheet, row, grade, score):
            return "the grade is locked or overridden in Moodle's gradebook"
        return None

    def is_settled(self, sheet: Sheet, row: int, grade: int, score: float) -> bool:
        return _is_locked(sheet, row, grade) and same(as_number(sheet.text(row, grade)), score)

    def as_feedback(self, text: str) -> str:
        """Moodle shows it as HTML, where a sign can be written so that no spreadsheet computes with it."""
        written = html.escape(text, quote=False).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")
        return f"&#{ord(written[0])};{written[1:]}" if written.startswith(("=", "+", "-", "@", "\t")) else written

    def _maximum(self, sheet: Sheet) -> int | None:
        """The column of the maximum grade: by its name, or as the last of equal numbers behind a grade's column."""
        known = [column for column in sheet.among(_MAXIMUM) if column > 1]
        by_shape = (column for column in reversed(range(2, sheet.width)) if _is_maximum(sheet, column))
        return known[0] if known else next(by_shape, None)


def _is_maximum(sheet: Sheet, column: int) -> bool:
    """Whether a column could be the maximum grade, with the grade before it and Yes or No behind it."""
    found = sheet.texts(column)
    is_number = len(set(found)) == 1 and bool(_NUMBER.fullmatch(found[0])) and len(found) == len(sheet.rows)
    grades = [text for text in sheet.texts(column - 1) if text != "-"]
    says_whether = any(_is_two_words(sheet, place) for place in _places_of_whether(column))
    return is_number and says_whether and all(map(_NUMBER.fullmatch, grades))


def _is_two_words(sheet: Sheet, column: int) -> bool:
    """Whether a column holds one or two texts, without a number in them, again and again."""
    found = set(sheet.texts(column))
    return 1 <= len(found) <= 2 and not any(map(_NUMBER.search, found))


def _places_of_whether(maximum: int) -> tuple[int, int]:
    """Where it may say whether a grade can be changed; with a marking workflow, its state comes first."""
    return maximum + 1, maximum + 2


def _is_locked(sheet: Sheet, row: int, grade: int) -> bool:
    """Whether the first column that says Yes or No says No."""
    for place in _places_of_whether(grade + 1):
        if sheet.values(place) and sheet.values(place) <= words.YES | words.NO:
            return sheet.text(row, place).casefold() in words.NO
    return False
