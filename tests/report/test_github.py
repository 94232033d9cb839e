"""The GitHub view: annotations that its runner reads as they are meant, and nothing that a submission slips in."""

import re
from dataclasses import replace

from grader.report import github, markdown
from tests.report import samples

COMMAND = re.compile(r"::(error|notice) ([^:]*)::(.*)")


def _annotations(report):
    for line in github.render(report).splitlines():
        kind, properties, text = COMMAND.fullmatch(line).groups()
        yield kind, dict(item.split("=", 1) for item in properties.split(",")), text


def test_an_error_stands_at_each_exercise_that_is_not_right():
    found = list(_annotations(samples.padding_only()))
    assert found == [
        (
            "error",
            {"file": "exercises/shapes.py", "line": "41", "title": "conv2d_output_shape%3A 2 / 6 points"},
            "from exercises.shapes import conv2d_output_shape%0A"
            "conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)%0A"
            "  expected  (1, 4, 8, 8)      what nn.Conv2d gives%0A"
            "  got       (1, 4, 7, 7)%0A"
            "This is what you get when the padding is counted once. A padded row has two ends.%0A"
            "exercises/shapes.py:41 · more: grader hint conv2d_output_shape",
        )
    ]


def test_stubs_that_stand_share_one_notice():
    kinds = [(kind, text) for kind, _, text in _annotations(samples.first_run())]
    assert kinds == [("notice", "22 exercises are not started; flatten_images is next.")]


def test_a_perfect_report_has_nothing_to_say():
    assert github.render(samples.perfect()) == ""


def test_hostile_text_stays_in_one_command():
    (line,) = github.render(samples.hostile()).splitlines()
    assert line.startswith("::error file=exercises/shapes.py,line=41,title=")
    assert "%0A: :error file=x::hacked%0A" in line


def test_percent_signs_colons_and_commas_are_escaped():
    exercise = replace(samples.padding_only().first_open, location="50%, a:b.py:7")
    line = github.render(samples.report({"conv2d_output_shape": exercise}))
    assert line.startswith(
        "::error file=50%25%2C a%3Ab.py,line=7,title=conv2d_output_shape%3A 2 / 6 points::from exercises.shapes"
    )
    assert line.endswith("%0A50%25, a:b.py:7 · more: grader hint conv2d_output_shape\n")


def test_the_step_summary_is_the_markdown_view_added_to_what_is_there(tmp_path):
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    github.append_summary(samples.partial(), path)
    assert path.read_text(encoding="utf-8") == "before\n" + markdown.render(samples.partial())
