"""The PrairieLearn view: results.json of an external grader, as "Externally graded questions" in its documentation has it."""

from __future__ import annotations

import json
from typing import Any

from grader.report import json_view, wording
from grader.report.model import ExerciseResult, Report
from grader.report.plain import exercise_text
from grader.report.text import one_line

MOST_LINES = 200  # of what is said of an exercise; all of the file may hold 1 MB


def render(report: Report) -> str:
    """The report as results.json: a test for each exercise. Where the grader failed, it costs the student no attempt."""
    if report.faults:
        said = "The grader itself failed, which says nothing about this work. This attempt does not count."
        return json.dumps({"gradable": False, "message": said}, indent=2) + "\n"
    counts = wording.tally(report.exercises)
    results = {
        "gradable": True,
        "score": round(report.score / report.max_score, 6) if report.max_score else 0.0,
        "message": f"{wording.points(report.score, report.max_score)}. {wording.count(counts.total, 'exercise')}: "
        f"{counts.passed} passed, {counts.begun} begun, {counts.not_started} not started.",
        "output": "\n".join(one_line(note) for note in report.notes),
        "tests": [_test(report, exercise) for exercise in report.exercises],
    }
    return json.dumps(json_view.plain(results, lines=MOST_LINES), indent=2, allow_nan=False) + "\n"


def _test(report: Report, exercise: ExerciseResult) -> dict[str, Any]:
    return {
        "name": f"{one_line(exercise.topic)}: {one_line(exercise.name)}",
        "description": one_line(exercise.location),
        "points": exercise.score,
        "max_points": exercise.max_score,
        "message": "" if exercise.status == "passed" else exercise_text(report, exercise),
    }
