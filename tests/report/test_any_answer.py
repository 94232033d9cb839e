"""No number whatever breaks a view: subnormal, huge, not finite, empty, complex and 0-dimensional ones are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.report.model import Counterexample
from grader.sandbox import wire
from grader.sandbox.wire import Opaque, Record
from grader.writing import as_python
from grader.writing.compare import Tolerance, difference
from tests.report import samples
from tests.report.test_every_view import VIEWS

ODD = (5e-324, -5e-324, 2.2e-308, 1.7976931348623157e308, -1.7976931348623157e308, float("nan"), float("inf"),
       float("-inf"), 0.0, -0.0, 0.1, 1e9)  # fmt: skip
odd = st.sampled_from(ODD) | st.floats()
shapes = npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6) | st.sampled_from(
    [(), (0,), (10**6, 0), (0, 2**20), (1,) * 16, (2, 0, 3), (5, 1, 1, 5), (17,)]
)
dtypes = st.sampled_from(sorted(wire._NUMPY_DTYPES))


def _array(shape: tuple[int, ...], numbers: list[float], name: str) -> np.ndarray:
    with np.errstate(all="ignore"):
        full = np.resize(np.array(numbers), shape) if np.prod(shape) else np.zeros(shape)
        return np.nan_to_num(full).astype(name) if np.dtype(name).kind in "iub" else full.astype(name)


numbers = st.lists(odd, min_size=1, max_size=9)
arrays = st.builds(_array, shapes, numbers, dtypes)
pairs_of_arrays = st.builds(
    lambda shape, name, one, other: (_array(shape, one, name), _array(shape, other, name)),
    shapes, dtypes, numbers, numbers,
)  # fmt: skip
text = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    ["\x00", "\x1b[2J", "\ud800", "x" * 500]
)
scalars = (
    odd
    | st.integers()
    | st.sampled_from(
        [10**1_100, -(10**1_100), True, None, 1j, complex("nan+infj"), np.float16(1), np.int8(3), np.bool_(1)]
    )
    | text
    | st.builds(Opaque, text, text)
    | arrays
)
answers = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(text | st.integers(), inner, max_size=3)
        | st.builds(Record, text, st.dictionaries(text, inner, max_size=3))
    ),
    max_leaves=8,
)
many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
exact = Tolerance(0.0, 0.0)


def _shown_in_every_view(expected: Any, got: Any) -> None:
    found = difference(expected, got, exact)
    if found is None:
        return
    shown = Counterexample("f(1)", found.expected, found.got)
    check = replace(samples.FLIPPED, message=found.message, counterexample=shown, picture=found.picture)
    report = replace(samples.report(), exercises=(samples.exercise("convolution", "conv2d", {"matches": check}),))
    for render in VIEWS.values():
        page = render(report)
        assert page.replace("\n", "").isprintable()
        assert len(page) < 100_000


@many
@given(pairs_of_arrays)
@example((np.zeros((1, 2)), np.array([[0.0, 5e-324]])))
@example((np.array([[1e308, 1.0]]), np.array([[-1e308, 1.0]])))
@example((np.array(np.nan), np.array(5e-324)))
def test_any_two_arrays_are_compared_and_shown(pair: tuple[np.ndarray, np.ndarray]):
    _shown_in_every_view(*pair)
    if pair[0].dtype.name in wire._TORCH_DTYPES:
        _shown_in_every_view(*(torch.tensor(one) for one in pair))


@many
@given(answers, answers)
def test_any_answer_is_compared_with_any_other_and_shown(expected: Any, got: Any):
    _shown_in_every_view(expected, got)
    assert len(as_python.shown(got)) <= as_python.WIDTH + 3


@many
@given(answers)
def test_an_answer_does_not_differ_from_itself(value: Any):
    """Who is asked the same twice and answers the same is not told that the answers differ."""
    first = wire.copy(value)
    assert difference(first, wire.copy(first)) is None
