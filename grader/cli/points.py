"""`grader points`: what each topic and each exercise is worth, as course.toml and the settings have it, and what else is set."""

from __future__ import annotations

from grader.course import registry
from grader.exits import EARNED


def points() -> int:
    """Prints the table."""
    width = max(len(exercise.name) for exercise in registry.EXERCISES) + 4
    for topic in registry.TOPICS:
        print(_line(topic.name, sum(exercise.points for exercise in topic.exercises), width))
        for exercise in topic.exercises:
            print(_line(f"  {exercise.name}", exercise.points, width))
    print(_line("total", sum(exercise.points for exercise in registry.EXERCISES), width))
    if registry.FACTS.without:
        print(f"\nLeft out: {', '.join(sorted(registry.FACTS.without))}.")
    others = registry.FACTS.others()
    if others:
        print("\nAlso set:")
        print("\n".join(f"  {name} = {_written(value)}" for name, value in others.items()))
    return EARNED


def _written(value: object) -> str:
    """A setting as a file of TOML has it, or people do."""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _line(name: str, points: float, width: int) -> str:
    return f"{name:<{width}}{round(points, 2):>6g}"
