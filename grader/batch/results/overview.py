"""The class at a glance, as data: class.json, of which the page is drawn."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from grader.batch.results.gradebook import NOT_GRADED, Entry, plain
from grader.batch.results.records import GRADED, Record, Row
from grader.batch.results.similar import Pair
from grader.course import registry
from grader.running.loading import all_mistakes

FORM = 1
BINS = 10


class ClassData(msgspec.Struct, frozen=True, kw_only=True):
    """What class.json holds. Lists of numbers by exercise are in the order of `exercises`."""

    schema_version: int = FORM
    kit_version: str
    platform: str
    seed: int
    max_score: float
    monday: list[str]  # what a lecturer would say, in three sentences
    distribution: list[int]  # how many have up to 10, 20, ... 100 % of the points
    exercises: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    mistakes: list[dict[str, Any]]
    submissions: list[dict[str, Any]]
    similar: list[Pair]
    missing: list[str]
    unmatched: list[str]
    problems: list[str]


def overview(
    entries: Sequence[Entry],
    *,
    platform: str,
    seed: int,
    similar: Sequence[Pair] = (),
    missing: Sequence[str] = (),
    unmatched: Sequence[str] = (),
    problems: Sequence[str] = (),
    called: Mapping[str, str] | None = None,
) -> ClassData:
    """The data of a class. Nothing in it depends on when, where or in which order the work was graded.

    `called` says what the roster calls students, by the names of their submissions.
    """
    from grader import __version__

    submissions = [_submission(row, record, (called or {}).get(row.name)) for row, record in entries]
    graded = [(place, record) for place, (_, record) in enumerate(entries) if record and record.status == GRADED]
    exercises = [_exercise(number, graded) for number in range(len(registry.EXERCISES))]
    checks = _checks(graded)
    mistakes = _mistakes(graded)
    return ClassData(
        kit_version=__version__,
        platform=platform,
        seed=seed,
        max_score=sum(exercise.points for exercise in registry.EXERCISES),
        monday=_monday([record for _, record in graded], len(entries), exercises, checks, mistakes),
        distribution=_distribution([record for _, record in graded]),
        exercises=exercises,
        checks=checks,
        mistakes=mistakes,
        submissions=submissions,
        similar=list(similar),
        missing=list(missing),
        unmatched=list(unmatched),
        problems=list(problems),
    )


def _submission(row: Row, record: Record | None, student: str | None) -> dict[str, Any]:
    """One row of the table."""
    found = {e.name: e for e in record.exercises} if record is not None else {}
    results = [found.get(exercise.name) for exercise in registry.EXERCISES]
    return {
        "name": row.name,
        "student": student,  # on the roster
        "members": row.members(),
        "folder": row.folder if record is not None else None,
        "status": record.status if record is not None else NOT_GRADED,
        "late": row.late,
        "notes": list(row.notes),
        "score": record.score if record is not None else None,
        "scores": [result and result.score for result in results],
        "statuses": [result and result.status for result in results],
    }


Graded = Sequence[tuple[int, Record]]


def _exercise(number: int, graded: Graded) -> dict[str, Any]:
    """How an exercise went: who began it, who has all of its points, and the mean of those who began."""
    exercise = registry.EXERCISES[number]
    results = [e for _, record in graded for e in record.exercises if e.name == exercise.name]
    begun = [e for e in results if e.status != "not_started"]
    return {
        "topic": exercise.topic,
        "name": exercise.name,
        "max_score": exercise.points,
        "begun": len(begun),
        "solved": sum(e.status == "passed" for e in begun),
        "mean": round(statistics.fmean(e.score for e in begun), 4) if begun else None,
    }


def _checks(graded: Graded) -> list[dict[str, Any]]:
    """The checks by how many of those who began fail them, the most first."""
    failed: dict[tuple[str, str], list[int]] = {}
    begun: Counter[tuple[str, str]] = Counter()
    for place, record in graded:
        for exercise in record.exercises:
            for check in exercise.checks:
                if exercise.status != "not_started":
                    begun[exercise.name, check.name] += 1
                    if check.status not in ("passed", "skipped"):
                        failed.setdefault((exercise.name, check.name), []).append(place)
    return [
        {"exercise": key[0], "name": key[1], "begun": begun[key], "failed": len(whose), "whose": whose}
        for key, whose in sorted(failed.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _mistakes(graded: Graded) -> list[dict[str, Any]]:
    """The known mistakes by how many make them, the most first; with whose they are."""
    whose: dict[tuple[str, str], list[int]] = {}
    for place, record in graded:
        for exercise in record.exercises:
            for name in dict.fromkeys(c.misconception for c in exercise.checks if c.misconception):
                whose.setdefault((exercise.name, name), []).append(place)
    known = {(mistake.exercise, mistake.identifier): mistake for mistake in all_mistakes()}
    found = []
    for (where, name), places in sorted(whose.items(), key=lambda item: (-len(item[1]), item[0])):
        mistake = known.get((where, name))
        said, asked = (mistake.says, mistake.asks) if mistake else ("", "")
        found.append(
            {"exercise": where, "name": name, "says": said, "asks": asked, "count": len(places), "whose": places}
        )
    return found


def _distribution(records: Sequence[Record]) -> list[int]:
    """How many have up to a tenth of the points, up to two tenths, and so on."""
    found = [0] * BINS
    for record in records:
        share = (record.score or 0.0) / record.max_score if record.max_score else 0.0
        found[min(BINS - 1, int(share * BINS))] += 1
    return found


def _monday(
    records: Sequence[Record],
    handed_in: int,
    exercises: Sequence[dict[str, Any]],
    checks: Sequence[dict[str, Any]],
    mistakes: Sequence[dict[str, Any]],
) -> list[str]:
    """What a lecturer would say on Monday, in three sentences made from the numbers."""
    if not records:
        return []
    count = len(records)
    scores = [record.score or 0.0 for record in records]
    full = sum(record.score == record.max_score for record in records)
    who = "submission" if count == 1 else "submissions"
    all_points = "has all points" if full == 1 else "have all points"
    graded = "" if count == handed_in else " that could be graded"
    said = [
        f"Of {count} {who}{graded}, {full} {all_points}; half of them have at least "
        f"{plain(float(statistics.median(scores)))} of {plain(records[0].max_score)}."
    ]
    begun = [exercise for exercise in exercises if exercise["begun"]]
    if begun:
        hardest = min(begun, key=lambda e: (e["mean"] / e["max_score"], -e["begun"], e["name"]))
        if hardest["solved"] == hardest["begun"]:
            said.append("Every exercise that somebody began has been solved by all who began it.")
        else:
            most = next((check for check in checks if check["exercise"] == hardest["name"]), None)
            fails = f"; {most['failed']} fail its check `{most['name']}`" if most else ""
            said.append(
                f"`{hardest['name']}` is the hardest: {hardest['solved']} of the {hardest['begun']} who began it "
                f"have all of its points{fails}."
            )
    if mistakes:
        first = mistakes[0]
        said.append(
            f"The most common mistake is `{first['name']}` in `{first['exercise']}`, made by {first['count']} of {count}: "
            f"{first['says']} {first['asks']}"
        )
    else:
        said.append("No known mistake was found.")
    return said
