"""Sizes by way of ranges, decorators and a layer that is built but never run."""

import functools
import inspect
import itertools
import math
from collections.abc import Sequence

import torch
from torch import nn

IntOrPair = int | tuple[int, int]
Shape = tuple[int, ...]

LEAST = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}


def validated(function):
    """A decorator that looks at every argument of a known name."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        for name in LEAST.keys() & bound.arguments.keys():
            value = bound.arguments[name]
            if value is not None and min(value if isinstance(value, Sequence) else [value]) < LEAST[name]:
                raise ValueError(f"{function.__name__}: {name}={value!r}, but at least {LEAST[name]} is needed")
        return function(*bound.args, **bound.kwargs)

    return wrapped


def _twice(value):
    return itertools.islice(itertools.cycle([value] if isinstance(value, int) else value), 2)


@validated
def conv2d_parameter_shapes(in_channels, out_channels, kernel_size):
    layer = nn.Conv2d(in_channels, out_channels, kernel_size, device="meta")
    return layer.weight.shape, layer.bias.shape


@validated
def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    result = [input_shape[0], out_channels]
    for n, k, s, p, d in zip(input_shape[2:], *map(_twice, (kernel_size, stride, padding, dilation))):
        ends = range(-p + d * (k - 1), n + p, s)  # where the window's last pixel may be
        if not ends:
            raise ValueError(f"conv2d_output_shape: padding={padding} leaves no place for kernel_size={kernel_size}")
        result.append(len(ends))
    return torch.Size(result)


@validated
def max_pool2d_output_shape(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    result = list(input_shape[:2])
    for n, k, s, p, d in zip(input_shape[2:], *map(_twice, (kernel_size, stride, padding, dilation))):
        if k < 2 * p:
            raise ValueError(f"max_pool2d_output_shape: padding={padding} is over half of kernel_size={kernel_size}")
        span = d * (k - 1)

        def starts(span=span, n=n, s=s, p=p):
            for start in itertools.count(-p, s):
                whole = start + span < n + p
                hangs_over = ceil_mode and start < n and start + span - s + 1 < n + p
                if not (whole or hangs_over):
                    return
                yield start

        found = sum(1 for _ in starts())
        if found == 0:
            raise ValueError(f"max_pool2d_output_shape: input_shape={input_shape} is smaller than any window")
        result.append(found)
    return torch.Size(result)


@validated
def same_padding(kernel_size, dilation=1):
    losses = [d * (k - 1) for k, d in zip(_twice(kernel_size), _twice(dilation))]
    halves = [loss / 2 for loss in losses]
    if not all(map(float.is_integer, halves)):
        raise ValueError(f"same_padding: kernel_size={kernel_size!r} and dilation={dilation!r} need half a pixel")
    return tuple(map(int, halves))


def _flatten(layer, shape):
    return torch.Size((shape[0], math.prod(shape[1:])))


def _linear(layer, shape):
    # a linear layer may be run: on the meta device it computes nothing but sizes
    try:
        return layer(torch.empty(shape, device="meta")).shape
    except RuntimeError as error:
        raise ValueError(str(error)) from error


def _convolution(layer, shape):
    n, c, h, w = shape
    if c != layer.in_channels:
        raise ValueError(f"{c} channels instead of {layer.in_channels}")
    names = ("kernel_size", "stride", "padding", "dilation")
    return conv2d_output_shape(shape, layer.out_channels, **{name: getattr(layer, name) for name in names})


def _pooling(layer, shape):
    n, c, h, w = shape
    names = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    return max_pool2d_output_shape(shape, **{name: getattr(layer, name) for name in names})


RULES = {
    "ReLU": lambda layer, shape: shape,
    "Flatten": _flatten,
    "Linear": lambda layer, shape: _linear(nn.Linear(layer.in_features, layer.out_features, device="meta"), shape),
    "Conv2d": _convolution,
    "MaxPool2d": _pooling,
}


def trace_shapes(layers, input_shape):
    def step(shape, numbered):
        index, layer = numbered
        kind = layer._get_name()
        try:
            return RULES[kind](layer, shape)
        except ValueError as error:
            raise ValueError(f"[{index}] {kind}: {error}") from error

    return list(itertools.accumulate(enumerate(layers), step, initial=torch.Size(input_shape)))
