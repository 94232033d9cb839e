"""Which platform's file a roster is, and who stands in it."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.batch.intake.handed_in import Person
from grader.batch.rosters import read_roster
from grader.batch.rosters.returning import Grade, returned
from grader.exits import UsageProblem
from tests.batch import exports
from tests.batch.exports import Dialect, Folder


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("make", exports.GRADED + exports.LISTS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_each_platforms_file_is_recognised_by_its_header(folder, make, delimiter):
    sample = make()
    roster = folder.roster(sample.rows, Dialect(delimiter, mark=b"\xef\xbb\xbf"))
    assert roster.platform == sample.platform
    assert list(roster.people) == sample.people


def test_rows_that_are_no_students_are_none(folder):
    roster = folder.roster(exports.canvas().rows)
    assert [roster.sheet.text(row, 0) for row in roster.rows] == ["Lee, Anna", "Müller, Jörg", "O'Brien, 李"]


def test_canvas_names_in_two_columns_are_one_name(folder):
    roster = folder.roster("LastName,FirstName,ID,SIS Login ID,Section,HW (1)\nLee,Anna,101,al,A,\n")
    assert roster.people == (Person("Anna Lee", (("canvas", "101"), ("login", "al"))),)


@pytest.mark.parametrize("word", ["Participant ", "Teilnehmer/in", "Participante ", "Участник ", "参与者", "مشارك "])
def test_a_worksheet_is_recognised_by_its_shape_in_any_language(folder, word):
    lines = [f'"{word}{number}",{name},{email},x,,"100,00",{yes},-,-,' for number, name, email, yes in [
        (1, "Anna Lee", "a@x", "Ho"), (2, "Ben Ray", "b@x", "Ho"), (3, "Cy Day", "c@x", "Hm"),
    ]]  # fmt: skip
    roster = folder.roster("\n".join(["aa,bb,cc,dd,ee,ff,gg,hh,ii,jj Feedback", *lines]))
    assert roster.platform == "moodle"
    assert roster.people[0] == Person("Anna Lee", (("moodle", "1"), ("email", "a@x")))
    assert roster.export.grade_columns(roster.sheet) == [4]


def test_a_worksheet_of_one_student_has_its_maximum_behind_its_grade(folder):
    lines = ["xx,name,email,dd,ee,ff,gg,hh", "P 1,Al,a@x,d,50.00,100.00,Yes,-"]
    roster = folder.roster("\n".join(lines))
    assert (roster.platform, roster.export.grade_columns(roster.sheet)) == ("moodle", [4])


def test_a_worksheet_of_blind_marking_has_no_names(folder):
    heading = "Identifier,Status,Grade,Maximum grade,Grade can be changed,Feedback comments"
    rows = ["Participant 1,Submitted,,100.00,Yes,", "Participant 2,Submitted,,100.00,Yes,"]
    roster = folder.roster("\n".join([heading, *rows]))
    assert roster.people == (Person("", (("moodle", "1"),)), Person("", (("moodle", "2"),)))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("email\nal@x.edu\n", [Person("", (("email", "al@x.edu"),))]),
        ("al@x.edu\nbo@x.edu\n", [Person("", (("email", "al@x.edu"),)), Person("", (("email", "bo@x.edu"),))]),
        (
            "Anna Lee,al@x.edu\nBo Ray,bo@x.edu",
            [Person("", (("email", "al@x.edu"),)), Person("", (("email", "bo@x.edu"),))],
        ),
        ("Anna Lee\nBo Ray\n", [Person("Anna Lee"), Person("Bo Ray")]),
        ("00123\n00124", [Person("", (("sid", "00123"),)), Person("", (("sid", "00124"),))]),
        ("anna-lee\nboray", [Person("", (("username", "anna-lee"),)), Person("", (("username", "boray"),))]),
        ("Student\nanna-lee\n", [Person("", (("username", "anna-lee"),))]),
        ("Student,Group\nAnna Lee,1\n", [Person("Anna Lee")]),
        ("Nachname;Vorname;Matrikelnummer\nLee;Anna;007\n", [Person("Anna Lee", (("sid", "007"),))]),
        ("\n\nname,score\n\nAnna,\n", [Person("Anna")]),
    ],
)
def test_a_plain_list_needs_one_column_that_says_who(folder, text, people):
    roster = folder.roster(text)
    assert (roster.platform, list(roster.people)) == ("csv", people)


def test_participants_in_spanish_are_no_gradebook(folder):
    roster = folder.roster("Nombre,Apellido(s),Dirección de correo\nAnna,Lee,al@x.edu\n")
    assert (roster.platform, roster.people[0].name) == ("moodle-participants", "Anna Lee")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "is an old Excel workbook"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"a\x00b\x00", "holds null bytes"),
        (b"\x81\x8d\xff\n", "is not text in UTF-8 or Windows-1252"),
        (b"name,email\n\n", "is a list of students, but no student stands in it"),
        (
            b"colour,taste\nred,sweet\n",
            "begins with 'colour', 'taste', which is no header that is known: exports of Canvas",
        ),
    ],
)
def test_what_is_no_roster_is_said_in_one_sentence(folder, content, said):
    with pytest.raises(UsageProblem) as problem:
        folder.roster(content)
    assert said in str(problem.value) and str(problem.value).startswith("The roster roster.csv ")
    assert "\n" not in str(problem.value)


def test_a_workbook_of_excels_is_told_from_a_csv_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "roster.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(
        UsageProblem, match=r"roster\.xlsx is an Excel workbook or a zip, not a CSV file: save the sheet as CSV"
    ):
        read_roster(tmp_path / "roster.xlsx")


def test_what_is_not_there_or_a_folder_is_said(tmp_path):
    with pytest.raises(UsageProblem, match="There is no roster"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(UsageProblem, match="is a folder"):
        read_roster(tmp_path)


def test_a_file_of_windows_is_read_and_said_so(folder):
    roster = folder.roster("Name,Grade\nMüller,\n".encode("cp1252"))
    assert roster.people == (Person("Müller"),)
    assert any("Windows-1252" in note for note in roster.notes)
    assert not any("Windows" in note for note in folder.roster("Name,Grade\nMüller,\n").notes)


@settings(max_examples=300, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_bytes_it_is_a_roster_or_a_sentence(folder, data):
    content = bytearray(Dialect().write(data.draw(st.sampled_from(exports.GRADED + exports.LISTS))().rows))
    for place in data.draw(st.lists(st.floats(0, 1, exclude_max=True), max_size=4)):
        at = int(place * len(content))
        content[at : at + data.draw(st.integers(0, 60))] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b",", b"\n"])
        )
    try:
        roster = folder.roster(bytes(content))
        returned(roster, {index: Grade(50.0, 100.0, "text") for index in range(len(roster.people))})
    except UsageProblem as problem:
        assert str(problem).endswith(".")
