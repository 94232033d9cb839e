"""The HTML view: one page that needs nothing else, neither network nor scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from grader.course import registry
from grader.report import pasting, wording
from grader.report.heatmap import heat_map, is_worth_drawing
from grader.report.model import CheckResult, ExerciseResult, Report
from grader.report.text import many_lines, one_line

_TEMPLATES = Path(__file__).parent / "templates"
_SILENT = {"message": "", "details": "", "aligned": False}


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
        notes=[prose(many_lines(note, lines=12)) for note in report.notes],
        protections=[one_line(protection) for protection in report.protections],
        counts=wording.tally(report.exercises),
        later=wording.later_points(report),
        topics=[_topic(report, name, exercises, upcoming) for name, exercises in wording.by_topic(report).items()],
        upcoming=upcoming and exercise_values(upcoming, opened=True),
        pictures=[_picture(picture) for picture in pictures],
        shows_hints=registry.FACTS.show_hints,
    )


def page(template: str, *, folder: Path = _TEMPLATES, extra_css: str = "", script: str = "", **values: Any) -> str:
    """A page from a template of a folder, with the kit's style sheet and a policy that allows it alone. Values are escaped.

    `extra_css` stands below the kit's; `script` is the only one that may run, where there is one.
    """
    css = (_TEMPLATES / "style.css").read_text(encoding="utf-8") + extra_css
    policy = f"default-src 'none'; style-src {_allowed(css)}; img-src data:; base-uri 'none'; form-action 'none'"
    if script:
        policy += f"; script-src {_allowed(script)}"
    return _template(folder, template).render(
        css=Markup(css), script=Markup(script), policy=policy, prose=prose, **HELPERS, **values
    )


def fragment(template: str, **values: Any) -> str:
    """A piece of a page from one of the kit's own templates, for pages of others. Values are escaped."""
    return _template(_TEMPLATES, template).render(**HELPERS, **values)


def _allowed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _template(folder: Path, name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(folder),
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


HELPERS = {"number": wording.number, "points": wording.points, "count": wording.count, "breakable": _breakable}


def prose(text: str) -> Markup:
    """Text in which what stands between backticks is code."""
    parts = re.split(r"`([^`\n]+)`", text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else Markup.escape(part) for place, part in enumerate(parts)
    )


def _topic(
    report: Report, name: str, exercises: tuple[ExerciseResult, ...], upcoming: ExerciseResult | None
) -> dict[str, Any]:
    return {
        "name": one_line(name),
        "anchor": f"topic-{_slug(name)}",
        "unread": [unread_values(report, e) for e in exercises if e.unread and wording.speaks(report, e)],
        "exercises": [
            exercise_values(
                exercise,
                opened=not exercise.unread and (exercise is upcoming or exercise.status in ("partial", "failed")),
            )
            for exercise in exercises
        ],
        "score": sum(exercise.score for exercise in exercises),
        "max_score": sum(exercise.max_score for exercise in exercises),
    }


def unread_values(report: Report, exercise: ExerciseResult) -> dict[str, Any]:
    """A file that cannot be read, told once for all exercises in it."""
    first = exercise.checks[0] if exercise.checks else None
    return {
        "file": one_line(exercise.unread),
        **(_said(first) if first else _SILENT),
        "waiting": wording.waiting(wording.together(report, exercise)),
    }


def exercise_values(exercise: ExerciseResult, *, opened: bool) -> dict[str, Any]:
    """An exercise as templates have it."""
    groups = {id(group[0]): group for group in wording.told_together(exercise)}
    checks: list[dict[str, Any]] = []
    for check in exercise.checks:
        if not wording.is_open(check):
            checks.append(_check(exercise, check))
        for alike in groups.get(id(check), ()):
            checks.append(_check(exercise, alike, groups[id(check)] if alike is check else None))
    note = many_lines(exercise.note)
    return {
        "name": one_line(exercise.name),
        "title": wording.title(exercise),
        "unread": bool(exercise.unread),
        "anchor": f"exercise-{_slug(exercise.name)}",
        "status": exercise.status,
        "word": wording.not_graded(exercise) if exercise.unread else wording.exercise_word(exercise),
        "score": exercise.score,
        "max_score": exercise.max_score,
        "location": one_line(exercise.location),
        "note": prose("" if any(note in check.message for check in exercise.checks) else note),
        "output": wording.printed(exercise, lines=200),
        "opened": opened,
        "checks": [] if exercise.unread else checks,
    }


def _check(exercise: ExerciseResult, check: CheckResult, told: Sequence[CheckResult] | None = None) -> dict[str, Any]:
    """A check; `told` are the checks of which all that is said that is said of it, None where it is said elsewhere."""
    shown = check.counterexample
    speaks = check.status == "skipped" or (told is not None and check.status != "not_started")
    return {
        "name": one_line(check.name),
        "status": wording.look(check),
        "word": wording.CHECK_WORDS[check.status],
        "score": check.score,
        "max_score": check.max_score,
        **(_said(check) if speaks else _SILENT),
        "hint": prose(wording.hint(check)) if speaks else "",
        "known": _known(told) if told and speaks else "",
        "counterexample": shown
        and {
            **_call(shown.call, exercise.module),
            "expected": many_lines(shown.expected, lines=12),
            "got": many_lines(shown.got, lines=12),
            "judge": one_line(shown.judge, columns=80),
        },
        "heat_map": heat_map(check.picture) if check.picture and is_worth_drawing(check.picture) else None,
        "printed": many_lines(check.printed, lines=60, columns=300),
    }


def _said(check: CheckResult) -> dict[str, Any]:
    """What a check says: its first line, and what follows."""
    said, _, details = wording.message(check).partition("\n")
    aligned = bool(re.search(r"^ ", details, re.MULTILINE))  # code, a caret: spaces matter, and backticks are its own
    return {"message": prose(said), "details": details if aligned else prose(details), "aligned": aligned}


def _known(group: Sequence[CheckResult]) -> Markup:
    """The mistake's name, and the checks that it fails where they are several."""
    name = Markup("<code>{}</code>").format(one_line(group[0].misconception or ""))
    checks = [Markup("<code>{}</code>").format(one_line(check.name)) for check in group]
    fails = Markup("{} and {}").format(Markup(", ").join(checks[:-1]), checks[-1]) if len(group) > 1 else ""
    if not group[0].misconception:
        return Markup("The same is true of {}.").format(fails) if fails else Markup("")
    return (
        Markup("A known mistake: {}. It fails {}.").format(name, fails)
        if fails
        else Markup("A known mistake: {}").format(name)
    )


def _call(source: str, topic: str) -> dict[str, str]:
    """A call to paste, and the imports that it needs."""
    code = pasting.code(source, topic)
    if code is None:
        return {"imports": "", "call": many_lines(source, lines=16, columns=600)}
    lines = [line for statement in code.statements for line in statement]
    return {"imports": "\n".join(code.imports), "call": "\n".join(lines)}


def _picture(picture: Picture) -> dict[str, str]:
    return {
        "anchor": f"picture-{_slug(picture.name)}",
        "title": one_line(picture.title),
        "alt": one_line(picture.alt, columns=2000),
        "data": f"data:image/png;base64,{base64.b64encode(picture.png).decode()}",
    }


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", one_line(name, columns=80))
