"""index.html and similar.html: the class at a glance, in pages that need nothing else."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.batch.results.gradebook import NOT_GRADED
from grader.batch.results.overview import ClassData
from grader.batch.results.records import GRADED
from grader.batch.results.similar import MOST_GROUPS, Pair, group
from grader.report import html, wording
from grader.report.text import many_lines, one_line

_TEMPLATES = Path(__file__).parent / "templates"
_LOOKS = {"passed": "p", "partial": "h", "failed": "f", "not_started": "n"}
MOST_LINES = 1000  # of a module, side by side with another


def class_page(data: ClassData, said: str) -> str:
    """The page of a class; `said` is what its submissions were taken for."""
    students = [_student(submission, data) for submission in data.submissions]
    scores = [one["score"] for one in data.submissions if one["status"] == GRADED]
    topics = [exercise["topic"] for exercise in data.exercises]
    firsts = [place == 0 or topics[place - 1] != topic for place, topic in enumerate(topics)]
    begun = [exercise for exercise in data.exercises if exercise["begun"]]
    return html.page(
        "class.html.j2",
        folder=_TEMPLATES,
        extra_css=_text("class.css"),
        script=_text("class.js"),
        data=_with_first(data, firsts),
        said=said,
        students=students,
        median=statistics.median(scores) if scores else None,
        full=sum(score == data.max_score for score in scores),
        graded=len(scores),
        late=sum(one["late"] for one in data.submissions),
        most=max([1, *data.distribution]),
        attention=[one for one in students if "o" in one["kinds"]],
        waiting=sum(one["status"] == NOT_GRADED for one in data.submissions),
        hardest=sorted(begun, key=lambda e: e["mean"] / e["max_score"] if e["max_score"] else 1.0),
        shared=[mistake for mistake in data.mistakes if mistake["count"] > 1],
        single=[mistake for mistake in data.mistakes if mistake["count"] == 1],
        groups=_groups(data.similar, students),
        most_groups=MOST_GROUPS,
    )


def similar_page(data: ClassData, sources: Mapping[int, Mapping[str, bytes]]) -> str:
    """The pairs of modules that are nearly the same, side by side; `sources` by index of the submission and topic."""
    students = [_student(submission, data) for submission in data.submissions]
    groups = _groups(data.similar, students)
    for alike in groups:
        pair = alike["pair"]
        texts = [
            many_lines(sources[place][pair.topic].decode("utf-8", "replace"), lines=MOST_LINES).splitlines()
            for place in (pair.first, pair.second)
        ]
        alike["sides"] = [
            (students[place], list(_marked(own, other)))
            for place, own, other in ((pair.first, texts[0], texts[1]), (pair.second, texts[1], texts[0]))
        ]
    return html.page(
        "similar.html.j2",
        folder=_TEMPLATES,
        extra_css=_text("class.css"),
        groups=groups,
        most_groups=MOST_GROUPS,
    )


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _with_first(data: ClassData, firsts: Sequence[bool]) -> dict[str, Any]:
    """The data, and which exercises begin a topic."""
    fields = {name: getattr(data, name) for name in data.__struct_fields__}
    exercises = [{**exercise, "first": first} for exercise, first in zip(data.exercises, firsts, strict=True)]
    return {**fields, "exercises": exercises}


def _student(one: Mapping[str, Any], data: ClassData) -> dict[str, Any]:
    """A row of the table. Its kinds are letters that the page filters by."""
    score = one["score"]
    called = ", ".join(one["members"]) if len(one["members"]) > 1 else one["name"]
    student = one["student"] or called
    kinds = "l" if one["late"] else ""
    kinds += "" if one["status"] in (GRADED, NOT_GRADED) else "o"
    if score is not None:
        kinds += "a" if score == data.max_score else "s" if score else "z"
    return {
        "name": one_line(student, columns=120),
        "title": one_line(student if student == called else f"{student}, handed in as {called}", columns=200),
        "href": None if one["folder"] is None else f"{quote(one['folder'])}/report.html",
        "status": one_line("; ".join([one["status"], *one["notes"]])),
        "late": one["late"],
        "score": "" if score is None else wording.number(score),
        "kinds": kinds,
        "cells": [
            _cell(points, status) if one["status"] == GRADED else {"look": "n", "text": "–"}
            for points, status in zip(one["scores"], one["statuses"], strict=True)
        ],
    }


def _cell(points: float | None, status: str | None) -> dict[str, str]:
    if status is None or points is None:
        return {"look": "n", "text": ""}
    text = {"passed": "✓", "not_started": "·"}.get(status) or wording.number(points)
    return {"look": _LOOKS[status], "text": text}


def _groups(pairs: Sequence[Pair], students: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pairs, and groups of all whose module is the same: their first pair stands for them, side by side."""
    found: dict[tuple[str, int, int | None], list[Pair]] = {}
    for pair in pairs:
        found.setdefault(group(pair), []).append(pair)
    return [
        {
            "topic": alike[0].topic,
            "percent": round(100 * alike[0].share),
            "pair": alike[0],
            "students": [students[place] for place in (alike[0].first, *(pair.second for pair in alike))],
        }
        for alike in found.values()
    ]


def _marked(own: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Lines, and whether the other text has them, too."""
    there = {line.strip() for line in other if len(line.strip()) > 3}
    for line in own:
        yield line, line.strip() in there
