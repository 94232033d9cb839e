"""The reference of topic shapes against PyTorch's layers, running on the CPU."""

import itertools
import random
import re
from functools import partial

import pytest
import torch
from torch import nn

from solutions.shapes import (
    conv2d_output_shape,
    conv2d_parameter_shapes,
    max_pool2d_output_shape,
    same_padding,
    trace_shapes,
)

pytestmark = pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")


def run(make_layer, shape):
    """What PyTorch gives; None where it refuses the layer or the input."""
    try:
        with torch.no_grad():
            return tuple(make_layer()(torch.zeros(shape)).shape)
    except (RuntimeError, ValueError):
        return None


def ask(function, *arguments):
    try:
        return function(*arguments)
    except ValueError as error:
        assert re.search(r"\w+=\S", str(error)), f"no argument and value in {error}"
        return None


class Draw(random.Random):
    """Random arguments, mostly right ones."""

    def shape(self):
        return (self.randint(1, 2), self.randint(1, 3), self.randint(1, 9), self.randint(1, 9))

    def size(self, low, high):
        one = [self.randint(low, high) if self.random() < 0.98 else self.choice([-1, 0]) for _ in range(2)]
        return one[0] if self.random() < 0.4 else tuple(one)


def test_conv2d_output_shape_agrees_with_pytorch():
    draw, refused = Draw(1), 0
    for _ in range(3000):
        shape, out = draw.shape(), draw.randint(1, 3)
        arguments = (draw.size(1, 5), draw.size(1, 4), draw.size(0, 2), draw.size(1, 3))
        expected = run(partial(nn.Conv2d, shape[1], out, *arguments), shape)
        assert ask(conv2d_output_shape, shape, out, *arguments) == expected, (shape, out, arguments)
        refused += expected is None
    assert 300 < refused < 2700


def test_max_pool2d_output_shape_agrees_with_pytorch():
    draw, refused = Draw(2), 0
    for _ in range(4000):
        shape, ceil_mode = draw.shape(), draw.random() < 0.6
        stride = None if draw.random() < 0.3 else draw.size(1, 4)
        arguments = (draw.size(1, 6), stride, draw.size(0, 1 + draw.randint(0, 2)), draw.size(1, 2))
        expected = run(partial(nn.MaxPool2d, *arguments, ceil_mode=ceil_mode), shape)
        got = ask(max_pool2d_output_shape, shape, *arguments, ceil_mode)
        assert got == expected, (shape, arguments, ceil_mode)
        refused += expected is None
    assert 400 < refused < 3600


def test_conv2d_parameter_shapes_agrees_with_pytorch():
    for kernel_size in (1, 3, (2, 5), (4, 1)):
        layer = nn.Conv2d(3, 7, kernel_size)
        expected = (tuple(layer.weight.shape), tuple(layer.bias.shape))
        assert conv2d_parameter_shapes(3, 7, kernel_size) == expected
    with pytest.raises(ValueError, match=r"kernel_size=\(3, 0\)"):
        conv2d_parameter_shapes(3, 7, (3, 0))


def test_same_padding_keeps_the_size_or_there_is_none():
    for k, d in itertools.product(range(1, 6), range(1, 4)):
        kept = [p for p in range(9) if ask(conv2d_output_shape, (1, 1, 9, 9), 1, k, 1, p, d) == (1, 1, 9, 9)]
        expected = (kept[0], 0) if kept else None
        assert ask(same_padding, (k, 1), (d, 1)) == expected
        assert ask(same_padding, k, d) == (expected and (kept[0], kept[0]))
    for kernel_size, dilation in ((0, 1), (3, 0), ((1, -1), 1)):
        assert ask(same_padding, kernel_size, dilation) is None


def random_layers(draw):
    for _ in range(draw.randint(0, 5)):
        yield draw.choice([
            lambda: nn.Conv2d(draw.choice([1, 2]), draw.choice([1, 2]), draw.randint(1, 3), padding=draw.randint(0, 1)),
            lambda: nn.MaxPool2d(draw.randint(1, 3), ceil_mode=draw.random() < 0.5),
            nn.ReLU,
            nn.Flatten,
            lambda: nn.Linear(draw.randint(1, 9), draw.randint(1, 9)),
        ])()  # fmt: skip


def test_trace_shapes_agrees_with_pytorch():
    draw, refused = Draw(3), 0
    for _ in range(1500):
        layers = list(random_layers(draw))
        expected = [draw.shape()]
        while len(expected) <= len(layers) and expected[-1] is not None:
            expected.append(run(partial(layers.__getitem__, len(expected) - 1), expected[-1]))
        if expected[-1] is None:
            refused += 1
            index = len(expected) - 2
            with pytest.raises(ValueError, match=rf"layers\[{index}\] is a {type(layers[index]).__name__} "):
                trace_shapes(layers, expected[0])
        else:
            assert trace_shapes(layers, expected[0]) == expected
    assert 150 < refused < 1350
