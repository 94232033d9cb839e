"""Every view survives whatever stands in a report: odd numbers, empty pictures, control characters, very long texts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.report.model import CheckResult, Counterexample, ExerciseResult, Fault, Report
from tests.report import samples
from tests.report.test_every_view import VIEWS

ODD_NUMBERS = (
    5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, math.nan, math.inf,
    -math.inf, 0.0, -0.0, 10**400, -(10**400), True, None, "1", 0.1,
)  # fmt: skip
odd_numbers = st.sampled_from(ODD_NUMBERS) | st.floats() | st.integers()
crops = (
    st.lists(st.lists(odd_numbers, max_size=3), max_size=3)
    | st.lists(odd_numbers, max_size=3)
    | st.sampled_from([None, 1, "x", (), ((1, 2), (3, 4)), [[1], 2], [[[1]]], [[1] * 50] * 50])
)
places = st.lists(odd_numbers, max_size=4).map(tuple) | st.none()
pictures: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"expected": crops, "got": crops, "index": places},
    optional={"origin": places, "whole": st.booleans()},
)
anything = st.text(st.characters(exclude_categories=()) | st.sampled_from(":#[]\n\r\x1b`'\"() "), max_size=40)
long = st.builds(lambda unit, times: unit * times, anything, st.sampled_from([1, 1, 1, 2_000]))
code = st.sampled_from(["f(1)", "class A:\n    x = 1\nA()", "f(" + "1, " * 300 + ")", "f('\\u202e', \"\x1b\")", "f("])
texts = anything | long
points = st.floats(0, 10)
checks = st.builds(
    CheckResult,
    name=texts,
    status=st.sampled_from(["passed", "failed", "error", "timeout", "crashed", "not_started", "forbidden", "skipped"]),
    score=points,
    max_score=points,
    message=texts,
    counterexample=st.none() | st.builds(Counterexample, call=texts | code, expected=texts, got=texts, judge=texts),
    misconception=st.none() | texts,
    hint=st.none() | texts,
    picture=st.none() | pictures,
    printed=texts,
)
exercises = st.builds(
    ExerciseResult,
    topic=st.sampled_from(["shapes", "convolution"]) | texts,
    name=texts,
    checks=st.lists(checks, max_size=3).map(tuple),
    location=texts,
    output=texts,
    unread=st.just("") | st.just("exercises/shapes.py") | texts,
    note=texts,
)
reports = st.builds(
    Report,
    kit_version=st.just("1.0.0"),
    submission=texts,
    seed=st.integers(),
    duration_seconds=points,
    protections=st.lists(texts, max_size=2).map(tuple),
    exercises=st.lists(exercises, max_size=4).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
    faults=st.lists(st.builds(Fault, texts, texts), max_size=1).map(tuple),
)
many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(reports)
def test_any_report_can_be_shown_and_nothing_in_it_acts(report: Report):
    for render in VIEWS.values():
        shown = render(report)
        assert shown.replace("\n", "").isprintable()
        shown.encode("utf-8")


@many
@given(pictures, st.booleans())
def test_any_picture_can_be_drawn(picture: dict[str, Any], whole: bool):
    check = replace(samples.FLIPPED, picture={**picture, "whole": whole})
    report = replace(
        samples.report(), exercises=(samples.exercise("convolution", "conv2d", {"matches_pytorch": check}),)
    )
    for render in VIEWS.values():
        assert render(report)
