"""The views for PrairieLearn and for GitHub Classroom's reporter keep to what those read."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from grader.report import classroom, prairielearn
from grader.report.model import Fault
from tests.report import samples

REPORTS = (samples.first_run, samples.partial, samples.perfect, samples.hostile, samples.padding_only)
every_report = pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)


@every_report
def test_prairielearn_gets_a_share_of_the_points_and_a_test_for_each_exercise(make):
    report = make()
    found = json.loads(prairielearn.render(report))
    assert set(found) == {"gradable", "score", "message", "output", "tests"} and found["gradable"] is True
    assert found["score"] == pytest.approx(report.score / report.max_score) and 0 <= found["score"] <= 1
    for test in found["tests"]:
        assert set(test) == {"name", "description", "points", "max_points", "message"}
        assert 0 <= test["points"] <= test["max_points"]
    assert sum(test["points"] for test in found["tests"]) == pytest.approx(report.score)
    assert sum(test["max_points"] for test in found["tests"]) == pytest.approx(report.max_score)


def test_a_fault_of_the_grader_costs_no_attempt():
    found = json.loads(prairielearn.render(replace(samples.partial(), faults=(Fault("shapes", "MemoryError"),))))
    assert found["gradable"] is False and "score" not in found
    assert "MemoryError" not in found["message"]


@every_report
def test_the_reporters_two_totals_agree_with_the_report(make):
    """As its source adds them up: scores of all tests, and `max_score` of those runners that have one."""
    report = make()
    runners = json.loads(classroom.render(report))
    assert len(runners) == len(report.exercises)
    total = sum(test["score"] for results in runners.values() if results["max_score"] for test in results["tests"])
    assert total == pytest.approx(report.score)
    assert sum(results["max_score"] for results in runners.values()) == pytest.approx(report.max_score)


def test_a_runners_name_can_be_part_of_a_variables_name_and_its_status_is_one_that_the_reporter_knows():
    for name, results in json.loads(classroom.render(samples.partial())).items():
        assert re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII)
        assert results["status"] in {"pass", "fail", "error"}
        assert all(test["status"] in {"pass", "fail", "error"} for test in results["tests"])
        assert (results["status"] == "pass") == all(test["status"] == "pass" for test in results["tests"])


def test_a_failed_check_says_what_a_student_reads():
    results = json.loads(classroom.render(samples.padding_only()))["conv2d_output_shape"]
    failed = next(test for test in results["tests"] if test["status"] == "fail")
    assert "conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)" in failed["message"]
    assert (failed["filename"], failed["line_no"]) == ("exercises/shapes.py", 41)
