"""All views of one report show the same total and the same counts."""

from __future__ import annotations

import html
import io
import json
import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from rich.console import Console

from grader.report import terminal, views, wording
from grader.report.model import Report
from tests.report import samples

SAMPLES = (samples.first_run, samples.partial, samples.perfect, samples.padding_only, samples.hostile)
one_of_them = pytest.mark.parametrize("make", SAMPLES, ids=lambda make: make.__name__)


def view(name: str, report: Report) -> str:
    return views.view(name).render(report)


def words(text: str) -> str:
    """What a reader sees of a page or a text, on one line."""
    return " ".join(html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)).split())


@one_of_them
def test_what_people_read_names_the_same_total(make):
    report = make()
    file = io.StringIO()
    terminal.render(report, console=Console(file=file, width=80, _environ={}))
    score, most = wording.number(report.score), wording.number(report.max_score)
    total = re.compile(rf"(?<![\d.]){re.escape(score)}\s*(/|of)\s*{re.escape(most)}(?![\d.])")
    welcomed = make is samples.first_run  # who has done nothing yet is told what there is to win
    for text in (*([] if welcomed else [file.getvalue()]), view("html", report), view("markdown", report)):
        assert total.search(words(text))


@one_of_them
def test_what_programs_read_adds_up_to_the_same_total(make):
    report = make()
    found = {}
    kept = json.loads(view("json", report))
    found["json"] = (kept["score"], kept["max_score"])
    found["json, by check"] = tuple(
        sum(check[key] for exercise in kept["exercises"] for check in exercise["checks"])
        for key in ("score", "max_score")
    )
    suites = ElementTree.fromstring(view("junit", report)).findall("testsuite")
    found["junit"] = tuple(
        sum(float(suite.find(f"properties/property[@name='{key}']").get("value")) for suite in suites)
        for key in ("score", "max_score")
    )
    scope = json.loads(view("gradescope", report))
    found["gradescope"] = (scope["score"], sum(test["max_score"] for test in scope["tests"]))
    found["gradescope, by test"] = (sum(test["score"] for test in scope["tests"]), found["gradescope"][1])
    prairie = json.loads(view("prairielearn", report))
    most = sum(test["max_points"] for test in prairie["tests"])
    found["prairielearn"] = (sum(test["points"] for test in prairie["tests"]), most)
    found["prairielearn, as a share"] = (prairie["score"] * most, most)
    runners = json.loads(view("classroom", report)).values()
    found["classroom"] = (
        sum(test["score"] for runner in runners for test in runner["tests"]),
        sum(runner["max_score"] for runner in runners),
    )
    for name, totals in found.items():
        assert totals == pytest.approx((report.score, report.max_score), abs=1e-3), name


@one_of_them
def test_all_count_the_same_exercises_and_checks(make):
    report = make()
    counts = wording.tally(report.exercises)
    said = f"{counts.passed} passed, {counts.begun} begun, {counts.not_started} not started"
    assert said in json.loads(view("gradescope", report))["output"]
    assert said in json.loads(view("prairielearn", report))["message"]
    for name in ("gradescope", "prairielearn"):
        assert len(json.loads(view(name, report))["tests"]) == counts.total
    assert (
        len(json.loads(view("classroom", report))) == counts.total == len(json.loads(view("json", report))["exercises"])
    )
    statuses = Counter(check.status for exercise in report.exercises for check in exercise.checks)
    root = ElementTree.fromstring(view("junit", report))
    assert int(root.get("tests")) == len(root.findall(".//testcase")) == statuses.total()
    wrong = statuses["failed"] + statuses["forbidden"] + statuses["not_started"]
    died = statuses["error"] + statuses["timeout"] + statuses["crashed"]
    assert (int(root.get("failures")), int(root.get("errors"))) == (wrong, died)
    runners = json.loads(view("classroom", report)).values()
    assert Counter(test["status"] for runner in runners for test in runner["tests"]) == Counter(
        {"pass": statuses["passed"] + statuses["skipped"], "fail": wrong, "error": died}
    )
