"""A CSV file in which some cells are replaced while every other byte stays as it was.

What a cell holds is what Python's csv.reader says: quotes inside an unquoted cell are text, a doubled quote in a quoted
one stands for one, whatever follows the closing quote belongs to the cell.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

DELIMITERS = (",", ";", "\t")
# Longer marks first: that of UTF-16 begins the one of UTF-32, which nobody writes a roster in.
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WINDOWS = "cp1252"
_SAID_DELIMITER = re.compile(r"sep=([^\r\n])(?:\r\n|\r|\n)", re.IGNORECASE)  # Excel's own first line


class NotATable(ValueError):
    """These bytes are no table; the text says what they are."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, and where it stands in the text, quotes included."""

    text: str
    start: int
    end: int
    quoted: bool


class Table:
    """The rows of a CSV file; an empty line is a row without cells. Raises NotATable."""

    def __init__(self, data: bytes) -> None:
        self._mark, self.encoding, self._text = _decoded(data)
        said = _SAID_DELIMITER.match(self._text)
        start = said.end() if said else 0
        ways = {said[1]} if said else DELIMITERS
        found = {delimiter: _rows(self._text, start, delimiter) for delimiter in ways}
        self.delimiter = max(found, key=lambda delimiter: _evidence(found[delimiter]))
        self.rows = found[self.delimiter]
        self._quoted: dict[int, bool] = {}

    @property
    def is_windows(self) -> bool:
        """Whether it is read as Windows-1252, for want of a better guess."""
        return self.encoding == _WINDOWS

    def replaced(self, changes: Mapping[tuple[int, int], str]) -> bytes:
        """The file with other texts in some cells, by row and column, both counted from 0."""
        pieces, done = [], 0
        for row, column in sorted(changes):
            cell = self.rows[row][column]
            pieces += [self._text[done : cell.start], self._written(changes[row, column], row, column)]
            done = cell.end
        text = "".join([*pieces, self._text[done:]])
        return self._mark + text.encode(self.encoding, "replace")

    def _written(self, text: str, row: int, column: int) -> str:
        """A cell's new text, quoted as the cell was, or as those around it where it was empty, or where it must be."""
        cell = self.rows[row][column]
        quoted = cell.quoted or (not cell.text and self._is_quoted(column))
        is_whole_row = not text and len(self.rows[row]) == 1
        if quoted or is_whole_row or any(character in text for character in (self.delimiter, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text

    def _is_quoted(self, column: int) -> bool:
        """Whether all that a column holds below its heading is quoted."""
        if column not in self._quoted:
            cells = [row[column] for row in self.rows[1:] if column < len(row) and row[column].end > row[column].start]
            self._quoted[column] = bool(cells) and all(cell.quoted for cell in cells)
        return self._quoted[column]


def _decoded(data: bytes) -> tuple[bytes, str, str]:
    """The byte mark, the encoding, and the text after the mark."""
    mark, encoding = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", ""))
    body = data[len(mark) :]
    for attempt in [encoding] if mark else ["utf-8", _WINDOWS]:
        try:
            text = body.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise NotATable("is no text: it holds null bytes; save it as CSV in UTF-8")
        return mark, attempt, text
    raise NotATable(f"is not text in {encoding.upper() if mark else 'UTF-8 or Windows-1252'}; save it as CSV in UTF-8")


def _rows(text: str, start: int, delimiter: str) -> list[list[Cell]]:
    pattern, at, rows = _cell_pattern(delimiter), start, []
    while at < len(text):
        row: list[Cell] = []
        goes_on = True
        while goes_on:
            match = pattern.match(text, at)
            assert match is not None  # it matches whatever stands there
            body, plain, end = match["body"], match["plain"], match["end"]
            shown = plain if body is None else body.replace('""', '"') + plain
            row.append(Cell(shown, at, match.start("end"), body is not None))
            at = match.end()
            goes_on = end == delimiter
        is_empty_line = len(row) == 1 and row[0].start == row[0].end
        rows.append([] if is_empty_line else row)
    return rows


@lru_cache
def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    """A cell and what ends it."""
    mark = re.escape(delimiter)
    quoted = r'"(?P<body>[^"]*+(?:""[^"]*+)*+)(?:"|\Z)'
    return re.compile(rf"(?:{quoted})?(?P<plain>[^{mark}\r\n]*+)(?P<end>{mark}|\r\n|\r|\n|\Z)")


def _evidence(rows: list[list[Cell]]) -> tuple[int, int]:
    """How much speaks for a delimiter: cells in the first row, then rows that have as many."""
    lengths = [len(row) for row in rows if row]
    return (lengths[0], lengths.count(lengths[0])) if lengths else (0, 0)
