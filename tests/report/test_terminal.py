"""The terminal view, compared as whole screens."""

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.report import terminal
from grader.report.model import CheckResult, Counterexample
from tests.report import samples


def screen(report, width=88, **options):
    """What a pipe of that width gets."""
    file = io.StringIO()
    terminal.render(report, console=Console(file=file, width=width, _environ={}), **options)
    return "\n" + file.getvalue()


def only(*names):
    """Parts of the half-way report."""
    report = samples.partial()
    return replace(report, exercises=tuple(e for e in report.exercises if e.name in names), notes=())


def test_the_first_run_welcomes_and_says_the_one_thing_to_do():
    assert (
        screen(samples.first_run())
        == """
Welcome!
From single pixels to a pretrained network, in 22 small exercises worth 100 points. You
fill in a function, save, and read what is right and what is not yet.

  classifiers  ░░░░░░░░░░░░░░░░░░░░  0 / 11
  training     ░░░░░░░░░░░░░░░░░░░░  0 / 17
  weights      ░░░░░░░░░░░░░░░░░░░░  0 / 11
  shapes       ░░░░░░░░░░░░░░░░░░░░  0 / 24
  convolution  ░░░░░░░░░░░░░░░░░░░░  0 / 19
  cnn          ░░░░░░░░░░░░░░░░░░░░  0 /  8
  transfer     ░░░░░░░░░░░░░░░░░░░░  0 / 10

Do this next: flatten_images
    Open exercises/classifiers.py:21: the function's text says what to write.
    Then: grader check flatten_images
    Stuck? grader hint flatten_images
"""
    )


def test_a_failure_reads_as_the_design_shows_it():
    assert screen(samples.padding_only()).startswith("""
✗ conv2d_output_shape                                                       2 / 6 points
    conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
      expected  (1, 4, 8, 8)      what nn.Conv2d gives
      got       (1, 4, 7, 7)
    This is what you get when the padding is counted once. A padded row has two ends.
    exercises/shapes.py:41 · more: grader hint conv2d_output_shape

classifiers  ✓ flatten_images              passed  3 / 3
""")


def test_half_way_the_first_exercise_that_is_not_right_is_on_top_and_the_others_are_a_line_each():
    assert (
        screen(samples.partial())
        == """
✗ tile_images  error                                                        0 / 4 points
    ValueError: cannot reshape array of size 30 into shape (2,3,5)
      tile_images, exercises/weights.py:79
    exercises/weights.py:70 · more: grader hint tile_images

classifiers  ✓ flatten_images              passed       3 / 3
             ✓ LogisticRegression.forward  passed       3 / 3
             ✓ MLP.forward                 passed       5 / 5
training     ✓ get_accuracy                passed       6 / 6
             ✓ train_step                  passed       5 / 5
             ✓ train                       passed       6 / 6
weights      ✓ weights_to_images           passed       3 / 3
             ✓ rescale                     passed       4 / 4
shapes       ✓ conv2d_parameter_shapes     passed       4 / 4
             ✗ conv2d_output_shape         partial      2 / 6
             ✓ max_pool2d_output_shape     passed       6 / 6
             ✗ same_padding                off limits   0 / 3
             ✓ trace_shapes                passed       5 / 5
convolution  ✓ to_nchw                     passed       4 / 4
             ✗ conv2d                      partial      3 / 9
             ✗ max_pool2d                  timed out    0 / 6
cnn          ✗ CNN.forward                 error        0 / 5
             ✗ count_parameters            error        0 / 3
transfer     · extract_features            not started  0 / 3
             · first_layer_activations     not started  0 / 3
             · replace_classifier          not started  0 / 4

Note: cnn.py could not be read: see CNN.forward.

Total  ███████████░░░░░░░░░  59 / 100 points
"""
    )


def test_in_60_columns_topics_stand_above_their_exercises():
    report = only("tile_images", "LogisticRegression.forward", "conv2d_output_shape", "to_nchw", "extract_features")
    assert (
        screen(report, 60)
        == """
✗ tile_images  error                            0 / 4 points
    ValueError: cannot reshape array of size 30 into shape
    (2,3,5)
      tile_images, exercises/weights.py:79
    exercises/weights.py:70 · more: grader hint tile_images

classifiers
  ✓ LogisticRegression.forward  passed       3 / 3
shapes
  ✗ conv2d_output_shape         partial      2 / 6
convolution
  ✓ to_nchw                     passed       4 / 4
transfer
  · extract_features            not started  0 / 3

Total  █████████░░░░░░░░░░░  9 / 20 points
"""
    )


def test_what_the_student_printed_has_a_block_of_its_own_cut_to_a_screen():
    assert (
        screen(only("conv2d_output_shape"))
        == """
✗ conv2d_output_shape                                                       2 / 6 points
    conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
      expected  (1, 4, 8, 8)      what nn.Conv2d gives
      got       (1, 4, 7, 7)
    This is what you get when the padding is counted once. A padded row has two ends.
    1 more check is not right yet; --verbose shows all.
    exercises/shapes.py:41 · more: grader hint conv2d_output_shape
    What your code printed:
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7
    │ [... 27 lines left out ...]
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7
    │ height 8 -> 7

Total  ██████░░░░░░░░░░░░░░  2 / 6 points
"""
    )


def test_verbose_shows_every_check_and_how_the_run_was_done():
    report = only("rescale", "conv2d_output_shape", "conv2d", "max_pool2d", "count_parameters", "extract_features")
    short = replace(report.exercises[1], output="height 8 -> 7\n")
    report = replace(report, exercises=(report.exercises[0], short, *report.exercises[2:]))
    assert (
        screen(report, verbose=True)
        == """
weights                                                                            4 / 4
✓ rescale  passed                                                           4 / 4 points
    ✓ fills_zero_to_one  passed                                                    2 / 2
    ✓ keeps_constant  passed                                                       2 / 2

shapes                                                                             2 / 6
✗ conv2d_output_shape                                                       2 / 6 points
    ✓ plain  passed                                                                2 / 2
    ✗ matches_pytorch  failed (known mistake: padding-counted-once)                0 / 3
        conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
          expected  (1, 4, 8, 8)      what nn.Conv2d gives
          got       (1, 4, 7, 7)
        This is what you get when the padding is counted once. A padded row has two
        ends.
    ✗ refuses  failed                                                              0 / 1
        A ValueError was expected for stride=0; (1, 4, 8, 8) came back.
    exercises/shapes.py:41 · more: grader hint conv2d_output_shape
    What your code printed:
    │ height 8 -> 7

convolution                                                                       3 / 15
✗ conv2d                                                                    3 / 9 points
    ✗ matches_pytorch  failed (known mistake: kernel-flipped)                      0 / 6
        conv2d(images, weight, stride=2)  # images (1, 1, 6, 7), weight (1, 1, 2, 3)
          expected  float32 tensor (1, 1, 3, 3), at [0, 0, 0, 1]: -0.75
                    (what F.conv2d gives)
          got       float32 tensor (1, 1, 3, 3), at [0, 0, 0, 1]: 2.5
        This is what you get when the kernel is flipped. Which way round does PyTorch
        slide its kernel?
    ✓ has_gradients  passed                                                        3 / 3
    exercises/convolution.py:51 · more: grader hint conv2d
✗ max_pool2d  timed out                                                     0 / 6 points
    ✗ matches_pytorch  timed out                                                   0 / 4
        max_pool2d did not come back within 10 seconds.
    ✗ takes_negatives  crashed                                                     0 / 2
        The process that ran your code died.
    exercises/convolution.py:90 · more: grader hint max_pool2d

cnn                                                                                0 / 3
✗ count_parameters  error                                                   0 / 3 points
    ✗ counts_trainable  error                                                      0 / 2
        cnn.py, line 58: '(' was never closed
            x = self.pool(F.relu(self.conv1(images))
                         ^
    ✗ counts_shared_once  error                                                    0 / 1
        cnn.py, line 58: '(' was never closed
            x = self.pool(F.relu(self.conv1(images))
                         ^
    exercises/cnn.py:66 · more: grader hint count_parameters

transfer                                                                           0 / 3
· extract_features  not started                                             0 / 3 points

Seed 0. 2.5 seconds. Protections: process, limits, filesystem, network.

Total  █████░░░░░░░░░░░░░░░  9 / 31 points
"""
    )


def test_the_end_is_warm_and_short():
    assert (
        screen(samples.perfect())
        == """
✓ 100 of 100 points
Every exercise is right, from flattening a picture to giving a pretrained network a new
head. You know now what happens inside a convolutional network. Well done!
See what your functions can do: grader pictures
"""
    )


def test_a_part_that_is_right_points_to_the_whole_and_shows_the_prints_of_one_exercise():
    rescale = replace(only("rescale").exercises[0], output="low 0.0\n")
    assert (
        screen(replace(only(), exercises=(rescale,)))
        == """
✓ 4 of 4 points
All that you asked for is right. Well done! The whole kit: grader check
    What your code printed:
    │ low 0.0
"""
    )


def test_when_only_stubs_are_left_the_next_one_is_on_top():
    report = only("rescale", "extract_features", "replace_classifier")
    assert (
        screen(report)
        == """
· extract_features  not started                                             0 / 3 points
    Next: write this function.
    exercises/transfer.py:20 · more: grader hint extract_features

weights   ✓ rescale             passed       4 / 4
transfer  · replace_classifier  not started  0 / 4

Total  ███████░░░░░░░░░░░░░  4 / 11 points
"""
    )


def test_what_is_asked_for_comes_on_top():
    report = samples.partial()
    assert screen(report, show=["conv2d"]).startswith("\n✗ conv2d  ")
    assert screen(report, show=["cnn"]).startswith("\n✗ CNN.forward  error")
    assert screen(report, show=["transfer"]).startswith("\n· extract_features  not started")
    assert screen(report, show=["classifiers"]).startswith("\n✗ tile_images  error")


def test_points_that_the_course_grades_are_named():
    withheld = samples.exercise("shapes", "same_padding", {"keeps_size": CheckResult("", "skipped", 0.0, 3.0)})
    right = only("rescale").exercises[0]
    assert (
        screen(replace(only(), exercises=(right, withheld)))
        == """
✓ 4 of 7 points
All that can be graded here is right. Well done!
3 points are graded later, by your course.
"""
    )
    stub = only("extract_features").exercises[0]
    assert screen(replace(only(), exercises=(right, withheld, stub))).endswith("""
weights  ✓ rescale       passed        4 / 4
shapes   ✓ same_padding  graded later  0 / 3

Total  ████████░░░░░░░░░░░░  4 / 10 points
3 points are graded later, by your course.
""")


def test_answers_of_several_lines_are_set_below_each_other():
    shown = Counterexample("f(x)", "float32 tensor (2, 3)\n[0, 1] is 0.5", "x" * 100, "what torch gives")
    check = CheckResult("plain", "failed", 0.0, 2.0, message="Look.", counterexample=shown)
    report = replace(only(), exercises=(samples.exercise("shapes", "conv2d_output_shape", {"plain": check}),))
    assert screen(report, 60).startswith("""
✗ conv2d_output_shape                           4 / 6 points
    f(x)
      expected  float32 tensor (2, 3)
                [0, 1] is 0.5
                (what torch gives)
      got       xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                xxxxxxxxxxxx
    Look.
""")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437"])
def test_a_stream_that_cannot_take_the_signs_gets_plain_ones(encoding):
    for make in (samples.first_run, samples.partial, samples.hostile, samples.perfect):
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        terminal.render(make(), console=Console(file=file, width=60, _environ={}))
        file.flush()
        shown = file.buffer.getvalue().decode(encoding)
        assert "✗" not in shown
    assert screen(only("tile_images")).count("✗") == 1


def test_ascii_signs():
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    terminal.render(
        only("rescale", "tile_images", "extract_features"), console=Console(file=file, width=60, _environ={})
    )
    file.flush()
    assert (
        "\n" + file.buffer.getvalue().decode()
        == """
x tile_images  error                            0 / 4 points
    ValueError: cannot reshape array of size 30 into shape
    (2,3,5)
      tile_images, exercises/weights.py:79
    exercises/weights.py:70 - more: grader hint tile_images

weights   + rescale           passed       4 / 4
transfer  - extract_features  not started  0 / 3

Total  #######.............  4 / 11 points
"""
    )


@pytest.mark.parametrize("width", [40, 60, 88, 200])
def test_no_line_is_wider_than_the_terminal(width):
    for make in (samples.first_run, samples.partial, samples.hostile, samples.perfect):
        for verbose in (False, True):
            widest = max(map(cell_len, screen(make(), width, verbose=verbose).split("\n")))
            assert widest <= min(width, 88)


def _coloured(environment):
    file = io.StringIO()
    console = Console(file=file, width=88, force_terminal=True, color_system="truecolor", _environ=environment)
    terminal.render(samples.partial(), console=console)
    return file.getvalue()


def test_a_terminal_gets_the_same_words_in_colour():
    shown = _coloured({})
    assert re.search(r"\x1b\[[0-9;]*3[0-7]m", shown)
    assert "\n" + re.sub(r"\x1b\[[0-9;]*m", "", shown) == screen(samples.partial())


def test_no_color_is_obeyed():
    codes = set(re.findall(r"\x1b\[([0-9;]*)m", _coloured({"NO_COLOR": "1"})))
    assert codes <= {"0", "1", "2", "1;2"}, "only bold and dim are left"


def test_markup_in_what_a_student_prints_is_shown_as_it_is():
    text = "[bold red]markup[/] [link=https://example.org]rich[/link] :tada: [/nothing]"
    assert text in screen(replace(samples.partial(), notes=(text,)))
