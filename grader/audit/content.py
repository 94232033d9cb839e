"""What is missing in the course's content, or misspelled, in a sentence each: with the file, and how it is mended."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.course import registry, settings
from grader.course.names import did_you_mean
from grader.course.paths import PACKAGE, solutions_folder
from grader.course.source import line_of
from grader.running import loading
from grader.running.reference import fresh_reference
from grader.writing import mistake
from grader.writing.difference import Difference, DoesNotFit


def problems(exercises: Sequence[registry.Exercise] = registry.EXERCISES) -> list[str]:
    """All of them, for these exercises and their topics."""
    found: list[str] = []
    for topic in registry.TOPICS:
        wanted = [exercise for exercise in exercises if exercise.topic == topic.name]
        if wanted:
            missing = list(_missing_files(topic.name))
            found += missing or [*_solution(wanted), *_hints(topic, wanted), *_checks(topic, wanted), *_mistakes(topic)]
    if len(exercises) == len(registry.EXERCISES) and settings.read(project=Path()) == registry.FACTS:
        total = sum(exercise.points for exercise in exercises)
        if round(total, 4) != 100:
            found.append(f"grader/course/course.toml: all points together are {total:g}, and the course is worth 100")
    return found


def _missing_files(topic: str) -> Iterator[str]:
    if not (solutions_folder() / f"{topic}.py").is_file():
        yield f"solutions/{topic}.py is not there: topic {topic} of course.toml needs its solutions"
    for name in ("__init__.py", "checks.py", "mistakes.py", "hints.toml"):
        if not (PACKAGE / "topics" / topic / name).is_file():
            yield f"grader/topics/{topic}/{name} is not there: topic {topic} of course.toml needs it"


def _solution(exercises: Sequence[registry.Exercise]) -> Iterator[str]:
    for exercise in exercises:
        text = (solutions_folder() / f"{exercise.topic}.py").read_text(encoding="utf-8")
        if line_of(text, exercise) is None:
            yield f"solutions/{exercise.topic}.py: {exercise.name} of course.toml is not there"


def _hints(topic: registry.Topic, exercises: Sequence[registry.Exercise]) -> Iterator[str]:
    file = f"grader/topics/{topic.name}/hints.toml"
    try:
        data = tomllib.loads((PACKAGE / "topics" / topic.name / "hints.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield f"{file} cannot be read: {error}"
        return
    for name in data:
        if name not in _known(topic):
            yield f"{file}: {name} is no exercise of the topic.{_nearest(name, topic)}"
    for exercise in exercises:
        hints = data.get(exercise.name, {}).get("hints", [])
        if len(hints) != 3 or not all(isinstance(hint, str) and hint.strip() for hint in hints):
            yield f"{file}: {exercise.name} has {len(hints)} hints, and needs three"


def _checks(topic: registry.Topic, exercises: Sequence[registry.Exercise]) -> Iterator[str]:
    file = f"grader/topics/{topic.name}/checks.py"
    groups = loading.groups_of(topic.name)
    for name in groups:
        if name not in _known(topic):
            yield f"{file}: {name} is no exercise of the topic.{_nearest(name, topic)}"
    for exercise in exercises:
        methods = [method for method in vars(groups.get(exercise.name, object)).values() if hasattr(method, "check")]
        if not methods:
            yield f"{file}: {exercise.name} has no checks, and needs a class with exercise = {exercise.name!r}"
        elif sum(method.check[5] for method in methods) != 1:
            yield f"{file}: one check of {exercise.name} must be the lesson's (lesson=True), for half of its points"


def _mistakes(topic: registry.Topic) -> Iterator[str]:
    loading.mistakes_of(topic.exercises[0].name)  # loads all of the topic's
    known = {exercise.name for exercise in registry.EXERCISES} | registry.FACTS.without
    for name, found in mistake.all_recorded().items():
        file = found[0].module.replace(".", "/") + ".py"
        if not file.startswith(f"grader/topics/{topic.name}/"):
            continue
        if name not in known:
            yield f"{file}: {name} is no exercise.{_nearest(name, topic)}"
        for one in found:
            if problem := _unfit(one.wrong, topic.name):
                yield f"{one.module.replace('.', '/')}.py: {name}, {one.identifier}: {problem}"


def _unfit(wrong: mistake.Wrong, topic: str) -> str | None:
    """What does not fit the solution, where a mistake is written as a difference from it."""
    if isinstance(wrong, Difference):
        try:
            fresh_reference(topic, wrong)
        except DoesNotFit as problem:
            return f"it is no difference from solutions/{topic}.py: {problem}"
    return None


def _known(topic: registry.Topic) -> set[str]:
    """The topic's exercises, those among them that settings leave out."""
    return {exercise.name for exercise in topic.exercises} | registry.FACTS.without


def _nearest(name: str, topic: registry.Topic) -> str:
    question = did_you_mean(name, [exercise.name for exercise in topic.exercises])
    return f" {question}" if question else ""
