"""The course's facts: course.toml, and an instructor's `[tool.grader]` of pyproject.toml over it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from grader.course.handed_out import HANDOUT
from grader.course.names import advice, did_you_mean

COURSE = Path(__file__).with_name("course.toml")
PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
OFF_LIMITS = ("convolution", "counting")
SETTINGS = (
    "points", "without", "seed", "call_seconds", "show_hints", "show_mistakes", "show_solutions", "deadline",
)  # fmt: skip
CALL_SECONDS = 10.0  # that a call may take where nothing else is said
FEWEST_SECONDS, MOST_SECONDS = 1, 120  # of `call_seconds`
MOST_SEED = 2**31  # the first that is too large


class SettingsProblem(Exception):
    """A setting cannot be used as it stands; the text names the file and the setting, and says how it is mended."""


@dataclass(frozen=True)
class TopicFacts:
    """What course.toml says of a topic, the settings already over it. Points are by exercise, in their order."""

    name: str
    title: str
    points: dict[str, float]
    work: float = 1.0
    off_limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What the course is: its topics, and the texts that speak of all of it."""

    topics: tuple[TopicFacts, ...]
    welcome: str = ""
    farewell: str = ""
    without: frozenset[str] = field(default_factory=frozenset)  # names of exercises and topics that were left out
    seed: int | None = None  # where the command line names none
    call_seconds: float = CALL_SECONDS
    show_hints: bool = True
    show_mistakes: bool = True
    show_solutions: bool = True  # what would have been right, beside what is not
    deadline: str = ""  # as people write it

    def others(self) -> dict[str, Any]:
        """The settings besides points and names left out, by their names, where they are not as without any."""
        plain = Facts(self.topics)
        return {name: getattr(self, name) for name in SETTINGS[2:] if getattr(self, name) != getattr(plain, name)}


def read(course: Path = COURSE, project: Path = PROJECT) -> Facts:
    """The facts that hold. Raises SettingsProblem."""
    facts = _course(course)
    given = HANDOUT.settings if HANDOUT is not None else {}
    return with_settings(facts, {**given, **table(project)}, str(project.name))


def _course(path: Path) -> Facts:
    """What course.toml says. Raises SettingsProblem where it is not what the kit expects."""
    data = _loaded(path)
    topics = []
    for entry in data.get("topic", ()):
        name = entry.get("name", "")
        _known(entry, ("name", "title", "work", "off_limits", "points"), f"{path.name}, topic {name!r}")
        if not name or not entry.get("points"):
            raise SettingsProblem(f"{path.name}: topic {name!r} needs a name and points for its exercises")
        for kind in entry.get("off_limits", ()):
            if kind not in OFF_LIMITS:
                raise SettingsProblem(
                    f"{path.name}, topic {name!r}: off_limits {kind!r} is not known. {advice(kind, OFF_LIMITS)}"
                )
        for exercise, points in entry["points"].items():
            _number(points, f"{path.name}, topic {name!r}: points of {exercise}")
        topics.append(
            TopicFacts(
                name,
                entry.get("title", name),
                dict(entry["points"]),
                entry.get("work", 1.0),
                tuple(entry.get("off_limits", ())),
            )
        )
    names = [name for topic in topics for name in (topic.name, *topic.points)]
    if twice := {name for name in names if names.count(name) > 1}:
        raise SettingsProblem(f"{path.name}: {', '.join(sorted(twice))} stands there twice")
    return Facts(tuple(topics), data.get("welcome", ""), data.get("farewell", ""))


def table(project: Path = PROJECT) -> dict[str, Any]:
    """`[tool.grader]` of a pyproject.toml; empty where there is none."""
    if not project.is_file():
        return {}
    found = _loaded(project).get("tool", {}).get("grader", {})
    if not isinstance(found, dict):
        raise SettingsProblem(f"{project.name}: [tool.grader] must be a table of settings")
    return found


def with_settings(facts: Facts, settings: dict[str, Any], file: str = "pyproject.toml") -> Facts:
    """The facts with an instructor's settings over them.

    `points` gives exercises other points, or a topic, whose exercises then share them as before; `without` leaves
    exercises or topics out; the others are those of `Facts`. Raises SettingsProblem.
    """
    where = f"{file}, [tool.grader]"
    _known(settings, SETTINGS, where)
    points, without = settings.get("points", {}), settings.get("without", [])
    if not isinstance(points, dict):
        raise SettingsProblem(f"{where}: points must be a table, such as points = {{ conv2d = 20 }}")
    if not isinstance(without, list) or not all(isinstance(name, str) for name in without):
        raise SettingsProblem(f'{where}: without must be a list of names, such as without = ["transfer"]')
    exercises = {name for topic in facts.topics for name in topic.points}
    names = [*(topic.name for topic in facts.topics), *exercises]
    for setting, given in (("points", points), ("without", without)):
        for name in given:
            if name not in names:
                text = f"{where}: {setting} names {name!r}, which is no topic or exercise."
                raise SettingsProblem(f"{text} {advice(name, names)}")
            if setting == "points" and name in without:
                raise SettingsProblem(f"{where}: {name} is left out, and has points: take it from one of the two")
    for name, value in points.items():
        _number(value, f"{where}: points of {name}")
    topics = []
    for topic in facts.topics:
        kept = {name: value for name, value in topic.points.items() if name not in without}
        if topic.name in without or not kept:
            continue
        own = {name: points[name] for name in kept if name in points}
        if topic.name in points:
            kept = _shared(points[topic.name], kept, own, f"{where}: points of {topic.name}")
        topics.append(replace(topic, points={**kept, **own}))
    if not topics:
        raise SettingsProblem(f"{where}: without leaves nothing to grade")
    return replace(facts, topics=tuple(topics), without=frozenset(without), **_others(settings, where))


def _others(settings: dict[str, Any], where: str) -> dict[str, Any]:
    """The settings that stand for themselves."""
    found: dict[str, Any] = {}
    if (seed := settings.get("seed")) is not None:
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < MOST_SEED:
            raise SettingsProblem(f"{where}: seed must be a whole number from 0 to {MOST_SEED - 1}, not {seed!r}")
        found["seed"] = seed
    if (seconds := settings.get("call_seconds")) is not None:
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if not is_number or not FEWEST_SECONDS <= seconds <= MOST_SECONDS:
            span = f"from {FEWEST_SECONDS} to {MOST_SECONDS}"
            raise SettingsProblem(f"{where}: call_seconds must be a number of seconds {span}, not {seconds!r}")
        found["call_seconds"] = float(seconds)
    for name in ("show_hints", "show_mistakes", "show_solutions"):
        if (shown := settings.get(name)) is not None:
            if not isinstance(shown, bool):
                meant = did_you_mean(str(shown), ("true", "false"))
                raise SettingsProblem(f"{where}: {name} must be true or false, not {shown!r}. {meant}".strip())
            found[name] = shown
    if (deadline := settings.get("deadline")) is not None:
        found["deadline"] = _moment(deadline, f"{where}: deadline")
    return found


def _moment(value: Any, where: str) -> str:
    """A date, or a date and a time, as people write it; TOML's own, or a text of the same form."""
    if isinstance(value, str):
        given, kind = value.strip(), date if len(value.strip()) <= len("2026-12-01") else datetime
        try:
            value = kind.fromisoformat(given)
        except ValueError:
            raise _no_moment(value, where) from None
    if not isinstance(value, date):
        raise _no_moment(value, where)
    day = f"{value:%A}, {value.day} {value:%B %Y}"
    if not isinstance(value, datetime):
        return day
    return f"{day}, {value:%H:%M}" + (f":{value:%S}" if value.second else "") + (f" {value:%Z}" if value.tzinfo else "")


def _no_moment(value: Any, where: str) -> SettingsProblem:
    example = "such as 2026-12-01 or 2026-12-01T23:59:00"
    return SettingsProblem(f"{where} must be a date, or a date and a time, {example}, not {value!r}")


def _shared(total: float, points: dict[str, float], own: dict[str, float], where: str) -> dict[str, float]:
    """A topic's points, shared by its exercises as they were, but for those that have points of their own."""
    others = {name: value for name, value in points.items() if name not in own}
    left = total - sum(own.values())
    if left < 0 or (others and left == 0) or (not others and left):
        raise SettingsProblem(f"{where} is {total:g}, and its exercises' own points are {sum(own.values()):g}")
    before = sum(others.values())
    return {name: value * left / before for name, value in others.items()}


def _loaded(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsProblem(f"{path.name} cannot be read: {error}") from error


def _known(table: dict[str, Any], names: Iterable[str], where: str) -> None:
    for name in table:
        if name not in names:
            raise SettingsProblem(f"{where}: there is no setting {name!r}. {advice(name, names)}")


def _number(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        raise SettingsProblem(f"{where} must be a number above 0, not {value!r}")
