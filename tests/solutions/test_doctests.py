"""Every example in the docstrings of the solutions is right, so those of the stubs are."""

import doctest
import importlib

import pytest

from grader.registry import TOPICS


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_examples_are_right_and_every_exercise_has_one(topic):
    module = importlib.import_module(f"solutions.{topic.name}")
    examples = {test.name.removeprefix(f"{module.__name__}."): test for test in doctest.DocTestFinder().find(module)}
    for exercise in topic.exercises:
        assert examples[exercise.name].examples
    assert doctest.testmod(module).failed == 0
