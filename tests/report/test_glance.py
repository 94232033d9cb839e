"""What `grader watch` shows of a report, compared as whole screens."""

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.report.terminal import Glance
from tests.report import samples


def screen(report, width=80, **options):
    """What a terminal of that width shows, without colours."""
    file = io.StringIO()
    console = Console(file=file, width=width, _environ={}, highlight=False)
    console.print(Glance(report, **options), soft_wrap=True)
    return "\n" + file.getvalue()


def test_what_became_right_stands_above_what_is_wrong_and_how_far_the_whole_is():
    assert (
        screen(samples.padding_only(), right=["same_padding"], lost=["conv2d_output_shape", "conv2d"])
        == """
✓ same_padding is right.
✗ conv2d_output_shape and conv2d were right before.

✗ conv2d_output_shape                                               2 / 6 points
from exercises.shapes import conv2d_output_shape
conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
      expected  (1, 4, 8, 8)      what nn.Conv2d gives
      got       (1, 4, 7, 7)
    This is what you get when the padding is counted once. A padded row has two
    ends.
    exercises/shapes.py:41 · more: grader hint conv2d_output_shape

Total  ███████████████████░  96 / 100 points
"""
    )


def test_an_exercise_that_is_not_begun_says_where_to_write():
    assert (
        screen(samples.first_run(), width=60)
        == """
· flatten_images  not started                   0 / 3 points
    Next: write this function.
    exercises/classifiers.py:21 · more: grader hint
    flatten_images

Total  ░░░░░░░░░░░░░░░░░░░░  0 / 100 points
"""
    )


def test_where_all_is_right_it_says_so():
    shown = screen(samples.perfect(), right=["conv2d"])
    assert shown.startswith("\n✓ conv2d is right.\n\n✓ 100 of 100 points\n")


def test_a_part_of_the_report_has_no_total_and_no_praise():
    report = samples.perfect()
    part = replace(report, exercises=report.exercises[:3])
    assert screen(part, is_whole=False) == "\n"
    part = replace(samples.first_run(), exercises=samples.first_run().exercises[:3])
    assert "Total" not in screen(part, is_whole=False)


def test_all_exercises_are_a_line_each():
    report = samples.partial()
    lines = screen(report, overview=True, right=["same_padding"]).splitlines()
    assert all(any(exercise.name in line for line in lines) for exercise in report.exercises)
    assert "is right" not in lines[1]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("sample", [samples.partial, samples.padding_only, samples.hostile, samples.first_run])
@pytest.mark.parametrize("overview", [False, True])
def test_no_line_is_longer_than_the_screen(sample, width, overview):
    shown = screen(sample(), width=width, overview=overview, right=["conv2d"] * 9, lost=["max_pool2d"] * 9)
    code = ("import ", "from ")  # is not broken
    assert max(cell_len(line) for line in shown.splitlines() if not line.startswith(code)) <= width
