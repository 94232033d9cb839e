"""Reads a roster: which platform's file it is, and who stands in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.batch.rosters import canvas, github, gradescope, moodle, moodle_lists, plain
from grader.batch.rosters.model import Export, Roster, Sheet
from grader.batch.rosters.table import NotATable, Table
from grader.exits import UsageProblem
from grader.files.beneath import NotAnOrdinaryFile, Unreadable, open_file, read_all
from grader.report.text import one_line, path_in_words

# What asks for the most comes first: a list of participants is anything with names and addresses.
EXPORTS: tuple[Export, ...] = (
    canvas.Gradebook(), moodle.Worksheet(), gradescope.Scores(), gradescope.Course(), github.Classroom50(),
    github.Classroom(), moodle_lists.Gradebook(), moodle_lists.Participants(), plain.Plain(),
)  # fmt: skip
_HEADERLESS = plain.Headerless()
_MOST_BYTES = 64 * 1024 * 1024
_KINDS = {
    b"PK\x03\x04": "is an Excel workbook or a zip, not a CSV file: save the sheet as CSV, or give the platform's file as it came",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook: save the sheet as CSV, or give the platform's file as it came",
    b"%PDF": "is a PDF, not a CSV file",
}
_KNOWN = (
    "exports of Canvas, Moodle, Gradescope, Classroom 50 and GitHub Classroom, and CSV files with a column called name, "
    "email, student, username or id"
)


def read_roster(path: Path) -> Roster:
    """The students of a platform's file. Raises UsageProblem."""
    shown = path_in_words(path.name or path)
    data = _bytes(path, shown)
    if not data.strip():
        raise UsageProblem(f"The roster {shown} is empty.")
    for start, kind in _KINDS.items():
        if data.startswith(start):
            raise UsageProblem(f"The roster {shown} {kind}.")
    try:
        table = Table(data)
    except NotATable as error:
        raise UsageProblem(f"The roster {shown} {error}.") from error
    export, sheet = _recognised(table, shown)
    people = export.people(sheet)
    if not people:
        raise UsageProblem(f"The roster {shown} is {export.title}, but no student stands in it.")
    notes = [f"{shown} was read as {export.title}: {len(people)} students."]
    if table.is_windows:
        notes.append(f"{shown} is not in UTF-8; it was read as Windows-1252, which Excel writes.")
    rows, students = zip(*people)
    return Roster(export.platform, students, shown, export, sheet, rows, tuple(notes))


def _bytes(path: Path, shown: str) -> bytes:
    try:
        return read_all(open_file(path), _MOST_BYTES)
    except FileNotFoundError:
        raise UsageProblem(f"There is no roster {path_in_words(path)}.") from None
    except NotAnOrdinaryFile:
        raise UsageProblem(f"The roster {shown} is {'a folder' if path.is_dir() else 'no ordinary file'}.") from None
    except Unreadable as error:
        raise UsageProblem(f"The roster {shown} cannot be read: {error}.") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageProblem(f"The roster {shown} cannot be read: {reason}.") from error


def _recognised(table: Table, shown: str) -> tuple[Export, Sheet]:
    """What kind of file it is. Raises UsageProblem."""
    header = next((row for row, cells in enumerate(table.rows) if any(cell.text.strip() for cell in cells)), None)
    if header is None:
        raise UsageProblem(f"The roster {shown} is empty.")
    sheet = Sheet(table, header)
    export = next((export for export in EXPORTS if export.recognises(sheet)), None)
    if export is not None:
        return export, sheet
    without = Sheet(table, None)
    if _HEADERLESS.recognises(without):
        return _HEADERLESS, without
    raise UsageProblem(
        f"The roster {shown} begins with {_quoted(sheet.headings)}, which is no header that is known: {_KNOWN}."
    )


def _quoted(headings: Iterable[str]) -> str:
    return one_line(", ".join(repr(heading) for heading in list(headings)[:8]), columns=200)
