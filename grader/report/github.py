"""The GitHub view: annotations at the lines of the exercises, and the step summary.

The form is from "Workflow commands for GitHub Actions" in GitHub's documentation, the escaping from its toolkit.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.report import markdown, wording
from grader.report.model import ExerciseResult, Report
from grader.report.text import one_line

_ANNOTATIONS = 10  # GitHub shows no more of one kind for a step


def render(report: Report) -> str:
    """Workflow commands, one a line: an error for each exercise that is begun but not right, a notice for the stubs."""
    begun = wording.begun(report)
    commands = [_error(report, exercise) for exercise in begun[:_ANNOTATIONS]]
    waiting = wording.tally(report.exercises).not_started
    if waiting:
        first = next(exercise for exercise in report.exercises if exercise.status == "not_started")
        stand = "1 exercise is" if waiting == 1 else f"{waiting} exercises are"
        commands.append(_command("notice", first, f"{stand} not started; {one_line(first.name)} is next."))
    return "".join(f"{command}\n" for command in commands)


def append_summary(report: Report, path: Path) -> None:
    """Add the report to the step summary; `path` is what GITHUB_STEP_SUMMARY holds."""
    with path.open("a", encoding="utf-8") as summary:
        summary.write(markdown.render(report))


def _error(report: Report, exercise: ExerciseResult) -> str:
    text = wording.failure_text(exercise, wording.open_checks(exercise)[0])
    if exercise.unread:
        text += f"\n{wording.waiting(wording.together(report, exercise))}"
    return _command("error", exercise, text)


def _command(kind: str, exercise: ExerciseResult, text: str) -> str:
    properties = []
    place = re.fullmatch(r"(.+):([0-9]+)", exercise.location)
    if place:
        properties += [f"file={_escape_property(one_line(place[1]))}", f"line={place[2]}"]
    score = "cannot be read" if exercise.unread else wording.points(exercise.score, exercise.max_score)
    title = f"{wording.title(exercise)}: {score}"
    properties.append(f"title={_escape_property(title)}")
    return f"::{kind} {','.join(properties)}::{_escape(text)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
