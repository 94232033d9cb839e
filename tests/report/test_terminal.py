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
from exercises.shapes import conv2d_output_shape
conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
      expected  (1, 4, 8, 8)      what nn.Conv2d gives
      got       (1, 4, 7, 7)
    This is what you get when the padding is counted once. A padded row has two ends.
    exercises/shapes.py:41 · more: grader hint conv2d_output_shape

classifiers  ✓ flatten_images              passed   3 / 3
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
             ✗ tile_images                 error        0 / 4  ↑ above
shapes       ✓ conv2d_parameter_shapes     passed       4 / 4
             ✗ conv2d_output_shape         partial      2 / 6
             ✓ max_pool2d_output_shape     passed       6 / 6
             ✗ same_padding                off limits   0 / 3
             ✓ trace_shapes                passed       5 / 5
convolution  ✓ to_nchw                     passed       4 / 4
             ✗ conv2d                      partial      3 / 9
             ✗ max_pool2d                  timed out    0 / 6
cnn          ✗ CNN.forward                 not graded   0 / 5
             ✗ count_parameters            not graded   0 / 3
transfer     · extract_features            not started  0 / 3
             · first_layer_activations     not started  0 / 3
             · replace_classifier          not started  0 / 4

Note: cats.py is no topic of this kit: it was not graded.

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
weights
  ✗ tile_images                 error        0 / 4 ↑
shapes
  ✗ conv2d_output_shape         partial      2 / 6
convolution
  ✓ to_nchw                     passed       4 / 4
transfer
  · extract_features            not started  0 / 3

Total  █████████░░░░░░░░░░░  9 / 20 points
"""
    )


def test_what_the_failing_call_printed_is_shown_and_the_rest_on_demand():
    (exercise,) = only("conv2d_output_shape").exercises
    printed = replace(exercise.checks[1], printed="height 8 -> 7\n" * 40)
    checks = (exercise.checks[0], printed, exercise.checks[2])
    report = replace(only(), exercises=(replace(exercise, checks=checks),))
    assert (
        screen(report)
        == """
✗ conv2d_output_shape                                                       2 / 6 points
from exercises.shapes import conv2d_output_shape
conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
      expected  (1, 4, 8, 8)      what nn.Conv2d gives
      got       (1, 4, 7, 7)
    This is what you get when the padding is counted once. A padded row has two ends.
    What your code printed in this call:
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
    1 more check is not right yet. --verbose shows all.
    exercises/shapes.py:41 · more: grader hint conv2d_output_shape
    Your code printed more in other calls: --verbose shows it.

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
    ✗ matches_pytorch  failed                                                      0 / 3
from exercises.shapes import conv2d_output_shape
conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
          expected  (1, 4, 8, 8)      what nn.Conv2d gives
          got       (1, 4, 7, 7)
        This is what you get when the padding is counted once. A padded row has two
        ends.
        Known mistake: padding-counted-once.
    ✗ refuses  failed                                                              0 / 1
        A ValueError was expected for stride=0; (1, 4, 8, 8) came back.
    exercises/shapes.py:41 · more: grader hint conv2d_output_shape
    All that your code printed:
    │ height 8 -> 7

convolution                                                                       3 / 15
✗ conv2d                                                                    3 / 9 points
    ✗ matches_pytorch  failed                                                      0 / 6
import torch; from exercises.convolution import conv2d
conv2d(torch.arange(1.0, 43).reshape((1, 1, 6, 7)),
    torch.arange(1.0, 7).reshape((1, 1, 2, 3)), stride=2)
          expected  float32 tensor (1, 1, 3, 3), at [0, 0, 0, 1]: -0.75
                    (what F.conv2d gives)
          got       float32 tensor (1, 1, 3, 3), at [0, 0, 0, 1]: 2.5
        This is what you get when the kernel is flipped. Which way round does PyTorch
        slide its kernel?
        Known mistake: kernel-flipped.
    ✓ has_gradients  passed                                                        3 / 3
    exercises/convolution.py:51 · more: grader hint conv2d
✗ max_pool2d  timed out                                                     0 / 6 points
    ✗ matches_pytorch  timed out                                                   0 / 4
        max_pool2d did not come back within 10 seconds.
    ✗ takes_negatives  crashed                                                     0 / 2
        The process that ran your code died.
    exercises/convolution.py:90 · more: grader hint max_pool2d

cnn                                                                                0 / 3
✗ exercises/cnn.py  cannot be read                                          0 / 3 points
    exercises/cnn.py, line 58: SyntaxError: '(' was never closed
        x = self.pool(F.relu(self.conv1(images))
                     ^
    Until then count_parameters cannot be graded.
    exercises/cnn.py:58
✗ count_parameters  not graded: the file cannot be read                     0 / 3 points

transfer                                                                           0 / 3
· extract_features  not started                                             0 / 3 points

Seed 0. 2.5 seconds. Protections: process, limits, filesystem, network.

Total  █████░░░░░░░░░░░░░░░  9 / 31 points
"""
    )


def test_the_end_is_warm_and_short(monkeypatch):
    everything = samples.perfect().exercises
    monkeypatch.setattr(terminal.registry, "EXERCISES", everything)  # the samples' kit is all that there is
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
transfer  · extract_features    not started  0 / 3  ↑ above
          · replace_classifier  not started  0 / 4

Total  ███████░░░░░░░░░░░░░  4 / 11 points
"""
    )


def test_what_is_asked_for_comes_on_top():
    report = samples.partial()
    assert screen(report, show=["conv2d"]).startswith("\n✗ conv2d  ")
    assert screen(report, show=["cnn"]).startswith("\n✗ exercises/cnn.py  cannot be read")
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
weights   ✓ rescale           passed        4 / 4
shapes    ✓ same_padding      graded later  0 / 3
transfer  · extract_features  not started   0 / 3  ↑ above

Total  ████████░░░░░░░░░░░░  4 / 10 points
3 points are graded later, by your course.
""")


def test_what_waits_for_another_exercise_says_for_which():
    note = "Graded by your course: `flatten_images` is not right yet. Do that first."
    checks = {"gives_logits": CheckResult("", "skipped", 0.0, 3.0)}
    waiting = replace(samples.exercise("classifiers", "LogisticRegression.forward", checks), note=note)
    right = only("rescale").exercises[0]
    assert screen(replace(only(), exercises=(right, waiting))).endswith("""
weights      ✓ rescale                     passed  4 / 4
classifiers  ✗ LogisticRegression.forward  waits   0 / 3  ↑ above

Total  ███████████░░░░░░░░░  4 / 7 points
3 points are graded later, by your course.
LogisticRegression.forward: Graded by your course: `flatten_images` is not right yet. Do
that first.
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
          x tile_images       error        0 / 4  ^ above
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


def test_one_mistake_in_several_checks_is_told_once_with_the_checks_that_it_fails():
    (exercise,) = only("conv2d_output_shape").exercises
    again = replace(samples.PADDING, name="plain", max_score=2.0)
    report = replace(only(), exercises=(replace(exercise, output="", checks=(again, *exercise.checks[1:])),))
    assert screen(report, 80).endswith("""
    This is what you get when the padding is counted once. A padded row has two
    ends.
    The same mistake fails 1 more check. 1 more check is not right yet.
    --verbose shows all.
    exercises/shapes.py:41 · more: grader hint conv2d_output_shape

Total  ░░░░░░░░░░░░░░░░░░░░  0 / 6 points
""")
    assert """
    ✗ plain  failed                                                        0 / 2
from exercises.shapes import conv2d_output_shape
conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
          expected  (1, 4, 8, 8)      what nn.Conv2d gives
          got       (1, 4, 7, 7)
        This is what you get when the padding is counted once. A padded row has
        two ends.
        Known mistake: padding-counted-once. It fails plain and matches_pytorch.
    ✗ matches_pytorch  failed                                              0 / 3
from exercises.shapes import conv2d_output_shape
conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)
          expected  (1, 4, 8, 8)      what nn.Conv2d gives
          got       (1, 4, 7, 7)
    ✗ refuses  failed                                                      0 / 1
        A ValueError was expected for stride=0; (1, 4, 8, 8) came back.
""" in screen(report, 80, verbose=True)


def test_a_file_that_cannot_be_read_is_told_once_and_without_an_exercises_hint():
    assert (
        screen(only("CNN.forward", "count_parameters", "rescale"))
        == """
✗ exercises/cnn.py  cannot be read                                          0 / 8 points
    exercises/cnn.py, line 58: SyntaxError: '(' was never closed
        x = self.pool(F.relu(self.conv1(images))
                     ^
    Until then CNN.forward and count_parameters cannot be graded.
    exercises/cnn.py:58

weights  ✓ rescale           passed      4 / 4
cnn      ✗ CNN.forward       not graded  0 / 5  ↑ above
         ✗ count_parameters  not graded  0 / 3  ↑ above

Total  ██████░░░░░░░░░░░░░░  4 / 12 points
"""
    )


def test_one_exercise_or_topic_is_not_greeted():
    assert (
        screen(only("extract_features"))
        == """
· extract_features  not started                                             0 / 3 points
    Next: write this function.
    exercises/transfer.py:20 · more: grader hint extract_features

Total  ░░░░░░░░░░░░░░░░░░░░  0 / 3 points
"""
    )
    assert "Welcome" not in screen(only("extract_features", "replace_classifier"))
    assert "Welcome" in screen(replace(samples.first_run(), exercises=samples.first_run().exercises[2:4]))


def test_what_there_is_one_of_is_in_the_singular():
    one = samples.exercise("convolution", "to_nchw", {}, "not_started")
    one = replace(one, checks=one.checks[1:])
    assert "0 / 1 point\n" in screen(replace(only(), exercises=(one,)))
    right = replace(one, checks=(replace(one.checks[0], status="passed", score=1.0),))
    assert screen(replace(only(), exercises=(right,))).startswith("\n✓ 1 of 1 point\n")


def test_a_call_of_many_lines_is_shown_whole_on_demand_and_never_cut():
    lines = [*(f"labels{number} = [{', '.join('0' * 60)}]" for number in range(30)), "train_step(labels0)"]
    check = CheckResult(
        "plain", "failed", 0.0, 2.0, message="Look.", counterexample=Counterexample("\n".join(lines), "1", "2")
    )
    report = replace(only(), exercises=(samples.exercise("training", "train_step", {"updates_once": check}),))
    assert screen(report, 80).startswith("""
✗ train_step                                                        2 / 5 points
from exercises.training import train_step
labels0 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
# 87 more lines to paste: --verbose
train_step(labels0)
      expected  1
""")
    whole = screen(report, 80, verbose=True)
    assert "cut here" not in whole and "left out" not in whole
    assert all(f"\nlabels{number} = [0, 0, " in whole for number in range(30))


def test_the_exercise_to_mend_first_is_named_where_no_check_says_it():
    (exercise,) = only("conv2d_output_shape").exercises
    note = "Graded with a right `same_padding`; yours is not right yet: do that first."
    report = replace(only(), exercises=(replace(exercise, note=note),))
    assert screen(report).count("do that first") == 1
    said = replace(exercise.checks[1], message=f"Look. {note}")
    told = replace(exercise, note=note, checks=(exercise.checks[0], said, exercise.checks[2]))
    assert screen(replace(only(), exercises=(told,))).count("do that first") == 1


def test_a_long_call_shows_the_students_own_function_and_what_is_asked_of_it():
    setup = [f"x{number} = {number}" for number in range(9)]
    call = "\n".join(["model = nn.ReLU()", *setup, "train(model, x1, x2)", "model.state_dict()"])
    check = CheckResult("plain", "failed", 0.0, 2.0, message="Look.", counterexample=Counterexample(call, "1", "2"))
    report = replace(only(), exercises=(samples.exercise("training", "train", {"follows_the_loop": check}),))
    assert screen(report, 80).startswith("""
✗ train                                                             1 / 6 points
from torch import nn; from exercises.training import train
model = nn.ReLU()
# 9 more lines to paste: --verbose
train(model, x1, x2)
model.state_dict()
      expected  1
""")
