"""A value of the wrong kind: what is said besides the two kinds."""

import numpy as np
import pytest
import torch

from grader.sandbox import wire
from grader.writing import as_python
from grader.writing.compare import difference, wrong_kind

tensor, array = torch.zeros(2, 3), np.zeros((2, 3))


def came_back(value):
    """The value as it comes over the pipe."""
    return wire.copy(value)


@pytest.mark.parametrize(
    ("expected", "got", "message"),
    [
        (
            tensor,
            None,
            "This must be a tensor, and yours is None. Does every way through your function end in a `return`?",
        ),
        (0.5, None, "This must be a float, and yours is None. Does every way through your function end in a `return`?"),
        (tensor, torch.zeros(2, 3, 4).max(-1), "It is a pair of values and their places, as `max(dim)` gives it"),
        (tensor, array, "`torch.from_numpy` makes a tensor of it."),
        (array, tensor, "`numpy()` makes an array of it."),
        (0.5, torch.tensor(0.5), "`item()` makes a Python number of it."),
        (3, 3.0, "`//` divides and rounds down."),
        (0.5, torch.tensor(0.5).item, "It is a function itself, not what it gives: are its parentheses missing?"),
        (tensor, torch.nn.ReLU(tensor), "a layer is made, then called, as in `nn.ReLU()(x)`."),
        ((1, 2), (size for size in (1, 2)), "`tuple(...)` or `list(...)` does that."),
        ((1, 2), [1, 2], "`tuple(...)` makes one of it."),
    ],
)
def test_what_leads_to_another_kind_is_said(expected, got, message):
    assert message in wrong_kind(expected, came_back(got)).message


@pytest.mark.parametrize(
    ("expected", "got", "kinds"),
    [
        (tensor, (tensor, tensor), "This must be a tensor, and yours is a tuple."),
        (tensor, (tensor, torch.zeros(2, dtype=torch.int64)), "This must be a tensor, and yours is a tuple."),
        (0.5, tensor, "This must be a float, and yours is a tensor."),
        ((1, 2), 1, "This must be a tuple, and yours is an int."),
    ],
)
def test_where_nothing_is_certain_only_the_kinds_are_said(expected, got, kinds):
    assert wrong_kind(expected, came_back(got)).message == kinds


def test_two_functions_that_came_back_are_no_difference_and_read_as_such():
    first, second = came_back([torch.zeros(1).item]), came_back([torch.ones(1).item])
    assert difference(first, second) is None
    assert difference(first, came_back([torch.nn.ReLU()])) is not None
    assert as_python.shown(first) == "[<built-in method item of Tensor object>]"


def test_a_kind_has_its_article():
    assert as_python.kind(came_back(torch.nn.Identity())) == "an Identity"
    assert as_python.kind(came_back(torch.nn.ReLU())) == "a ReLU"
    assert as_python.kind(np.int64(1)) == "an int64"
