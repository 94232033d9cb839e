"""Tests of the hints."""

import tomllib
from importlib.resources import files

import pytest

from grader.course.hints import hints_for
from grader.course.registry import EXERCISES, TOPICS, UnknownNameError


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_every_exercise_has_three_hints_that_start_with_a_question(exercise):
    hints = hints_for(exercise.name)
    assert len(hints) == len(set(hints)) == 3
    assert "?" in hints[0]
    assert all(hint == hint.strip() for hint in hints)
    assert any(digit in hints[2] for digit in "0123456789"), "the third hint is an example with numbers"


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_hint_file_holds_its_topics_exercises_in_order_and_no_others(topic):
    found = tomllib.loads(files(f"grader.topics.{topic.name}").joinpath("hints.toml").read_text(encoding="utf-8"))
    assert list(found) == [exercise.name for exercise in topic.exercises]


def test_hints_for_an_unknown_exercise_suggest_the_nearest():
    with pytest.raises(UnknownNameError, match="rescale"):
        hints_for("rescal")
