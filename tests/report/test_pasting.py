"""Code to paste: laid out in lines that Python takes anywhere, with its imports, and never cut."""

import ast

from hypothesis import example, given
from hypothesis import strategies as st

from grader.report.pasting import MOST_CHARACTERS, code


def test_a_short_call_is_one_line_below_what_it_needs():
    shown = code("conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)", "shapes")
    assert shown.imports == ("from exercises.shapes import conv2d_output_shape",)
    assert shown.statements == (("conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)",),)


def test_only_the_libraries_that_are_used_are_imported():
    assert code("to_nchw(np.zeros((2, 2)))", "convolution").imports == (
        "import numpy as np; from exercises.convolution import to_nchw",
    )
    assert code("model = MLP(3)\nmodel(nn.Parameter(torch.ones(1)))", "classifiers").imports == (
        "import torch; from torch import nn; from exercises.classifiers import MLP",
    )
    assert code("same_padding(3)", "no such topic").imports == ()


def test_a_long_call_is_broken_in_its_outermost_brackets():
    source = "model = nn.Sequential(nn.Flatten(), nn.Linear(6, 5, bias=False), nn.BatchNorm1d(5), nn.Linear(5, 3))"
    assert code(source, width=60).statements == (
        (
            "model = nn.Sequential(nn.Flatten(),",
            "    nn.Linear(6, 5, bias=False), nn.BatchNorm1d(5),",
            "    nn.Linear(5, 3))",
        ),
    )


def test_a_class_ends_with_an_empty_line_as_a_repl_needs_it():
    source = "class Odd(nn.Module):\n    def __init__(self):\n        super().__init__()\ncount_parameters(Odd())"
    shown = code(source, "cnn")
    assert shown.lines == [
        "from torch import nn; from exercises.cnn import count_parameters", *source.split("\n")[:3], "", "count_parameters(Odd())",
    ]  # fmt: skip


def test_the_place_where_the_students_own_function_stands_is_known():
    assert code("model = 1\ntrain(model)\nmodel.state_dict()", "training").asks == 1
    assert code("model = 1\nmodel.state_dict()", "training").asks == 1


def test_words_longer_than_a_line_stay_whole():
    name = "a" * 100
    assert code(f"{name}({name}, {name})", width=40).lines == [f"{name}(", f"    {name},", f"    {name})"]


def test_what_is_no_python_is_none():
    for text in ("", "f(", "def", "a b", "\x00", "f('\x1b')", "x = 1\n  y = 2", "(" * 5_000):
        assert code(text) is None


def test_code_that_is_too_long_is_left_out_whole():
    (line,) = code(f"f({'1, ' * MOST_CHARACTERS})").lines
    assert line == "# This call is too long to be shown: 150,003 characters."


@given(st.text(st.sampled_from("ab1, ()[]{}=.:+-*'\n#\\"), max_size=60), st.integers(1, 60))
@example("{#\n}", 1)
@example("#\n{}", 1)
@example("a # b\nf(a, # c\n1)", 20)
def test_a_layout_means_what_the_source_means(source, width):
    shown = code(source, width=width)
    if shown is not None:
        assert ast.dump(ast.parse("\n".join(shown.lines))) == ast.dump(ast.parse(source))


@given(st.text(max_size=200))
def test_any_text_is_laid_out_or_is_none(text):
    code(text)
