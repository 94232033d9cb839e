"""Which exercises are graded again after a change: fewer than all only where that is certain."""

import pytest

from grader.course import registry
from grader.report.model import CheckResult, ExerciseResult
from grader.running.changes import imports_another, moved, to_grade
from grader.running.reference import reference_text

SHAPES = [exercise for exercise in registry.EXERCISES if exercise.topic == "shapes"]
NAMES = [exercise.name for exercise in SHAPES]
TEXT = '''"""A module."""
import math
import torch

WIDTH = 3
CACHE = []


def _pair(value):
    return (value, value) if isinstance(value, int) else value


def conv2d_parameter_shapes(in_channels, out_channels, kernel_size):
    return _pair(kernel_size)


def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    return _size(input_shape)


def _size(shape):
    return max_pool2d_output_shape(shape, 2)


def max_pool2d_output_shape(input_shape, kernel_size, stride=None):
    total = 0
    for size in input_shape:
        total += size
    return total


def same_padding(kernel_size, dilation=1):
    return WIDTH


def trace_shapes(layers, input_shape):
    shapes = []
    shapes.append(input_shape)
    return shapes
'''


def result(exercise, status="passed", note=""):
    checks = (CheckResult("one", status, float(status == "passed"), 1.0),)
    return ExerciseResult("shapes", exercise.name, checks, f"exercises/shapes.py:{10}", note=note)


RESULTS = {exercise.name: result(exercise) for exercise in SHAPES}


def again(new, old=TEXT, results=RESULTS):
    return [exercise.name for exercise in to_grade(old.encode(), new.encode(), SHAPES, results)]


def test_a_body_that_changed_is_graded_alone():
    assert again(TEXT.replace("return WIDTH", "return WIDTH + 1")) == ["same_padding"]


def test_what_calls_it_is_graded_too_also_through_others():
    changed = again(TEXT.replace("total = 0", "total = 1"))
    assert changed == ["conv2d_output_shape", "max_pool2d_output_shape", "trace_shapes"]


def test_comments_and_empty_lines_are_no_change():
    assert again(TEXT.replace("    return WIDTH", "\n    # three\n    return WIDTH")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("WIDTH = 3", "WIDTH = 4"),
        ("import math", "import math, os"),
        ("return (value, value)", "return (value, value, 1)"),  # a helper
        ("stride=None):", "stride=2):"),
        ("def same_padding", "def other_padding"),
        ("def same_padding(kernel_size, dilation=1):", "@cache\ndef same_padding(kernel_size, dilation=1):"),
        ("return WIDTH", "global WIDTH\n    return WIDTH"),
        ("return WIDTH", "CACHE.append(1)\n    return WIDTH"),
        ("return WIDTH", "torch.set_grad_enabled(False)\n    return WIDTH"),
        ("return WIDTH", "torch.manual_seed(1)\n    return WIDTH"),
        ("return WIDTH", "torch.relu = None\n    return WIDTH"),
        ("return WIDTH", "same_padding.calls += 1\n    return WIDTH"),
        ("return WIDTH", "self.__class__.x = 1\n    return WIDTH"),
        ("return WIDTH", "exec('WIDTH = 2')\n    return WIDTH"),
        ("return WIDTH", "return WIDTH +"),  # no Python
        ("return WIDTH", "return WIDTH\n\nsame_padding(1)"),
        ("return WIDTH", "return WIDTH\n\ndef trace_shapes(layers, input_shape):\n    return []"),
    ],
)
def test_in_doubt_all_are_graded(old, new):
    assert old in TEXT
    assert again(TEXT.replace(old, new)) == NAMES


def test_what_was_so_before_counts_as_well():
    untidy = TEXT.replace("return WIDTH", "CACHE.append(1)\n    return WIDTH")
    assert again(TEXT, old=untidy) == NAMES


def test_a_module_that_uses_an_exercise_itself_is_graded_whole():
    using = TEXT + "\nPADDING = same_padding(3)\n"
    assert again(using.replace("return WIDTH", "return 2"), old=using) == NAMES


def test_failures_that_may_name_lines_times_or_others_are_graded_again():
    changed = TEXT.replace("return WIDTH", "return 4")
    longer = TEXT.replace("return WIDTH", "x = 4\n    return x")
    failed = {**RESULTS, "conv2d_parameter_shapes": result(SHAPES[0], "failed")}
    assert again(changed, results=failed) == ["same_padding"]
    assert again(longer, results=failed) == ["conv2d_parameter_shapes", "same_padding"]
    for other in ("timeout", "error", "crashed"):
        failed = {**RESULTS, "conv2d_parameter_shapes": result(SHAPES[0], other)}
        assert again(changed, results=failed) == ["conv2d_parameter_shapes", "same_padding"]
    failed = {**RESULTS, "conv2d_parameter_shapes": result(SHAPES[0], "failed", note="Mend another first.")}
    assert again(changed, results=failed) == ["conv2d_parameter_shapes", "same_padding"]


def test_what_has_no_result_yet_is_graded():
    assert again(TEXT, results={}) == NAMES


@pytest.mark.parametrize("topic", registry.MODULES)
def test_in_the_solutions_it_is_certain(topic):
    text = reference_text(topic)
    exercises = [exercise for exercise in registry.EXERCISES if exercise.topic == topic]
    results = {exercise.name: result(exercise) for exercise in exercises}
    assert to_grade(text.encode(), text.encode(), exercises, results) == []


def test_a_result_that_is_kept_is_found_at_its_new_line():
    shifted = ("# one more line\n" + TEXT).encode()
    line = shifted.decode().split("\n").index("def same_padding(kernel_size, dilation=1):") + 1
    assert moved(RESULTS["same_padding"], shifted, registry.exercise("same_padding")).location.endswith(f":{line}")


def test_a_module_that_imports_another_topic_depends_on_more_than_its_text():
    assert imports_another(b"import torch\nfrom exercises.shapes import same_padding\n")
    assert imports_another(b"import shapes\n")
    assert not imports_another(
        b"from torch import nn\n# import of shapes\nfrom torchvision.models import AlexNet_Weights\n"
    )
