"""The JUnit view is XML 1.0 whose counts agree with its cases."""

from dataclasses import replace
from xml.etree import ElementTree

from grader.report import junit
from grader.report.model import CheckResult
from tests.report import samples


def _cases(root, path):
    return {(case.get("classname"), case.get("name")) for case in root.findall(f".//testcase[{path}]")}


def test_a_suite_for_each_topic_and_a_case_for_each_check():
    report = samples.partial()
    root = ElementTree.fromstring(junit.render(report).encode())
    assert root.tag == "testsuites"
    assert [suite.get("name") for suite in root] == [
        "classifiers", "training", "weights", "shapes", "convolution", "cnn", "transfer",
    ]  # fmt: skip
    checks = [(f"{e.topic}.{e.name}", check.name) for e in report.exercises for check in e.checks]
    assert [(case.get("classname"), case.get("name")) for case in root.iter("testcase")] == checks
    for element in [root, *root]:
        assert element.get("tests") == str(len(list(element.iter("testcase"))))
        assert element.get("failures") == str(len(list(element.iter("failure"))))
        assert element.get("errors") == str(len(list(element.iter("error"))))
        assert element.get("skipped") == "0"


def test_wrong_answers_are_failures_and_code_that_gives_none_is_an_error():
    root = ElementTree.fromstring(junit.render(samples.partial()))
    assert _cases(root, "error") == {
        ("weights.tile_images", "row_by_row"),
        ("convolution.max_pool2d", "matches_pytorch"),
        ("convolution.max_pool2d", "takes_negatives"),
        ("cnn.CNN.forward", "matches_reference"),
        ("cnn.count_parameters", "counts_trainable"),
        ("cnn.count_parameters", "counts_shared_once"),
    }
    failures = {element.get("type") for element in root.iter("failure")}
    assert failures == {"failed", "forbidden", "not_started"}


def test_each_case_says_how_long_it_took_and_a_suite_how_long_its_cases_did():
    report = samples.partial()
    timed = [replace(e, checks=tuple(replace(check, seconds=0.25) for check in e.checks)) for e in report.exercises]
    root = ElementTree.fromstring(junit.render(replace(report, exercises=tuple(timed))))
    assert {case.get("time") for case in root.iter("testcase")} == {"0.250"}
    assert [float(suite.get("time")) for suite in root] == [0.25 * int(suite.get("tests")) for suite in root]


def test_a_graded_check_has_a_time_that_changes_no_report(grade):
    from grader.course import registry
    from grader.running.reference import reference_text

    report = grade({"cnn": reference_text("cnn").encode()}, exercises=[registry.exercise("count_parameters")])
    assert all(check.seconds > 0 for exercise in report.exercises for check in exercise.checks)
    assert "seconds" not in report.as_dict()["exercises"][0]["checks"][0]


def test_a_failure_says_what_the_terminal_says():
    root = ElementTree.fromstring(junit.render(samples.padding_only()))
    (failure,) = root.iter("failure")
    assert failure.get("message") == "0 / 4 points: This is what you get when the padding is counted once."
    assert failure.text == (
        "from exercises.shapes import conv2d_output_shape\n"
        "conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)\n"
        "  expected  (1, 4, 8, 8)      what nn.Conv2d gives\n"
        "  got       (1, 4, 7, 7)\n"
        "This is what you get when the padding is counted once. A padded row has two ends.\n"
        "exercises/shapes.py:41 · more: grader hint conv2d_output_shape"
    )


def test_checks_that_the_course_grades_are_skipped():
    withheld = samples.report(
        {
            "same_padding": samples.exercise(
                "shapes", "same_padding", {"keeps_size": CheckResult("", "skipped", 0.0, 3.0)}
            )
        }
    )
    root = ElementTree.fromstring(junit.render(withheld))
    assert _cases(root, "skipped") == {("shapes.same_padding", "keeps_size")}


def test_hostile_text_gives_xml_that_every_parser_takes():
    text = junit.render(samples.hostile())
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n')
    root = ElementTree.fromstring(text.encode("utf-8"))
    (failure,) = root.iter("failure")
    assert "<script>document.title='taken'</script>" in failure.text
    assert r"lone \ud800 surrogate \udfff and \x00 null \ufffe \uffff" in root.find(".//system-out").text


def test_a_case_names_the_line_of_the_function_in_its_file():
    root = ElementTree.fromstring(junit.render(samples.padding_only()))
    case = next(case for case in root.iter("testcase") if case.get("classname") == "shapes.conv2d_output_shape")
    assert (case.get("file"), case.get("line")) == ("exercises/shapes.py", "41")
