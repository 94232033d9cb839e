"""Every example in the docstrings of the solutions is right, so those of the stubs are."""

import doctest
import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

from grader.course.registry import TOPICS


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_examples_are_right_and_every_exercise_has_one(topic):
    module = importlib.import_module(f"solutions.{topic.name}")
    examples = {test.name.removeprefix(f"{module.__name__}."): test for test in doctest.DocTestFinder().find(module)}
    for exercise in topic.exercises:
        assert examples[exercise.name].examples
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_an_example_of_a_refusal_leaves_the_words_to_the_student(topic, tmp_path):
    text = Path(importlib.import_module(f"solutions.{topic.name}").__file__).read_text(encoding="utf-8")
    file = tmp_path / f"own_{topic.name}.py"
    own = "\n\ndef _own(said):\n    return ValueError('my own words: kernel_size is 3')\n"
    file.write_text(text.replace("raise ValueError(", "raise _own(") + own, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert doctest.testmod(module).failed == 0
