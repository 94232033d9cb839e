"""What is asked of a platform's file, whichever it is; what holds for one platform alone stands in its own file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from grader.batch.intake.handed_in import Person
from grader.batch.results.formulas import defused
from grader.batch.rosters.table import Table

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")


class Unfit(Exception):
    """Why a file does not take the grades, as the end of a sentence that the file begins."""


class Sheet:
    """A table below its header. A cell that is not there reads as an empty one; space around a text is not its own."""

    def __init__(self, table: Table, header: int | None) -> None:
        """`header` is its row's number, or None where the file has none."""
        self.table = table
        self.headings = [] if header is None else [cell.text.strip() for cell in table.rows[header]]
        first = 0 if header is None else header + 1
        self.rows = [row for row in range(first, len(table.rows)) if any(cell.text.strip() for cell in table.rows[row])]
        self._values: dict[int, frozenset[str]] = {}
        self._lower = [heading.casefold() for heading in self.headings]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.headings) or max((len(self.table.rows[row]) for row in self.rows), default=0)

    def has(self, row: int, column: int) -> bool:
        """Whether the row is long enough to have this cell."""
        return column < len(self.table.rows[row])

    def text(self, row: int, column: int | None) -> str:
        """What a cell holds."""
        return self.table.rows[row][column].text.strip() if column is not None and self.has(row, column) else ""

    def find(self, *headings: str) -> int | None:
        """The column of the first of these headings that there is, in whatever case."""
        places = (self._lower.index(name.casefold()) for name in headings if name.casefold() in self._lower)
        return next(places, None)

    def among(self, known: Iterable[str]) -> list[int]:
        """The columns whose heading is one of these, which are in lower case."""
        names = set(known)
        return [column for column, heading in enumerate(self._lower) if heading in names]

    def texts(self, column: int) -> list[str]:
        """What a column's cells hold, empty ones left out."""
        return [text for text in (self.text(row, column) for row in self.rows) if text]

    def values(self, column: int) -> frozenset[str]:
        """The different texts of a column, in lower case; asked for again and again, so kept."""
        if column not in self._values:
            self._values[column] = frozenset(text.casefold() for text in self.texts(column))
        return self._values[column]

    def all_are(self, pattern: re.Pattern[str], column: int) -> bool:
        """Whether a column's cells, of which there are some, all look like this."""
        found = self.texts(column)
        return bool(found) and all(pattern.fullmatch(text) for text in found)

    def has_decimal_commas(self, columns: Sequence[int]) -> bool:
        """Whether the numbers in these columns are written with a comma: 66,5."""
        found = [text for column in columns for text in self.texts(column)]
        commas = sum(bool(re.fullmatch(r"-?\d+,\d+", text)) for text in found)
        return commas > sum(bool(re.fullmatch(r"-?\d+\.\d+", text)) for text in found)


class Export:
    """A kind of file, and its platform's facts. Most are data; what is no data is a method that one kind has its own of."""

    platform: ClassVar[str]
    title: ClassVar[str]  # in a sentence: "a Canvas gradebook"
    needs: ClassVar[tuple[str, ...]] = ()  # headings without which it is none
    names: ClassVar[tuple[str, ...]] = ()  # headings that make the name together
    ids: ClassVar[dict[str, str]] = {}  # the kind of id that stands below a heading
    grades: ClassVar[tuple[str, ...]] = ()  # headings that a grade stands below
    feedbacks: ClassVar[tuple[str, ...]] = ()

    def recognises(self, sheet: Sheet) -> bool:
        """Whether the file is one of these."""
        return all(sheet.find(heading) is not None for heading in self.needs)

    def is_student(self, sheet: Sheet, row: int) -> bool:
        """Whether the row is a student's."""
        return True

    def name_columns(self, sheet: Sheet) -> list[int]:
        """The columns that make the name, in this order."""
        return [column for heading in self.names if (column := sheet.find(heading)) is not None]

    def id_columns(self, sheet: Sheet) -> list[tuple[str, int]]:
        """The kinds of ids, and their columns."""
        found = ((kind, sheet.find(heading)) for heading, kind in self.ids.items())
        return [(kind, column) for kind, column in found if column is not None]

    def people(self, sheet: Sheet) -> list[tuple[int, Person]]:
        """The students, each with the row that they stand in; not who has neither a name nor an id."""
        names, ids = self.name_columns(sheet), self.id_columns(sheet)
        found = []
        for row in filter(lambda row: self.is_student(sheet, row), sheet.rows):
            name = " ".join(filter(None, (sheet.text(row, column) for column in names)))
            pairs = ((kind, sheet.text(row, column)) for kind, column in ids)
            found.append((row, self.completed(sheet, row, Person(name, tuple(pair for pair in pairs if pair[1])))))
        return [(row, person) for row, person in found if person.name or person.ids]

    def completed(self, sheet: Sheet, row: int, person: Person) -> Person:
        """A student with what else the row says."""
        return person

    def grade_columns(self, sheet: Sheet) -> list[int]:
        """The columns that could be the grade."""
        return [column for heading in self.grades if (column := sheet.find(heading)) is not None]

    def no_grade_column(self, sheet: Sheet) -> str:
        """Why there is no column for a grade, as the end of a sentence."""
        return f"is {self.title}, which has no column for a grade"

    def titles(self, sheet: Sheet, column: int) -> list[str]:
        """What `--column` may call a column: its heading first."""
        return [sheet.headings[column]] if column < len(sheet.headings) else []

    def grade_column(self, sheet: Sheet, title: str | None) -> int:
        """The grade's column, chosen by its title where there are several. Raises Unfit."""
        candidates = self.grade_columns(sheet)
        if not candidates:
            raise Unfit(self.no_grade_column(sheet))
        fitting = candidates if title is None else self._called(sheet, candidates, title)
        if len(fitting) == 1:
            return fitting[0]
        there = listed([repr(self.titles(sheet, column)[0]) for column in fitting or candidates])
        if title is not None and not fitting:
            raise Unfit(f"has no column for a grade called {title!r}; it has {there}")
        raise Unfit(
            f"has {len(fitting)} columns that could be the grade: {there}; say which, as in "
            f'--column "{self.titles(sheet, fitting[0])[0]}"'
        )

    def _called(self, sheet: Sheet, candidates: list[int], title: str) -> list[int]:
        wanted = title.strip().casefold()
        by_title = [[name.casefold() for name in self.titles(sheet, column)] for column in candidates]
        exactly = [column for column, names in zip(candidates, by_title) if wanted == names[0]]
        return exactly or [column for column, names in zip(candidates, by_title) if wanted in names]

    def feedback_column(self, sheet: Sheet, grade: int) -> int | None:
        """The column that takes a comment on the grade."""
        return sheet.find(*self.feedbacks)

    def number_columns(self, sheet: Sheet, grade: int) -> list[int]:
        """The columns that show how numbers are written."""
        return list(range(sheet.width))

    def refuses_all(self, sheet: Sheet, grade: int, total: float) -> str | None:
        """Why the platform would take no grade out of `total` in this column, as a sentence's end."""
        return None

    def refuses(self, sheet: Sheet, row: int, grade: int, score: float) -> str | None:
        """Why the platform would not take this student's grade, as a sentence's end."""
        return None

    def is_settled(self, sheet: Sheet, row: int, grade: int, score: float) -> bool:
        """Whether the row is to stay as it is: it takes nothing, and need not."""
        return False

    def as_feedback(self, text: str) -> str:
        """A feedback's text as the platform takes it: on one line, and nothing that a spreadsheet would compute."""
        return defused(" ".join(filter(None, map(str.strip, text.splitlines()))))


@dataclass(frozen=True)
class Roster:
    """Who is in the class, as a platform's own file says, and that file."""

    platform: str
    people: tuple[Person, ...]  # one a row of the file that is a student, in its order
    file: str  # its name, for sentences
    export: Export
    sheet: Sheet
    rows: tuple[int, ...]  # the table's row of each of the people
    notes: tuple[str, ...] = ()  # what to say of how it was read


def listed(things: Sequence[str], most: int = 6) -> str:
    """Such as "a, b and c", or "a, b and 7 more"."""
    if len(things) > most:
        things = [*things[:most], f"{len(things) - most} more"]
    return " and ".join(filter(None, (", ".join(things[:-1]), things[-1]))) if things else "nothing"


def as_number(text: str) -> float | None:
    """The number that a cell shows, whether by a comma or a point; None where it shows none."""
    text = "".join(text.split())
    if not _NUMBER.fullmatch(text):
        return None
    *whole, last = re.split("[.,]", text)
    return float(f"{''.join(whole)}.{last}") if whole else float(last)


def same(one: float | None, other: float | None) -> bool:
    """Whether two grades are the same to two decimals, which is what platforms show."""
    return one is not None and other is not None and abs(one - other) < 0.005
