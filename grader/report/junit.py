"""The JUnit view: XML 1.0 in the form that CI systems read, a suite for each topic, a case for each check."""

from __future__ import annotations

from xml.etree import ElementTree

from grader.report import wording
from grader.report.model import CheckResult, ExerciseResult, Report
from grader.report.plain import check_summary, check_text
from grader.report.text import one_line

# In JUnit's words a failure is a wrong answer, and an error is code that did not come to an answer. A stub that stands
# is a failure here: a skipped case would let a CI job pass without the points.
_ELEMENTS = {
    "failed": "failure",
    "forbidden": "failure",
    "not_started": "failure",
    "error": "error",
    "timeout": "error",
    "crashed": "error",
    "skipped": "skipped",
}


def render(report: Report) -> str:
    """The report as a JUnit XML document."""
    root = ElementTree.Element("testsuites", name="grader", time=f"{report.duration_seconds:.3f}")
    for topic, exercises in wording.by_topic(report).items():
        suite = ElementTree.SubElement(root, "testsuite", name=one_line(topic))
        properties = ElementTree.SubElement(suite, "properties")
        for name in ("score", "max_score"):
            value = wording.number(sum(getattr(exercise, name) for exercise in exercises))
            ElementTree.SubElement(properties, "property", name=name, value=value)
        for exercise in exercises:
            for check in exercise.checks:
                _add_case(suite, report, exercise, check)
        seconds = sum(check.seconds for exercise in exercises for check in exercise.checks)
        suite.set("time", f"{seconds:.3f}")
        _count(suite)
    _count(root)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_case(suite: ElementTree.Element, report: Report, exercise: ExerciseResult, check: CheckResult) -> None:
    class_name = one_line(f"{exercise.topic}.{exercise.name}")
    case = ElementTree.SubElement(suite, "testcase", classname=class_name, name=one_line(check.name))
    case.set("time", f"{check.seconds:.3f}")
    file, _, line = exercise.location.rpartition(":")
    if line.isdecimal():
        case.set("file", one_line(file))
        case.set("line", line)
    if check.status in _ELEMENTS:
        element = _ELEMENTS[check.status]
        said = check_summary(report, exercise, check)
        summary = one_line(f"{wording.points(check.score, check.max_score)}: {said}")
        found = ElementTree.SubElement(case, element, message=summary)
        if element != "skipped":
            found.set("type", check.status)
            found.text = check_text(report, exercise, check)
    if check is exercise.checks[0] and exercise.output:
        ElementTree.SubElement(case, "system-out").text = wording.printed(exercise, lines=100)


def _count(element: ElementTree.Element) -> None:
    for attribute, path in {
        "tests": ".//testcase",
        "failures": ".//failure",
        "errors": ".//error",
        "skipped": ".//skipped",
    }.items():
        element.set(attribute, str(len(element.findall(path))))
