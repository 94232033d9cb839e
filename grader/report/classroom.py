"""The view for GitHub Classroom's former reporter: what `autograding-grading-reporter` reads, a runner for each exercise.

That action adds up the scores of a runner's tests, and the `max_score` of the runners, and shows both; with a runner an
exercise and a test a check, its totals are the report's. It takes each runner's results from an environment variable,
`<RUNNER>_RESULTS`, as Base64 of one of these objects.
"""

from __future__ import annotations

import json
import re
from typing import Any

from grader.report import json_view
from grader.report.model import CheckResult, ExerciseResult, Report
from grader.report.plain import check_text
from grader.report.text import one_line

_STATUSES = {"passed": "pass", "skipped": "pass", "error": "error", "timeout": "error", "crashed": "error"}
MOST_LINES = 60  # of a message


def render(report: Report) -> str:
    """The results of all runners, by the runner's name, which can be part of a variable's name."""
    results = {_runner(exercise): _results(report, exercise) for exercise in report.exercises}
    return json.dumps(json_view.plain(results, lines=MOST_LINES), indent=2, allow_nan=False) + "\n"


def _runner(exercise: ExerciseResult) -> str:
    return re.sub(r"\W", "_", one_line(exercise.name))


def _results(report: Report, exercise: ExerciseResult) -> dict[str, Any]:
    statuses = [_STATUSES.get(check.status, "fail") for check in exercise.checks]
    worst = "error" if "error" in statuses else "fail" if "fail" in statuses else "pass"
    return {
        "version": 1,
        "status": worst,
        "max_score": exercise.max_score,
        "tests": [
            _test(report, exercise, check, status) for check, status in zip(exercise.checks, statuses, strict=True)
        ],
    }


def _test(report: Report, exercise: ExerciseResult, check: CheckResult, status: str) -> dict[str, Any]:
    file, _, line = exercise.location.rpartition(":")
    return {
        "name": f"{one_line(exercise.name)}: {one_line(check.name)}",
        "status": status,
        "message": None if status == "pass" else check_text(report, exercise, check),
        "score": check.score,
        "filename": one_line(file if line.isdecimal() else exercise.location),
        "line_no": int(line) if line.isdecimal() else 0,
        "execution_time": 0,
    }
