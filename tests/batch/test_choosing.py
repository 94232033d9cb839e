"""Whom --only means: an instructor types what stands on a page, in a list, or in a mail."""

from __future__ import annotations

import unicodedata

import pytest

from grader.batch.choosing import chosen
from grader.batch.intake.handed_in import Person
from grader.batch.results.records import Row
from grader.exits import UsageProblem

CHLOE = Row("Chloé Kim", "Chloé Kim", (Person("Chloé Kim", (("moodle", "70103"), ("email", "ck@uni.edu"))),))
TWIN = Row("Chloé Lee (12)", "Chloé Lee (12)", (Person("Chloé Lee", (("moodle", "12"),)),))
OTHER = Row("Chloé Lee (13)", "Chloé Lee (13)", (Person("Chloé Lee", (("moodle", "13"),)),))
TEAM = Row("Team 1", "Team 1", (Person("Ada Ok"), Person("Ben Ok")))
ROWS = [CHLOE, TWIN, OTHER, TEAM]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("Chloé Kim", CHLOE),
        (unicodedata.normalize("NFD", "Chloé Kim"), CHLOE),
        ("70103", CHLOE),
        ("ck@uni.edu", CHLOE),
        ("Chloé Lee (13)", OTHER),
        ("Ben Ok", TEAM),
        ("Team 1", TEAM),
    ],
)
def test_a_student_is_named_by_name_number_address_or_as_a_member(name, row):
    assert chosen(ROWS, [name]) == [row]


def test_without_a_name_all_are_meant_and_with_some_in_the_order_of_the_class():
    assert chosen(ROWS, []) == ROWS
    assert chosen(ROWS, ["Ada Ok", "Chloé Kim", "Ben Ok"]) == [CHLOE, TEAM]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("chloe", "Did you mean Chloé Kim, Chloé Lee (12) or Chloé Lee (13)?"),
        ("Chole Kim", "Did you mean Chloé Kim"),
        ("Zoë", "There are Chloé Kim, Chloé Lee (12), Chloé Lee (13) and Team 1."),
        ("Chloé Lee", "stands for Chloé Lee (12) and Chloé Lee (13); name the one that is meant"),
    ],
)
def test_a_name_that_is_nobodys_or_several_ones_says_who_may_be_meant(name, said):
    with pytest.raises(UsageProblem) as problem:
        chosen(ROWS, [name])
    assert said in str(problem.value)


def test_a_student_may_be_named_as_the_roster_does():
    row = Row("leeanna", "leeanna", (Person("leeanna", (("canvas", "101"),)),))
    on_roster = {"leeanna": "Lee, Anna"}
    assert chosen([row, CHLOE], ["Lee, Anna"], on_roster) == [row]
    with pytest.raises(UsageProblem, match="Did you mean leeanna"):
        chosen([row, CHLOE], ["anna"], on_roster)


def test_of_a_large_class_few_are_offered():
    rows = [Row(f"Student {number}", f"Student {number}", (Person(f"Student {number}"),)) for number in range(2000)]
    for name in ("student", "Zoë"):
        with pytest.raises(UsageProblem, match=r"1995 more[?.]$") as problem:
            chosen(rows, [name])
        assert len(str(problem.value)) < 300
