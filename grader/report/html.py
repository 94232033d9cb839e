"""The HTML view: one page that needs nothing else, neither network nor scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from grader.report import wording
from grader.report.heatmap import heat_map
from grader.report.model import CheckResult, ExerciseResult, Report
from grader.report.text import many_lines, one_line

_TEMPLATES = Path(__file__).parent / "templates"


class Picture(Protocol):
    """A picture that the lesson draws; `alt` says in words and numbers what it shows."""

    name: str
    title: str
    alt: str
    png: bytes


def render(report: Report, *, pictures: Iterable[Picture] = ()) -> str:
    """The report as a page. Its Content-Security-Policy allows one style sheet, by hash, and pictures inside it."""
    upcoming = report.first_open
    return page(
        "report.html.j2",
        report=report,
        submission=one_line(report.submission, columns=120),
        notes=[many_lines(note, lines=12) for note in report.notes],
        protections=[one_line(protection) for protection in report.protections],
        counts=wording.tally(report.exercises),
        later=wording.later_points(report),
        topics=[_topic(name, exercises, upcoming) for name, exercises in wording.by_topic(report).items()],
        upcoming=upcoming and _exercise(upcoming, opened=True),
        pictures=[_picture(picture) for picture in pictures],
    )


def page(template: str, **values: Any) -> str:
    """A page from a template of this folder, with the kit's style sheet and policy. Values are escaped."""
    css = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    helpers = {"number": wording.number, "points": wording.points, "breakable": _breakable}
    return _template(template).render(css=Markup(css), policy=policy, **helpers, **values)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)


def _breakable(name: str) -> Markup:
    """A name that a narrow page may break after its underscores and dots."""
    return Markup("<wbr>").join(re.split(r"(?<=[_.])", name))


def _topic(name: str, exercises: tuple[ExerciseResult, ...], upcoming: ExerciseResult | None) -> dict[str, Any]:
    return {
        "name": one_line(name),
        "anchor": f"topic-{_slug(name)}",
        "exercises": [
            _exercise(exercise, opened=exercise is upcoming or exercise.status in ("partial", "failed"))
            for exercise in exercises
        ],
        "score": sum(exercise.score for exercise in exercises),
        "max_score": sum(exercise.max_score for exercise in exercises),
    }


def _exercise(exercise: ExerciseResult, *, opened: bool) -> dict[str, Any]:
    return {
        "name": one_line(exercise.name),
        "anchor": f"exercise-{_slug(exercise.name)}",
        "status": exercise.status,
        "word": wording.exercise_word(exercise),
        "score": exercise.score,
        "max_score": exercise.max_score,
        "location": one_line(exercise.location),
        "output": wording.printed(exercise, lines=200),
        "opened": opened,
        "checks": [_check(check) for check in exercise.checks],
    }


def _check(check: CheckResult) -> dict[str, Any]:
    shown = check.counterexample
    speaks = check.status not in ("passed", "not_started")
    said, _, details = (wording.message(check) if speaks else "").partition("\n")
    return {
        "name": one_line(check.name),
        "status": wording.look(check),
        "word": wording.CHECK_WORDS[check.status],
        "score": check.score,
        "max_score": check.max_score,
        "message": said,
        "details": details,
        "aligned": bool(re.search(r"^ ", details, re.MULTILINE)),  # code, a caret: spaces matter
        "hint": wording.hint(check) if speaks else "",
        "misconception": one_line(check.misconception or ""),
        "counterexample": shown
        and {
            "call": many_lines(shown.call, lines=16, columns=600),
            "expected": many_lines(shown.expected, lines=12),
            "got": many_lines(shown.got, lines=12),
            "judge": one_line(shown.judge, columns=80),
        },
        "heat_map": heat_map(check.picture) if check.picture else None,
    }


def _picture(picture: Picture) -> dict[str, str]:
    return {
        "anchor": f"picture-{_slug(picture.name)}",
        "title": one_line(picture.title),
        "alt": one_line(picture.alt, columns=2000),
        "data": f"data:image/png;base64,{base64.b64encode(picture.png).decode()}",
    }


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", one_line(name, columns=80))
