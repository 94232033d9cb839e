"""report.json: its form is fixed, and it is strict JSON."""

import json
import math
from dataclasses import replace

import msgspec

from grader.report import json_view
from tests.report import samples


def _strict(text):
    def refuse(constant):
        raise ValueError(constant)

    msgspec.json.decode(text)
    return json.loads(text, parse_constant=refuse)


def test_the_form_is_the_contracts():
    found = _strict(json_view.render(samples.padding_only()))
    exercise = next(e for e in found["exercises"] if e["name"] == "conv2d_output_shape")
    assert list(found) == [
        "schema_version", "kit_version", "submission", "seed", "duration_seconds", "protections", "score", "max_score",
        "exercises",
    ]  # fmt: skip
    assert exercise["checks"].pop(0) == {
        "name": "plain", "status": "passed", "score": 2.0, "max_score": 2.0,
        "message": "", "counterexample": None, "misconception": None, "hint": None,
    }  # fmt: skip
    assert exercise == {
        "topic": "shapes",
        "name": "conv2d_output_shape",
        "status": "partial",
        "score": 2.0,
        "max_score": 6.0,
        "checks": [
            {
                "name": "matches_pytorch",
                "status": "failed",
                "score": 0.0,
                "max_score": 4.0,
                "message": "This is what you get when the padding is counted once.",
                "counterexample": {
                    "call": "conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)",
                    "expected": "(1, 4, 8, 8)",
                    "got": "(1, 4, 7, 7)",
                },
                "misconception": "padding-counted-once",
                "hint": "A padded row has two ends.",
            }
        ],
    }


def test_hostile_text_gives_strict_json_in_ascii():
    text = json_view.render(samples.hostile())
    assert text.isascii()
    exercise = next(e for e in _strict(text)["exercises"] if e["status"] == "partial")
    assert r"lone \ud800 surrogate" in exercise["checks"][1]["message"]


def test_a_number_that_is_none_becomes_null():
    for value in (math.nan, math.inf):
        assert _strict(json_view.render(replace(samples.perfect(), duration_seconds=value)))["duration_seconds"] is None
