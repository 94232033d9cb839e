"""Who on the roster handed what in."""

from __future__ import annotations

import unicodedata

import pytest

from grader.batch.intake.handed_in import Person
from grader.batch.rosters.matching import match, named
from grader.exits import UsageProblem
from tests.batch import exports
from tests.batch.exports import Folder, work


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def fits(folder):
    """Whether somebody is the second student of a roster whose first one is somebody else; or nobody."""

    def ask(header: str, row: str, person: Person) -> bool:
        filler = [
            "Zoe Other" if "name" in word.lower() or word == "Student" else f"zo{n}"
            for n, word in enumerate(header.split(","))
        ]
        roster = folder.roster("\n".join([header, ",".join(filler), row]))
        try:
            found = match(roster, [work("x", person)])
        except UsageProblem:
            return False
        assert list(found.handed_in) == [1]
        return True

    return ask


@pytest.mark.parametrize(
    "person",
    [
        Person("annalee", (("canvas", "101"),)),
        Person("", (("sid", "00123"),)),
        Person("", (("email", "ALee@uni.edu"),)),  # the login is the address
        Person("leeanna"),
        Person("Anna Lee"),
        Person("Anna  LEE "),
        Person("Lee,Anna"),
        Person("somebody else", (("sid", "999"), ("canvas", "101"))),
    ],
)
def test_ids_come_first_then_names_in_whatever_order_and_case(folder, person):
    found = match(folder.roster(exports.canvas().rows), [work("one", person)])
    assert {row: handed.name for row, handed in found.handed_in.items()} == {0: "one"}
    assert found.missing == (1, 2) and not found.unmatched and not found.problems


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Lee, Anna", "Anna Lee"),
        ("Anna Lee", "leeanna"),
        ("Anna Maria van der Berg", "vanderbergannamaria"),
        ("Seán O'Brien", "o’brien, seán"),
        ("Seán O'Brien", "obrienseán"),
        ("Anne-Marie Roux", "Anne Marie Roux"),
        ("Jörg Straße", "JÖRG STRASSE"),
        ("田中 花子", "花子 田中"),
        (unicodedata.normalize("NFD", "Jörg Müller"), "jörg müller"),
        ("Jörg Müller", unicodedata.normalize("NFD", "müllerjörg")),
    ],
)
def test_the_same_name_is_written_in_many_ways(fits, written, name):
    assert fits("Name,Room", f'"{written}",1', Person(name))


@pytest.mark.parametrize(
    ("header", "row", "person"),
    [
        ("Name,ID", "Anna Lee,00123", Person("", (("sid", "123"),))),  # zeros count
        ("Name,ID", "Anna Lee,1", Person("Ann Alee")),
        ("Name,ID", "Anna Lee,1", Person("Anna")),
        ("Name,ID", "Anna Lee,1", Person("")),
        ("Student,ID,Section", "Anna Lee,101,A", Person("Anna Lee", (("canvas", "102"),))),
        ("Name,Login", "Anna Lee,al", Person("Al Other", (("username", "al2"),))),
    ],
)
def test_what_only_looks_alike_is_not_the_same(fits, header, row, person):
    assert not fits(header, row, person)


def test_a_login_and_a_username_are_the_same_unless_the_names_differ(fits):
    assert fits("Student,ID,SIS Login ID,Section", "Anna Lee,1,al,A", Person("", (("username", "al"),)))
    assert not fits("Student,ID,SIS Login ID,Section", "Anna Lee,1,al,A", Person("Al Green", (("username", "al"),)))


def test_a_folder_may_be_called_by_an_id(fits):
    assert fits("Name,Username", "Anna Lee,al-3", Person("AL-3"))
    assert fits("Name,Email", "Anna Lee,al@x.edu", Person("al@x.edu"))


def test_a_name_that_two_have_tells_nobody(folder):
    roster = folder.roster('name,id\nAnna Lee,1\n"Lee, Anna",2\nBo Ray,3\n')
    found = match(
        roster, [work("a", Person("Anna Lee")), work("b", Person("Bo Ray")), work("c", Person("?", (("sid", "2"),)))]
    )
    assert {row: handed.name for row, handed in found.handed_in.items()} == {1: "c", 2: "b"}
    assert [handed.name for handed in found.unmatched] == ["a"]
    assert found.problems == ("Anna Lee could be row 2 and row 3 of the roster: it is left open.",)


def test_a_name_that_two_hand_in_under_tells_nobody(folder):
    roster = folder.roster("name,id\nAnna Lee,1\nBo Ray,3\n")
    two = [work("a", Person("Anna Lee", (("email", "a@x"),))), work("b", Person("Anna Lee", (("email", "b@x"),)))]
    found = match(roster, [*two, work("c", Person("Bo Ray"))])
    assert list(found.handed_in) == [1] and found.missing == (0,)
    assert [handed.name for handed in found.unmatched] == ["a", "b"]


def test_each_member_of_a_group_is_matched_on_their_own(folder):
    group = work("group 1", Person("", (("email", "alee@uni.edu"),)), Person("Müller Jörg"), Person("Eve Guest"))
    found = match(folder.roster(exports.gradescope().rows), [group])
    assert found.handed_in == {0: group, 1: group} and found.missing == (2,) and not found.unmatched
    assert found.problems == ("Eve Guest, of group 1, is not on the roster.",)


def test_a_student_in_two_submissions_is_left_open_and_named(folder):
    works = [work("alone", Person("Anna Lee")), work("group", Person("Anna Lee"), Person("Jörg Müller"))]
    found = match(folder.roster(exports.gradescope().rows), works)
    assert list(found.handed_in) == [1] and found.missing == (2,)
    assert found.problems == ("Anna Lee stands in 2 submissions, alone and group: it is left open which counts.",)


def test_missing_unmatched_and_duplicate_students_are_named(folder):
    rows = exports.gradescope().rows
    roster = folder.roster([*rows, rows[1]])
    found = match(roster, [work("alee", Person("Anna Lee")), work("guest", Person("Eve Guest"))])
    assert sorted(found.handed_in) == [0, 3] and found.twice == ((0, 3),)
    assert named(roster, found) == [
        "Handed nothing in: Jörg Müller; 李 O'Brien.",
        "Not on the roster: guest.",
        "Anna Lee is on the roster 2 times, in rows 2 and 5.",
    ]


def test_an_id_that_different_students_share_is_said_and_tells_nobody(folder):
    roster = folder.roster("name,email,id\nAnna Lee,team@x,1\nBo Ray,team@x,2\nCy Day,cy@x,3\n")
    found = match(roster, [work("a", Person("", (("email", "team@x"),))), work("c", Person("", (("email", "cy@x"),)))])
    assert list(found.handed_in) == [2] and not found.twice
    assert found.problems == ("Anna Lee and Bo Ray have the same email on the roster, team@x: it tells nobody.",)


def test_the_roster_of_another_course_is_refused(folder):
    roster = folder.roster("name,id\n" + "\n".join(f"Student {chr(65 + n)}{chr(97 + n)},{n}" for n in range(25)))
    others = [work(f"w{n}", Person(f"Guest {chr(65 + n)}x")) for n in range(20)]
    with pytest.raises(
        UsageProblem, match="roster.csv seems to be another course's: of 20 submissions, none can be told"
    ):
        match(roster, others)
    with pytest.raises(UsageProblem, match="of 20 submissions, 1 can be told"):
        match(roster, [*others[:19], work("one", Person("Student Aa"))])
    found = match(roster, [*others[:17], *(work(f"s{n}", Person(f"Student {n}")) for n in ("Aa", "Bb", "Cc"))])
    assert len(found.handed_in) == 3 and len(found.unmatched) == 17
    assert match(roster, []).missing == tuple(range(25))


def test_the_same_matches_come_out_whatever_the_order(folder):
    roster = folder.roster(exports.moodle().rows)
    works = [work("a", Person("Anna Lee")), work("b", Person("", (("moodle", "9002"),))), work("c", Person("Guest"))]
    one, other = match(roster, works), match(roster, works[::-1])
    assert (one.handed_in, one.missing, one.problems) == (other.handed_in, other.missing, other.problems)


def test_a_group_of_which_only_the_name_is_known_is_who_the_worksheet_puts_in_it(folder):
    heading = "Identifier,Full name,Group,Status,Grade,Maximum grade,Grade can be changed"
    people = [
        ("1", "Anna Lee", "Team A"),
        ("2", "Bo Ray", "Team A"),
        ("3", "Cy Day", "Cy Day"),
        ("4", "Di Fox", "Cy Day"),
    ]
    rows = [f"Participant {number},{name},{group},Submitted,,100.00,Yes" for number, name, group in people]
    roster = folder.roster("\n".join([heading, *rows]))
    found = match(
        roster, [work("a", Person("Team A", (("moodle", "2"),))), work("c", Person("Cy Day", (("moodle", "3"),)))]
    )
    assert {row: handed.name for row, handed in found.handed_in.items()} == {0: "a", 1: "a", 2: "c"}


def test_the_number_of_a_submission_is_a_whole_groups(folder):
    rows = [[*row] for row in exports.gradescope().rows]
    rows[2][8] = rows[1][8]  # Anna's and Jörg's work is one
    roster = folder.roster(rows)
    number = ("gradescope", "777001")
    nameless = work("submission_777001", Person("", (number,)))
    assert match(roster, [nameless]).handed_in == {0: nameless, 1: nameless}
    members = [Person("Anna Lee", (number,)), Person("J. M.", (("sid", "124"), number))]
    group = work("group", *members)
    found = match(roster, [group])
    assert found.handed_in == {0: group, 1: group} and not found.twice and not found.problems
    guest = work("group", *members, Person("Eve Guest", (("email", "eve@x"), number)))
    assert match(roster, [guest]).handed_in == {0: guest}  # which of the two is left?
