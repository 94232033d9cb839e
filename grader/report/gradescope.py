"""The Gradescope view: results.json as "Autograder Specifications" in Gradescope's documentation describes it."""

from __future__ import annotations

import json
from typing import Any

from grader.report import json_view, wording
from grader.report.model import ExerciseResult, Report
from grader.report.plain import exercise_text
from grader.report.text import one_line


def render(report: Report) -> str:
    """The report as results.json: a test for each exercise, numbered by topic and place, plain text throughout."""
    tests = [
        _test(report, exercise, f"{topic_number}.{number}")
        for topic_number, exercises in enumerate(wording.by_topic(report).values(), start=1)
        for number, exercise in enumerate(exercises, start=1)
    ]
    results = {
        "score": report.score,
        "execution_time": round(report.duration_seconds),
        "output": _overview(report),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    # Every part of an output is short already; what is cut here would be cut in the middle of a call to paste.
    return json.dumps(json_view.plain(results, lines=5_000), indent=2, allow_nan=False) + "\n"


def _test(report: Report, exercise: ExerciseResult, number: str) -> dict[str, Any]:
    return {
        "name": f"{one_line(exercise.topic)}: {one_line(exercise.name)}",
        "name_format": "text",
        "number": number,
        "score": exercise.score,
        "max_score": exercise.max_score,
        "status": "passed" if exercise.status == "passed" else "failed",
        "output": exercise_text(report, exercise),
        "output_format": "text",
        "visibility": "visible",
    }


def _overview(report: Report) -> str:
    counts = wording.tally(report.exercises)
    lines = [
        f"{wording.points(report.score, report.max_score)}. {wording.count(counts.total, 'exercise')}: {counts.passed} passed, "
        f"{counts.begun} begun, {counts.not_started} not started."
    ]
    if report.first_open:
        lines.append(f"Next: {wording.where(report.first_open)}")
    return "\n".join([*lines, *(one_line(note) for note in report.notes)])
