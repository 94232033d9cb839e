"""Values as text: shortened between words, and in source always something that Python can read."""

import math

import numpy as np
import pytest
import torch

from grader.writing import as_python


def test_a_long_list_is_cut_between_numbers():
    shown = as_python.cut(str(list(range(1000, 1200))))
    head, tail = shown.split(" … ")
    assert len(shown) <= as_python.WIDTH
    assert head.endswith(",") and tail.split(", ")[0].isdigit() and len(tail.split(", ")[0]) == 4


def test_a_word_that_fills_everything_is_cut_where_it_must_be():
    assert len(as_python.cut("x" * 1000)) <= as_python.WIDTH


@pytest.mark.parametrize(
    "value",
    [
        torch.zeros(0, 3),
        np.zeros((2, 0), dtype=np.uint8),
        torch.tensor([math.nan, math.inf, -1.5]),
        np.array([-math.inf, 2.0]),
        [math.nan, (1, {"a": math.inf})],
    ],
    ids=str,
)
def test_source_of_an_odd_value_gives_the_value(value):
    again = eval(as_python.expression(value), {"torch": torch, "np": np})
    assert as_python.expression(again) == as_python.expression(value)
    if isinstance(value, torch.Tensor | np.ndarray):
        assert again.shape == value.shape and again.dtype == value.dtype


@pytest.mark.parametrize(
    "value",
    [
        np.zeros((10**6, 0)),
        torch.zeros(10**6, 0),
        [np.zeros((10**6, 0))] * 2,
        [()] * 10**6,
        {place: [()] * 1000 for place in range(1000)},
        [[[0.5] * 100] * 100] * 100,
    ],
)
def test_what_is_shown_of_a_large_answer_is_short_whatever_there_is_of_it(value):
    assert 0 < len(as_python.shown(value)) <= as_python.WIDTH + 3


def test_of_a_long_container_the_beginning_and_the_end_are_shown():
    assert as_python.shown({"a": (1,), "b": [2.5, None]}) == "{'a': (1,), 'b': [2.5, None]}"
    text = as_python.shown([list(range(n)) for n in range(300)])
    assert text.startswith("[[], [0], [0, 1], [0, 1, 2],") and text.endswith("297, 298]]")
    assert as_python.shown({n: (n,) for n in range(900)}).endswith("899: (899,)}")
