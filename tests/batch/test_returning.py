"""The platform's own file with its grade cells filled."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.batch.intake.handed_in import Person
from grader.batch.rosters.matching import match, named
from grader.batch.rosters.returning import Grade, returned
from grader.exits import UsageProblem
from tests.batch import exports
from tests.batch.exports import Dialect, Folder, Sample, work

DIALECTS = st.builds(
    lambda mark, **options: Dialect(mark=mark[0], encoding=mark[1], **options),
    delimiter=st.sampled_from(",;\t"),
    mark=st.sampled_from(
        [(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
    ),
    ends=st.sampled_from([("\r\n",), ("\n",), ("\r",), ("\n", "\r\n")]),
    quotes=st.sampled_from(["needed", "all", "texts"]),
    comma=st.booleans(),
    last_line_ends=st.booleans(),
)
SCORES = st.sampled_from([0.0, 100.0, 66.5, 12.5, 33.25]) | st.integers(0, 200).map(lambda half: half / 2)
FEEDBACK = st.sampled_from(["", "Well done.", "=1+1", "a, b; c", 'say "x" < y', "two\nlines", "@me", "é漢"])


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


def full(score: float = 66.5, feedback: str = "") -> Grade:
    return Grade(score, 100.0, feedback)


@pytest.mark.parametrize("make", exports.GRADED)
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_platforms_file_differs_only_in_grade_and_feedback_cells(folder, make, data):
    sample: Sample = make()
    dialect = data.draw(DIALECTS)
    before = dialect.write(sample.rows)
    roster = folder.roster(before)
    graded = data.draw(st.lists(st.sampled_from(range(len(sample.people))), unique=True))
    grades = {index: Grade(data.draw(SCORES), 100.0, data.draw(FEEDBACK)) for index in graded}
    after = returned(roster, grades, column=sample.column)

    heading = sample.rows[0]
    places = {heading.index(sample.grade)} | ({heading.index(sample.feedback)} if sample.feedback else set())
    taken = {(roster.rows[index], place) for index in graded for place in places}
    was, now = dialect.cells(before), dialect.cells(after)
    assert list(now) == list(was)
    assert [now[place] for place in now if place not in taken] == [was[place] for place in was if place not in taken]
    old, new = dialect.read(before), dialect.read(after)
    for index, grade in grades.items():
        row = roster.rows[index]
        shown = new[row][heading.index(sample.grade)]
        assert float(shown.replace(",", ".") if dialect.comma else shown) == grade.score
        if sample.feedback and not grade.feedback:
            assert new[row][heading.index(sample.feedback)] == old[row][heading.index(sample.feedback)]


@pytest.mark.parametrize("make", exports.GRADED)
def test_where_nobody_is_graded_the_file_comes_back_as_it_was(folder, make):
    data = Dialect(";", b"\xef\xbb\xbf", comma=True).write(make().rows)
    assert returned(folder.roster(data), {}, column=make().column) == data


def test_missing_unmatched_and_duplicate_students_are_named_the_cells_of_missing_ones_stay_as_they_were(folder):
    rows = exports.moodle().rows
    roster = folder.roster([*rows, rows[1]])
    found = match(roster, [work("anna", Person("Anna Lee")), work("guest", Person("Eve Guest"))])
    said = " ".join(named(roster, found))
    assert "Jörg Müller" in said and "guest" in said and "Anna Lee is on the roster 2 times" in said
    after = Dialect().read(returned(roster, {row: full() for row in found.handed_in}))
    assert [row[4] for row in after[1:]] == ["66.5", "50.00", "", "66.5"]
    assert after[2:4] == rows[2:4]


def test_csvs_keep_commas_unicode_and_leading_zeros_and_defuse_formulas(folder):
    sample = exports.plain()
    after = Dialect().read(
        returned(folder.roster(sample.rows), {0: full(66.5, "=HYPERLINK(1)"), 2: full(0, "@x,\n漢")})
    )
    assert after[1] == [
        "Lee, Anna",
        "00123",
        "66.5",
        "'=HYPERLINK(1)",
        "=1+1",
    ]  # what came with the file is the platform's
    assert after[2] == sample.rows[2]
    assert after[3] == ["O'Brien, 李", "00125", "0", "'@x, 漢", 'a "b", c']


@pytest.mark.parametrize("start", "=+-@")
def test_feedback_that_a_spreadsheet_would_compute_is_defused(folder, start):
    plain = returned(folder.roster(exports.plain().rows), {0: full(1, f"{start}1+1")})
    assert Dialect().read(plain)[1][3] == f"'{start}1+1"
    moodle = returned(folder.roster(exports.moodle().rows), {0: full(1, f"{start}1 < 2\n& more")})
    assert Dialect().read(moodle)[1][10] == f"&#{ord(start)};1 &lt; 2<br>&amp; more"


def test_decimals_are_written_as_the_file_writes_them(folder):
    for comma, shown in ((True, "66,5"), (False, "66.5")):
        dialect = Dialect(";", comma=comma)
        for make in (exports.moodle, exports.canvas):
            after = dialect.read(returned(folder.roster(make().rows, dialect), {0: full()}, column=make().column))
            assert shown in (after[1][4], after[3][5])


def test_a_grade_that_stands_there_already_keeps_its_bytes(folder):
    data = Dialect().write(exports.canvas().rows)
    assert returned(folder.roster(data), {1: full(66.5)}, column="4711") == data


# Canvas


def canvas(*headings: str, points: str = "100.00") -> str:
    width = len(headings)
    return "\n".join([
        ",".join(["Student,ID,Section", *headings]),
        ",".join(["    Points Possible,,", *[points] * width]),
        ",".join(['"Lee, Anna",101,A', *[""] * width]),
    ])  # fmt: skip


def test_of_several_assignments_of_canvas_one_is_chosen(folder):
    roster = folder.roster(canvas("Shapes (1)", "Essay (2)", "Shapes (3)"))
    with pytest.raises(UsageProblem) as problem:
        returned(roster, {0: full()})
    assert str(problem.value) == (
        "No grade was written: roster.csv has 3 columns that could be the grade: 'Shapes (1)', 'Essay (2)' and 'Shapes (3)'; "
        'say which, as in --column "Shapes (1)".'
    )
    for column, place in (("Shapes (3)", 5), ("essay", 4), ("1", 3)):
        assert Dialect().read(returned(roster, {0: full()}, column=column))[2][place] == "66.5"
    with pytest.raises(UsageProblem, match=r"has 2 columns that could be the grade: 'Shapes \(1\)' and 'Shapes \(3\)'"):
        returned(roster, {0: full()}, column="Shapes")
    with pytest.raises(UsageProblem, match="has no column for a grade called 'Section'; it has 'Shapes"):
        returned(roster, {0: full()}, column="Section")


@pytest.mark.parametrize("title", ["Final Grade (7)", "My Current Score test (7)", "Override Points (7)"])
def test_what_canvas_leaves_out_without_a_word_is_refused(folder, title):
    for headings, column in (([title], None), ([title, "Shapes (8)"], title)):
        with pytest.raises(UsageProblem, match="Canvas leaves out without a word"):
            returned(folder.roster(canvas(*headings)), {0: full()}, column=column)
    after = returned(folder.roster(canvas(title, "Shapes (8)")), {0: full()})
    assert Dialect().read(after)[2][3:] == ["", "66.5"]


@pytest.mark.parametrize(
    ("points", "said"),
    [("10.00", "has 10.00 points, and the grades are out of 100"), ("(read only)", "is read only")],
)
def test_other_points_than_the_kits_are_refused(folder, points, said):
    with pytest.raises(UsageProblem, match=said):
        returned(folder.roster(canvas("Shapes (1)", points=points)), {0: full()})
    assert b'"66,5"' in returned(folder.roster(canvas("Shapes (1)", points='"100,0"')), {0: full()})


def test_a_gradebook_without_an_assignment_is_said(folder):
    with pytest.raises(UsageProblem, match="has no assignment's column, such as 'Homework 1"):
        returned(folder.roster(canvas("Notes")), {0: full()})


def test_whom_the_assignment_is_not_assigned_to_is_named_and_who_is_excused_stays_so(folder):
    lines = canvas("Shapes (1)").splitlines()
    roster = folder.roster("\n".join([*lines, "Ray Bo,102,A,EX", "Day Cy,103,A,N/A"]))
    with pytest.raises(UsageProblem, match="Day Cy: the assignment is not assigned to them"):
        returned(roster, {0: full(), 2: full()})
    assert Dialect().read(returned(roster, {0: full(), 1: full()}))[3][3] == "EX"


# Moodle


def worksheet(maximum: str = "100,00", *rows: str, scale: bool = False) -> str:
    heading = (
        f"Identifier;Full name;Grade;{'Scale' if scale else 'Maximum grade'};Grade can be changed;Feedback comments"
    )
    return "\n".join(
        [heading, *(rows or (f"Participant 1;Anna Lee;;{maximum};Yes;", f"Participant 2;Bo Ray;7,00;{maximum};No;Hi"))]
    )


def test_a_locked_row_is_refused_and_the_student_named(folder):
    roster = folder.roster(worksheet())
    with pytest.raises(UsageProblem) as problem:
        returned(roster, {0: full(), 1: full()})
    assert str(problem.value) == (
        "No grade was written: roster.csv does not take every grade: Bo Ray: the grade is locked or overridden in "
        "Moodle's gradebook."
    )


def test_a_locked_row_whose_grade_is_the_same_stays_as_it_is(folder):
    after = returned(folder.roster(worksheet()), {0: full(66.5, "Well"), 1: full(7, "new")})
    assert after.decode().splitlines()[1:] == [
        "Participant 1;Anna Lee;66,5;100,00;Yes;Well",
        "Participant 2;Bo Ray;7,00;100,00;No;Hi",
    ]


def test_a_marking_workflow_stands_before_what_says_that_a_grade_is_locked(folder):
    heading = "Identifikator;Name;Karakter;Maks;Tilstand;Kan endres;Feedback-kommentarer\n"
    lines = [f"Deltaker{n};{name};;100,00;{state};{yes};" for n, name, state, yes in [
        (1, "Anna Lee", "Sett", "Ja"), (2, "Bo Ray", "Klar", "Nei"), (3, "Cy Day", "Utgitt", "Ja"),
    ]]  # fmt: skip
    roster = folder.roster(heading + "\n".join(lines))
    with pytest.raises(UsageProblem, match="Bo Ray: the grade is locked"):
        returned(roster, {0: full(), 1: full()})
    assert b"Deltaker1;Anna Lee;66,5;100,00;Sett;Ja;Bra\n" in returned(roster, {0: full(66.5, "Bra"), 2: full()})


def test_a_grade_above_the_maximum_is_refused(folder):
    with pytest.raises(UsageProblem, match="Anna Lee: 101 is above the maximum grade, 100"):
        returned(folder.roster(worksheet()), {0: full(101)})


def test_another_maximum_grade_than_the_kits_is_refused(folder):
    with pytest.raises(UsageProblem, match="the maximum grade is 50,00, and the grades are out of 100"):
        returned(folder.roster(worksheet("50,00")), {0: full(40)})


def test_a_worksheet_graded_by_a_scale_is_refused(folder):
    text = worksheet("", "Participant 1;Anna Lee;;Poor, good;Yes;", scale=True)
    with pytest.raises(UsageProblem, match="it is graded by a scale"):
        returned(folder.roster(text), {0: full()})


def test_moodles_gradebook_takes_points_only(folder):
    heading = (
        "First name,Last name,Email address,Quiz: A (Real),Quiz: A (Percentage),Quiz: B (Real),Course total (Real)\n"
    )
    roster = folder.roster(f"{heading}Anna,Lee,al@x,-,-,-,-\nBo,Ray,bo@x,1.00,10.00 %,-,1.00\n")
    with pytest.raises(
        UsageProblem, match=r"2 columns that could be the grade: 'Quiz: A \(Real\)' and 'Quiz: B \(Real\)'"
    ):
        returned(roster, {0: full()})
    assert Dialect().read(returned(roster, {0: full()}, column="B"))[1:] == [
        ["Anna", "Lee", "al@x", "-", "-", "66.5", "-"],
        ["Bo", "Ray", "bo@x", "1.00", "10.00 %", "-", "1.00"],
    ]


# Others


def test_gradescopes_other_points_are_refused(folder):
    rows = [[cell.replace("100.0", "10.0") for cell in row] for row in exports.gradescope().rows]
    with pytest.raises(UsageProblem, match="says that there are 10.0 points, and the grades are out of 100"):
        returned(folder.roster(rows), {0: full()})


@pytest.mark.parametrize("make", exports.LISTS)
def test_a_roster_without_a_grades_column_is_said(folder, make):
    with pytest.raises(
        UsageProblem, match=r"No grade was written: roster.csv is .*, which has no column for a grade\."
    ):
        returned(folder.roster(make().rows), {0: full()})


def test_a_plain_list_needs_one_column_for_a_grade(folder):
    with pytest.raises(
        UsageProblem, match="has no column for a grade, such as 'Grade' or 'Score': its columns are name, id"
    ):
        returned(folder.roster("name,id\nAnna Lee,1\n"), {0: full()})
    with pytest.raises(UsageProblem, match="has no header, so no column for a grade"):
        returned(folder.roster("al@x.edu,\n"), {0: full()})
    two = folder.roster("name,Grade,Points,HW\nAnna Lee,,,\n")
    with pytest.raises(UsageProblem, match="has 2 columns that could be the grade: 'Grade' and 'Points'"):
        returned(two, {0: full()})
    assert returned(two, {0: full()}, column="hw") == b"name,Grade,Points,HW\nAnna Lee,,,66.5\n"
    with pytest.raises(UsageProblem, match="no column for a grade called 'name'"):
        returned(two, {0: full()}, column="name")


def test_a_row_that_ends_too_early_is_said(folder):
    with pytest.raises(UsageProblem, match="Bo Ray: row 3 ends before the column 'Grade'"):
        returned(folder.roster("name,id,Grade\nAnna Lee,1,\nBo Ray,2\n"), {0: full(), 1: full()})


def test_of_many_refusals_some_are_named(folder):
    rows = [f"Participant {n};Student {n};;100,00;No;" for n in range(9)]
    with pytest.raises(
        UsageProblem, match="Student 5: the grade is locked or overridden in Moodle's gradebook; and 3 more"
    ):
        returned(folder.roster(worksheet("", *rows)), {n: full() for n in range(9)})


def test_feedback_holds_nothing_that_acts(folder):
    after = returned(folder.roster(exports.plain().rows), {0: full(1, "a\x00b\x1b[31m\r\nc\n\n d")})
    assert Dialect().read(after)[1][3] == "ab[31m c d"
