"""There are enough known mistakes, they speak to the student, and what fails costs its exercise alone.

What grading makes of each of them is in topics/test_wrong_answers.py.
"""

from collections import Counter

import pytest

from grader.audit import local
from grader.audit.run import costs_others
from grader.course import registry
from grader.running.loading import all_mistakes

MISTAKES = all_mistakes()


@pytest.mark.parametrize("name", [exercise.name for exercise in registry.EXERCISES])
def test_an_exercise_that_fails_costs_no_other_that_does_not_use_it(name):
    assert costs_others(name) == []


def test_one_that_costs_another_is_reported(monkeypatch):
    monkeypatch.setattr(local, "users_of", lambda exercise: {exercise.name})
    found = costs_others("flatten_images")
    assert [problem.split(",")[0] for problem in found] == [
        "flatten_images costs points in LogisticRegression.forward", "flatten_images costs points in MLP.forward",
    ]  # fmt: skip


def test_there_are_enough_and_each_has_a_name_of_its_own():
    counts = Counter(mistake.exercise for mistake in MISTAKES)
    assert len(MISTAKES) >= 70
    assert min(counts[exercise.name] for exercise in registry.EXERCISES) >= 2
    assert len({(mistake.exercise, mistake.identifier) for mistake in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.exercise}-{mistake.identifier}")
def test_a_known_mistake_speaks_to_the_student(mistake):
    assert mistake.says.endswith(".")
    assert mistake.asks.endswith(("?", "."))
    assert mistake.says != mistake.asks
    assert "!" not in mistake.says + mistake.asks
    assert max(len(mistake.says), len(mistake.asks)) <= 200
