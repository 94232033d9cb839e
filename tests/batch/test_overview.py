"""The class at a glance, as data."""

from __future__ import annotations

import msgspec
import pytest

from grader.batch.results.overview import overview
from grader.course import registry
from tests.batch.invented import entries, record, row


def of(found, **more):
    return overview(found, platform="folders", seed=5, **more)


def test_per_check_how_many_fail_which_known_mistakes_whose():
    wrong = record("b", [0.5], mistakes=["pads-one-side"])
    data = of([(row("a"), record("a", [1.0])), (row("b"), wrong), (row("c"), record("c", [0.0]))])
    assert len(data.checks) == len(registry.EXERCISES)
    assert {(check["begun"], check["failed"], *check["whose"]) for check in data.checks} == {(2, 1, 1)}
    assert {(mistake["count"], *mistake["whose"]) for mistake in data.mistakes} == {(1, 1)}
    assert {(e["begun"], e["solved"]) for e in data.exercises} == {(2, 1)}


def test_a_known_mistake_is_told_in_the_words_of_the_course():
    wrong = [(row(name), record(name, [0.5], mistakes=["pads-one-side"])) for name in ("a", "b")]
    said = next(one for one in of(wrong).mistakes if one["exercise"] == "conv2d_output_shape")
    assert "padding" in said["says"] and said["asks"].endswith("?")


def test_three_sentences_for_monday_are_made_from_the_numbers():
    data = of(
        [
            (row(name), record(name, [share], mistakes=["pads-one-side"]))
            for name, share in (("a", 1.0), ("b", 0.5), ("c", 0.5))
        ]
    )
    assert len(data.monday) == 3
    assert data.monday[0] == "Of 3 submissions, 1 has all points; half of them have at least 50 of 100."
    assert "1 of the 3 who began it have all of its points" in data.monday[1]
    assert "made by 2 of 3" in data.monday[2] or "made by 3 of 3" in data.monday[2]


@pytest.mark.parametrize("found", [[], [(row("a"), None)], [(row("a"), record("a", [0.0], status="no zip"))]])
def test_a_class_in_which_nothing_was_graded_says_nothing_of_it(found):
    data = of(found)
    assert data.monday == [] and sum(data.distribution) == 0


def test_what_could_not_be_read_counts_as_nobodys_work():
    data = of([(row("a"), record("a", [1.0])), (row("b"), record("b", [0.0], status="b.zip is encrypted"))])
    assert sum(data.distribution) == 1
    assert all(exercise["begun"] == 1 for exercise in data.exercises)
    assert data.submissions[1]["status"] == "b.zip is encrypted"


def test_it_is_the_same_data_each_time():
    assert msgspec.json.encode(of(entries(30))) == msgspec.json.encode(of(entries(30)))
