"""The registry: topics and exercises, in the order of the lesson, as course.toml and the settings have them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.course import settings
from grader.course.names import advice


class UnknownNameError(LookupError):
    """A name is neither a topic's nor an exercise's; the text suggests near ones."""


@dataclass(frozen=True)
class Exercise:
    """One function or method that students write.

    Its name is the function's, or `Class.method`; no two exercises share a name.
    """

    topic: str
    name: str
    points: float

    @property
    def function(self) -> str:
        """The function's own name, without the class of a method."""
        return self.name.rpartition(".")[2]

    @property
    def class_name(self) -> str | None:
        """The class that a method belongs to; None for a function."""
        return self.name.rpartition(".")[0] or None

    @property
    def is_method(self) -> bool:
        return self.class_name is not None


@dataclass(frozen=True)
class Topic:
    """One module of exercises. Checks, known mistakes, hints and stubs are found by its name."""

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    work: float = 1.0  # how long grading it takes, beside the others
    off_limits: tuple[str, ...] = ()  # what of PyTorch is: see `settings.OFF_LIMITS`


FACTS = settings.read()
TOPICS: tuple[Topic, ...] = tuple(
    Topic(
        facts.name,
        facts.title,
        tuple(Exercise(facts.name, name, points) for name, points in facts.points.items()),
        facts.work,
        facts.off_limits,
    )
    for facts in FACTS.topics
)

MODULES: tuple[str, ...] = tuple(topic.name for topic in TOPICS)
EXERCISES: tuple[Exercise, ...] = tuple(exercise for topic in TOPICS for exercise in topic.exercises)

_TOPICS_BY_NAME = {topic.name: topic for topic in TOPICS}
_EXERCISES_BY_NAME = {exercise.name: exercise for exercise in EXERCISES}


def topic(name: str) -> Topic:
    """The topic of that name. Raises UnknownNameError."""
    if name not in _TOPICS_BY_NAME:
        raise UnknownNameError(_unknown("topic", name, list(_TOPICS_BY_NAME)))
    return _TOPICS_BY_NAME[name]


def exercise(name: str) -> Exercise:
    """The exercise of that name, such as "MLP.forward". Raises UnknownNameError."""
    if name not in _EXERCISES_BY_NAME:
        raise UnknownNameError(_unknown("exercise", name, list(_EXERCISES_BY_NAME)))
    return _EXERCISES_BY_NAME[name]


def find(name: str) -> Topic | Exercise:
    """The topic or the exercise that is meant: its name in any capitals, its class, its function, or the module's file.

    "MLP.forward", "mlp", "conv2d()", "exercises/shapes.py" and "shapes.py:41" all find one.

    Raises:
        UnknownNameError: nothing is meant, or more than one thing; the text names what may be.
    """
    wanted = _without_decoration(name)
    meant = _TOPICS_BY_NAME.get(wanted) or _EXERCISES_BY_NAME.get(wanted)
    if meant is not None:
        return meant
    for alike in (_is_class, _is_folded, _is_part):
        everything: list[Topic | Exercise] = [*TOPICS, *EXERCISES]
        candidates = [one for one in everything if alike(one, wanted)]
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            names = [candidate.name for candidate in candidates]
            raise UnknownNameError(f"{name!r} can be {', '.join(names[:-1])} or {names[-1]}. Which one?")
    raise UnknownNameError(_unknown("topic or exercise", name, [*_TOPICS_BY_NAME, *_EXERCISES_BY_NAME]))


def _without_decoration(name: str) -> str:
    """What is left of a name without a folder, an ending, a line, parentheses, or the module in front of it."""
    last = re.split(r"[/\\]", name.strip())[-1]
    bare = re.sub(r"(\.py)?(:\d+)*:?$|\(.*\)$", "", last, flags=re.IGNORECASE).replace("::", ".")
    modules = "|".join(topic.name for topic in TOPICS)
    return re.sub(rf"^(exercises\.)?(({modules})(\.py)?\.(?=.))?", "", bare)  # Cnn.forward is no module's


def _is_class(one: Topic | Exercise, name: str) -> bool:
    """The class as it is written: CNN is the class, cnn the topic."""
    return isinstance(one, Exercise) and one.class_name == name


def _is_folded(one: Topic | Exercise, name: str) -> bool:
    return one.name.casefold() == name.casefold()


def _is_part(one: Topic | Exercise, name: str) -> bool:
    parts = one.name.casefold().split(".")
    return isinstance(one, Exercise) and len(parts) == 2 and name.casefold() in parts


def _unknown(kind: str, name: str, known: list[str]) -> str:
    return f"There is no {kind} named {name!r}. {advice(_without_decoration(name), known, most=3)}"
