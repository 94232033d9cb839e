"""Loads the course's content: the only place that imports topics, by their names."""

from __future__ import annotations

import functools
import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

from grader.course import registry
from grader.writing.check import Check
from grader.writing.difference import Difference
from grader.writing.mistake import Mistake, recorded

NAMES_OF_MISTAKES = "mistakes.json"


def checks_of(topic: str) -> dict[str, list[Check]]:
    """The checks of a topic, by exercise, in the order in which they are written."""
    found: dict[str, list[Check]] = {}
    for name, group in groups_of(topic).items():
        methods = {key: method for key, method in vars(group).items() if hasattr(method, "check")}
        if name not in registry.FACTS.without:
            found[name] = _checks(group, methods)
    return found


def groups_of(topic: str) -> dict[str, Any]:
    """The classes of a topic's checks, by the exercise that they name."""
    module = importlib.import_module(f"grader.topics.{topic}.checks")
    groups = [value for value in vars(module).values() if isinstance(value, type) and hasattr(value, "exercise")]
    return {group.exercise: group for group in groups if group.__module__ == module.__name__}


def _checks(group: Any, methods: dict[str, Any]) -> list[Check]:
    """An exercise's checks, which share its points by their weights."""
    points = registry.exercise(group.exercise).points
    total = sum(method.check[0] for method in methods.values())
    return [_check(group, name, method, points / total) for name, method in methods.items()]


def _check(group: Any, method_name: str, method: Any, scale: float) -> Check:
    weight, body, strategies, always, share, lesson, smaller, about = method.check
    says = " ".join((body.__doc__ or "").split())
    bound = body.__get__(group())
    name = method_name.removeprefix("test_")
    points = weight if scale == 1 else weight * scale
    return Check(group.exercise, name, points, bound, says, strategies, always, share, lesson, smaller or {}, about)


@functools.cache
def mistakes_of(exercise: str) -> tuple[Mistake, ...]:
    """The known mistakes of an exercise, from all of its topic's modules whose names begin with "mistakes".

    A handout without solutions has their names and texts, in a file, and not what they do.
    """
    topic = importlib.import_module(f"grader.topics.{registry.exercise(exercise).topic}")
    for module in pkgutil.iter_modules(topic.__path__, f"{topic.__name__}."):
        if module.name.rpartition(".")[2].startswith("mistakes"):
            importlib.import_module(module.name)
    return recorded(exercise) or tuple(_named(topic.__name__, exercise))


def _named(topic: str, exercise: str) -> Iterator[Mistake]:
    """The known mistakes that a handout names."""
    file = files(topic).joinpath(NAMES_OF_MISTAKES)
    for entry in json.loads(file.read_text(encoding="utf-8")) if file.is_file() else ():
        if entry["exercise"] == exercise:
            yield Mistake(**entry, wrong=Difference((), {}))


def stand_in(topic: str, name: str) -> Callable[..., Any]:
    """What carries out the steps of a right function that stands in for a student's."""
    steps: Callable[..., Any] = getattr(importlib.import_module(f"grader.topics.{topic}.stand_ins"), name)
    return steps


def all_mistakes() -> tuple[Mistake, ...]:
    """Every known mistake, in the order of the lesson."""
    return tuple(found for exercise in registry.EXERCISES for found in mistakes_of(exercise.name))
