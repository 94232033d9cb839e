"""Hints: three for each exercise, from gentle to explicit, a TOML file a topic."""

import tomllib
from functools import cache
from importlib.resources import files

from grader.course import registry


def hints_for(exercise_name: str) -> tuple[str, str, str]:
    """A question, the rule, and a worked example with other numbers.

    Raises registry.UnknownNameError for a name that is no exercise's.
    """
    exercise = registry.exercise(exercise_name)
    question, rule, example = _hints_of_topic(exercise.topic)[exercise.name]["hints"]
    return question, rule, example


@cache
def _hints_of_topic(topic: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(f"grader.topics.{topic}").joinpath("hints.toml").read_text(encoding="utf-8"))
