"""The text of a ValueError must name an argument at fault and its value, in whatever words."""

import pytest

from grader.writing.reply import names_fault


@pytest.mark.parametrize(
    "said, at_fault",
    [
        ("stride must be at least 1, got stride=0", {"stride": 0}),
        ("stride=(0, 2)", {"stride": (0, 2)}),
        ("stride (height) is 0", {"stride": (0, 2)}),
        ("padding -1 is negative", {"padding": -1}),
        ("kernel_size: 7 > 4", {"input_shape": (1, 1, 4, 4), "kernel_size": 7}),
        ("input_shape (1, 1, 4, 4) is too small", {"input_shape": (1, 1, 4, 4), "kernel_size": 7}),
        ("unknown optimizer 'rmsprop'", {"optimizer": "rmsprop"}),
        ("data is empty", {"data": ""}),
        ("bad value for `columns`: 0", {"columns": 0}),
    ],
)
def test_accepts_any_text_that_names_argument_and_value(said, at_fault):
    assert names_fault(said, at_fault)


@pytest.mark.parametrize(
    "said, at_fault",
    [
        ("", {"stride": 0}),
        ("bad value", {"stride": 0}),
        ("stride is wrong", {"stride": 0}),
        ("strides must be 0", {"stride": 0}),
        ("0 is not allowed", {"stride": 0}),
        ("unknown optimizer", {"optimizer": "rmsprop"}),
        ("padding must not be negative", {"padding": -1}),
    ],
)
def test_refuses_a_text_that_lacks_either(said, at_fault):
    assert not names_fault(said, at_fault)
