"""Hints: three for each exercise, from gentle to explicit, one TOML file per topic."""

import tomllib
from functools import cache
from importlib.resources import files

from grader import registry


def hints_for(exercise_name: str) -> tuple[str, str, str]:
    """A question, the rule, and a worked example with other numbers.

    Raises registry.UnknownNameError for a name that is no exercise's.
    """
    exercise = registry.exercise(exercise_name)
    question, rule, example = _hints_of_topic(exercise.topic)[exercise.name]["hints"]
    return question, rule, example


@cache
def _hints_of_topic(topic: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath(f"{topic}.toml").read_text(encoding="utf-8"))
