"""What counts as the same answer, and what is said of one that is not: kinds, shapes, the first number that differs."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.wire import Opaque, Record
from grader.writing.compare import CROP, Tolerance, close, difference, is_number, is_whole

SAME = {
    "whole numbers": (3, 3),
    "a number of NumPy's for a Python one": (0.5, np.float32(0.5)),
    "a whole number of NumPy's": (3, np.int64(3)),
    "numbers that are near": (1.0, 1.0 + 5e-5),
    "nothing": (None, None),
    "not a number": (math.nan, math.nan),
    "infinities": (math.inf, math.inf),
    "tuples": ((1, (2, 3)), (1, (2, 3))),
    "complex numbers": (1 + 2j, 1 + 2.00001j),
    "records of another name": (Record("A", {"x": 1}), Record("B", {"x": 1})),
    "what cannot be compared, of one kind": (Opaque("Thing", "<a>"), Opaque("Thing", "<b>")),
    "not numbers in the same place": (torch.tensor([1.0, math.nan]), torch.tensor([1.0, math.nan])),
}
OTHER = {
    "a float that is whole": (3, 3.0),
    "a bool for a number": (1, True),
    "a number for a bool": (True, 1),
    "a list for a tuple": ((1, 2), [1, 2]),
    "a tensor of one number": (0.5, torch.tensor(0.5)),
    "an array for a tensor": (torch.ones(2), np.ones(2, np.float32)),
    "another dtype": (torch.ones(2), torch.ones(2, dtype=torch.float64)),
    "another shape": (torch.ones(2, 1), torch.ones(1, 2)),
    "an entry less": ((1, 2), (1,)),
    "other names": ({"a": 1}, {"b": 1}),
    "infinities of two signs": (math.inf, -math.inf),
    "not a number for a number": (1.0, math.nan),
    "a number too large for a float": (1.0, 10**400),
    "nothing for a number": (1.0, None),
    "what cannot be compared, of another kind": (Opaque("Thing", ""), Opaque("Other", "")),
    "a real array for a complex one": (np.ones(2, complex), np.ones(2)),
}


@pytest.mark.parametrize(("expected", "got"), SAME.values(), ids=SAME)
def test_what_is_the_same(expected, got):
    assert difference(expected, got) is None


@pytest.mark.parametrize(("expected", "got"), OTHER.values(), ids=OTHER)
def test_what_is_not(expected, got):
    found = difference(expected, got)
    assert found is not None and found.expected != found.got


def test_where_the_dtype_is_open_only_numbers_count():
    assert difference(np.ones(3), np.ones(3, np.float32), dtype=False) is None
    assert difference(np.ones(3), np.full(3, 2, np.int8), dtype=False) is not None


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_near_is_within_both_parts_of_the_tolerance(expected, got):
    tolerance = Tolerance(0.01, 0.5)
    assert close(expected, got, tolerance) == (abs(got - expected) <= 0.5 + 0.01 * abs(expected))


@pytest.mark.parametrize("value", [3, np.int8(3)])
def test_whole_numbers(value):
    assert is_whole(value) and is_number(value)


@pytest.mark.parametrize("value", [True, np.True_, "3", None, torch.tensor(3)])
def test_what_is_no_number(value):
    assert not is_whole(value) and not is_number(value)


def test_one_number_of_several_is_said_to_be_the_one():
    found = difference(torch.zeros(2, 3), torch.tensor([[0.0, 0, 0], [0, 0, 7]]))
    assert found.message == "1 of 6 numbers differs, the one at [1, 2]."


def test_of_many_numbers_the_first_that_differs_is_shown_with_both_values():
    right, mine = np.zeros((20, 30)), np.zeros((20, 30))
    mine[4, 5:] = 2.5
    found = difference(right, mine)
    assert found.message == "25 of 600 numbers differ, the first at [4, 5]."
    assert found.expected.startswith("0.0 at [4, 5] of an array") and found.got == "2.5 at [4, 5]"


def test_the_numbers_around_the_first_difference_are_kept_for_a_picture():
    right = np.arange(600.0).reshape(20, 30)
    mine = right.copy()
    mine[4, 5] = -1
    picture = difference(right, mine).picture
    assert picture["origin"] == (3, 4) and picture["index"] == (4, 5) and not picture["whole"]
    assert picture["expected"] == right[3:6, 4:7].tolist()
    assert picture["got"] == mine[3:6, 4:7].tolist()


@given(
    st.tuples(st.integers(1, 3), st.integers(1, 7), st.integers(1, 7)).flatmap(
        lambda shape: st.tuples(st.just(shape), *(st.integers(0, size - 1) for size in shape))
    )
)
def test_they_lie_inside_the_array_and_hold_the_one_that_differs(case):
    shape, *index = case
    right = np.arange(float(math.prod(shape))).reshape(shape)
    mine = right.copy()
    mine[tuple(index)] += 0.5
    picture = difference(right, mine).picture
    top, left = picture["origin"]
    assert len(picture["got"]) == min(CROP, shape[1]) and len(picture["got"][0]) == min(CROP, shape[2])
    assert picture["got"][index[1] - top][index[2] - left] == mine[tuple(index)]
    assert picture["expected"] == right[index[0], top : top + CROP, left : left + CROP].tolist()


def test_a_row_of_numbers_is_a_picture_of_one_row_and_a_single_number_none():
    assert difference(np.arange(5.0), np.zeros(5)).picture["got"] == [[0.0, 0.0, 0.0]]
    assert difference(torch.tensor(1.0), torch.tensor(2.0)).picture is None


def test_an_entry_that_differs_is_named_by_its_place_and_a_part_by_its_name():
    assert difference((1, 2, 3), (1, 5, 3)).message == "Entry 1 differs."
    assert difference({"loss": (1.0, 2.0)}, {"loss": (1.0, 9.0)}).message == "loss: Entry 1 differs."


def test_another_kind_is_said_in_words():
    found = difference(0.5, torch.tensor(0.5))
    assert found.message.startswith("This must be a float, and yours is a tensor.")
