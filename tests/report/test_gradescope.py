"""The Gradescope view keeps to the documented form of results.json."""

import json

from grader.report import gradescope
from tests.report import samples

# "Autograder Specifications", sections "Output format" and "Test case status"
RESULT_KEYS = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST_KEYS = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}


def test_the_form_is_the_documented_one():
    found = json.loads(gradescope.render(samples.partial()))
    assert set(found) <= RESULT_KEYS
    assert found["score"] == 59 and found["execution_time"] == 2
    for part in [found, *found["tests"]]:
        assert part["output_format"] in FORMATS and part["visibility"] in VISIBILITIES
    for test in found["tests"]:
        assert set(test) <= TEST_KEYS
        assert test["status"] in {"passed", "failed"}
        assert (test["status"] == "passed") == (test["score"] == test["max_score"])
    assert sum(test["score"] for test in found["tests"]) == found["score"]


def test_exercises_are_numbered_by_topic_and_place():
    tests = json.loads(gradescope.render(samples.perfect()))["tests"]
    numbers = {test["name"]: test["number"] for test in tests}
    assert numbers["classifiers: flatten_images"] == "1.1"
    assert numbers["shapes: conv2d_output_shape"] == "4.2"
    assert numbers["transfer: replace_classifier"] == "7.3"


def test_an_exercise_says_how_each_check_went():
    tests = json.loads(gradescope.render(samples.padding_only()))["tests"]
    (test,) = (test for test in tests if test["status"] == "failed")
    assert test["output"] == (
        "plain: passed, 2 / 2 points\n\n"
        "matches_pytorch: failed, 0 / 4 points\n"
        "from exercises.shapes import conv2d_output_shape\n"
        "conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)\n"
        "  expected  (1, 4, 8, 8)      what nn.Conv2d gives\n"
        "  got       (1, 4, 7, 7)\n"
        "This is what you get when the padding is counted once. A padded row has two ends.\n"
        "exercises/shapes.py:41 · more: grader hint conv2d_output_shape"
    )


def test_text_of_a_submission_is_only_ever_plain_text():
    found = json.loads(gradescope.render(samples.hostile()))
    assert {part["output_format"] for part in [found, *found["tests"]]} == {"text"}
    assert {test["name_format"] for test in found["tests"]} == {"text"}
