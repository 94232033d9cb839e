"""Files as platforms export them, in whatever dialect: written here, so that none need be kept."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.intake.handed_in import HandedIn, Person
from grader.batch.rosters import Roster, read_roster
from grader.submissions import Submission, SubmissionError

Rows = list[list[str]]


@dataclass(frozen=True)
class Sample:
    """A platform's file, with what the kit should see in it."""

    platform: str
    rows: Rows
    people: list[Person]
    grade: str = ""  # its heading; "" where there is none
    feedback: str = ""
    header: int = 0
    column: str | None = None


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written."""

    delimiter: str = ","
    mark: bytes = b""
    encoding: str = "utf-8"
    ends: tuple[str, ...] = ("\r\n",)  # of its lines, in turn
    quotes: str = "needed"  # or "all", or "texts": those with a space in them, as PHP has it
    comma: bool = False
    last_line_ends: bool = True

    def write(self, rows: Rows) -> bytes:
        text = ""
        for row, end in zip(rows, itertools.cycle(self.ends)):
            text += self.delimiter.join(self.cell(self.number(text)) for text in row) + end
        return self.mark + (text if self.last_line_ends else text.rstrip("\r\n")).encode(self.encoding)

    def cell(self, text: str) -> str:
        needs = any(mark in text for mark in (self.delimiter, '"', "\r", "\n"))
        return (
            '"' + text.replace('"', '""') + '"'
            if needs or self.quotes == "all" or (self.quotes == "texts" and " " in text)
            else text
        )

    def cells(self, data: bytes) -> dict[tuple[int, int], str]:
        """Each cell by its place, as it is written: with its quotes, and what ends it. Column -1 is the byte mark."""
        assert data.startswith(self.mark)
        text = data.removeprefix(self.mark).decode(self.encoding)
        found, row, column = {(-1, -1): self.mark.hex()}, 0, 0
        for match in re.finditer(rf'("(?:[^"]|"")*"|[^"{self.delimiter}\r\n]*)({self.delimiter}|\r\n|\r|\n|\Z)', text):
            if match[0] or column:
                found[row, column] = match[0]
                found[row, -1 - column] = match[2]
            row, column = (row, column + 1) if match[2] == self.delimiter else (row + 1, 0)
        return found

    def number(self, text: str) -> str:
        whole, point, rest = text.partition(".")
        return f"{whole},{rest}" if self.comma and point and whole.isdigit() and rest.isdigit() else text

    def read(self, data: bytes) -> Rows:
        text = data.removeprefix(self.mark).decode(self.encoding)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))


def canvas() -> Sample:
    rows = [
        [
            "Student",
            "ID",
            "SIS User ID",
            "SIS Login ID",
            "Section",
            "Shapes, part 1 (4711)",
            "Essay (4712)",
            "Current Score",
        ],
        ["", "", "", "", "", "Manual Posting", "", ""],
        ["    Points Possible", "", "", "", "", "100.00", "12.50", "(read only)"],
        ["Lee, Anna", "101", "00123", "alee@uni.edu", "A and B", "", "10.50", "84.00"],
        ["Müller, Jörg", "102", "00124", "jm", "A", "66.50", "", ""],
        ["O'Brien, 李", "103", "00125", "ob", "B", "", "", ""],
        ["Student, Test", "199", "", "ff00", "A", "", "", ""],
    ]
    people = [
        Person("Lee, Anna", (("canvas", "101"), ("sid", "00123"), ("login", "alee@uni.edu"))),
        Person("Müller, Jörg", (("canvas", "102"), ("sid", "00124"), ("login", "jm"))),
        Person("O'Brien, 李", (("canvas", "103"), ("sid", "00125"), ("login", "ob"))),
    ]
    return Sample("canvas", rows, people, "Shapes, part 1 (4711)", column="4711")


def moodle() -> Sample:
    heading = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"]
    heading += ["Last modified (submission)", "Online text", "Last modified (grade)", "Feedback comments"]
    late = 'Submitted for grading - <b class="late">1 hour, late</b>'
    when = "Thursday, 26 November 2026, 1:07 PM"
    rows = [
        heading,
        ["Participant 9001", "Anna Lee", "alee@uni.edu", late, "", "100.00", "Yes", when, "two\nlines", "-", ""],
        [
            "Participant 9002",
            "Jörg Müller",
            "jm@uni.edu",
            "Submitted",
            "50.00",
            "100.00",
            "Yes",
            "-",
            "",
            "-",
            "<p>Old</p>",
        ],
        ["Participant 9003", "李 O'Brien", "ob@uni.edu", "No submission", "", "100.00", "Yes", "-", "", "-", ""],
    ]
    names = [
        ("Anna Lee", "9001", "alee@uni.edu"),
        ("Jörg Müller", "9002", "jm@uni.edu"),
        ("李 O'Brien", "9003", "ob@uni.edu"),
    ]
    people = [Person(name, (("moodle", number), ("email", email))) for name, number, email in names]
    return Sample("moodle", rows, people, "Grade", "Feedback comments")


def moodle_in_german() -> Sample:
    sample = moodle()
    heading = [
        "ID",
        "Vollständiger Name",
        "E-Mail-Adresse",
        "Status",
        "Bewertung",
        "Bestwertung",
        "Bewertung kann geändert werden",
    ]
    heading += [
        "Zuletzt geändert (Abgabe)",
        "Texteingabe online",
        "Zuletzt geändert (Bewertung)",
        "Feedback als Kommentar",
    ]
    rows = [
        [cell.replace("Participant", "Teilnehmer/in").replace("Yes", "Ja") for cell in row] for row in sample.rows[1:]
    ]
    return Sample("moodle", [heading, *rows], sample.people, "Bewertung", "Feedback als Kommentar")


def moodle_gradebook() -> Sample:
    rows = [
        [
            "First name",
            "Last name",
            "ID number",
            "Email address",
            "Assignment: Shapes (Real)",
            "Assignment: Shapes (Feedback)",
        ],
        ["Anna", "Lee", "00123", "alee@uni.edu", "-", ""],
        ["Jörg", "Müller", "00124", "jm@uni.edu", "50.00", "Well"],
        ["李", "O'Brien", "00125", "ob@uni.edu", "-", ""],
    ]
    rows = [[*row, end] for row, end in zip(rows, ["Course total (Real)", "12.50", "50.00", "-"])]
    people = [Person(f"{row[0]} {row[1]}", (("email", row[3]), ("sid", row[2]))) for row in rows[1:]]
    return Sample("moodle-gradebook", rows, people, rows[0][4], rows[0][5])


def gradescope() -> Sample:
    rows = [
        [
            "First Name",
            "Last Name",
            "SID",
            "Email",
            "Sections",
            "Total Score",
            "Max Points",
            "Status",
            "Submission ID",
            "1: Shapes",
        ],
        ["Anna", "Lee", "00123", "alee@uni.edu", "A, B", "12.5", "100.0", "Graded", "777001", "1.0"],
        ["Jörg", "Müller", "00124", "jm@uni.edu", "A", "", "100.0", "Ungraded", "777002", ""],
        ["李", "O'Brien", "00125", "ob@uni.edu", "B", "", "", "Missing", "", ""],
    ]
    people = [
        Person(
            f"{row[0]} {row[1]}",
            tuple(filter(lambda pair: pair[1], (("gradescope", row[8]), ("email", row[3]), ("sid", row[2])))),
        )
        for row in rows[1:]
    ]
    return Sample("gradescope", rows, people, "Total Score")


def plain() -> Sample:
    rows = [
        ["Name", "Student ID", "Grade", "Comments", "Remark, private"],
        ["Lee, Anna", "00123", "", "", "=1+1"],
        ["Müller, Jörg", "00124", "12.5", "", ""],
        ["O'Brien, 李", "00125", "", "", 'a "b", c'],
    ]
    people = [Person(row[0], (("sid", row[1]),)) for row in rows[1:]]
    return Sample("csv", rows, people, "Grade", "Comments")


def moodle_participants() -> Sample:
    rows = [
        ["First name", "Last name", "Email address", "Groups"],
        ["Anna", "Lee", "alee@uni.edu", "A"],
        ["Jörg", "Müller", "jm@uni.edu", ""],
    ]
    people = [Person("Anna Lee", (("email", "alee@uni.edu"),)), Person("Jörg Müller", (("email", "jm@uni.edu"),))]
    return Sample("moodle-participants", rows, people)


def gradescope_roster() -> Sample:
    rows = [
        ["First Name", "Last Name", "Email", "SID", "Role", "Sections"],
        ["Anna", "Lee", "alee@uni.edu", "00123", "Student", "A"],
        ["Tom", "Teacher", "tt@uni.edu", "", "Instructor", ""],
    ]
    return Sample("gradescope-roster", rows, [Person("Anna Lee", (("email", "alee@uni.edu"), ("sid", "00123")))])


def classroom50() -> Sample:
    rows = [
        ["username", "first_name", "last_name", "email", "section", "github_id", "role"],
        ["anna-lee", "Anna", "Lee", "alee@uni.edu", "A", "0012345", "student"],
        ["tt", "Tom", "Teacher", "tt@uni.edu", "", "1", "teacher"],
    ]
    return Sample("classroom50", rows, [Person("Anna Lee", (("email", "alee@uni.edu"), ("username", "anna-lee")))])


def github_classroom() -> Sample:
    rows = [
        ["identifier", "github_username", "github_id", "name"],
        ["00123", "anna-lee", "12345", "Anna Lee"],
        ["jm@uni.edu", "", "", ""],
    ]
    people = [
        Person("Anna Lee", (("sid", "00123"), ("username", "anna-lee"))),
        Person("jm@uni.edu", (("email", "jm@uni.edu"),)),
    ]
    return Sample("github-classroom", rows, people)


GRADED = [canvas, moodle, moodle_in_german, moodle_gradebook, gradescope, plain]
LISTS = [moodle_participants, gradescope_roster, classroom50, github_classroom]


@dataclass
class Folder:
    """Where a test's roster lies."""

    path: Path
    dialect: Dialect = field(default_factory=Dialect)

    def roster(self, rows: Rows | str | bytes, dialect: Dialect | None = None) -> Roster:
        """Writes a roster and reads it."""
        if isinstance(rows, list):
            rows = (dialect or self.dialect).write(rows)
        file = self.path / "roster.csv"
        file.write_bytes(rows.encode() if isinstance(rows, str) else rows)
        return read_roster(file)


def work(name: str, *people: Person) -> HandedIn:
    """Something handed in that nobody reads here."""

    def read() -> Submission:
        raise SubmissionError("not here")

    return HandedIn(name, people or (Person(name),), name, read)
