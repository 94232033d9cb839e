"""Sizes read off a strided view: how many windows does `Tensor.unfold` find? Nothing is computed, only viewed."""

import math
from collections.abc import Sequence

import torch
from torch import nn

IntOrPair = int | tuple[int, int]
Shape = tuple[int, ...]


def _pairs(**named):
    """Each argument as a pair, after a look at its least value: 0 for padding, 1 for all others."""
    pairs = {name: (value, value) if isinstance(value, int) else tuple(value) for name, value in named.items()}
    for name, pair in pairs.items():
        least = 0 if name == "padding" else 1
        if any(number < least for number in pair):
            raise ValueError(f"{name}={named[name]} has a number less than {least}")
    return pairs


def _windows(size, span, stride):
    """A line of pixels of stride 0 takes no memory, however long it is."""
    return torch.zeros(1).expand(size).unfold(0, span, stride).shape[0]


def conv2d_parameter_shapes(in_channels, out_channels, kernel_size):
    (kernel,) = _pairs(kernel_size=kernel_size).values()
    weight = torch.empty(0).new_empty((out_channels, in_channels) + kernel, device="meta")
    return weight.shape, weight[:, 0, 0, 0].shape


def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    columns = _pairs(kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
    sizes = ()
    for size, (k, s, p, d) in zip(input_shape[-2:], zip(*columns.values())):
        span = k + (k - 1) * (d - 1)
        if size + p + p < span:
            raise ValueError(f"input_shape={input_shape}: {size} pixels with padding={padding} hold no window of {span}")
        sizes += (_windows(size + p + p, span, s),)
    return (input_shape[0], out_channels) + sizes


def max_pool2d_output_shape(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    columns = _pairs(
        kernel_size=kernel_size, stride=kernel_size if stride is None else stride, padding=padding, dilation=dilation
    )
    sizes = ()
    for size, (k, s, p, d) in zip(input_shape[-2:], zip(*columns.values())):
        if p > k // 2:
            raise ValueError(f"padding={padding} is too much for kernel_size={kernel_size}")
        span = k + (k - 1) * (d - 1)
        # room for a window that sticks out by less than a stride
        total = size + p + p + (s - 1 if ceil_mode else 0)
        if total < span:
            raise ValueError(f"input_shape={input_shape} holds no window of kernel_size={kernel_size}")
        windows = _windows(total, span, s)
        if ceil_mode:
            windows = min(windows, _windows(size + p, 1, s))
        sizes += (windows,)
    return tuple(input_shape[:2]) + sizes


def same_padding(kernel_size, dilation=1):
    kernel, dilation_pair = _pairs(kernel_size=kernel_size, dilation=dilation).values()
    halves = [divmod(d * (k - 1), 2) for k, d in zip(kernel, dilation_pair)]
    if any(rest for _, rest in halves):
        raise ValueError(f"dilation={dilation} with kernel_size={kernel_size} takes away an odd number of pixels")
    (height, _), (width, _) = halves
    return height, width


def _after(layer, shape):
    if isinstance(layer, nn.Conv2d):
        n, channels, height, width = shape
        if channels != layer.in_channels:
            raise ValueError(f"in_channels={layer.in_channels} for {channels} channels")
        args = layer.kernel_size, layer.stride, layer.padding, layer.dilation
        return conv2d_output_shape(shape, layer.out_channels, *args)
    if isinstance(layer, nn.MaxPool2d):
        n, channels, height, width = shape
        args = layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode
        return max_pool2d_output_shape(shape, *args)
    if isinstance(layer, nn.Flatten):
        return (shape[0], math.prod(shape[1:]))
    if isinstance(layer, nn.Linear):
        *batch, features = shape
        if features != layer.in_features:
            raise ValueError(f"in_features={layer.in_features} for {features} numbers")
        return (*batch, layer.out_features)
    return shape


def trace_shapes(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    shapes = [input_shape]
    for index, layer in enumerate(layers):
        try:
            shapes.append(_after(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"{type(layer).__name__} at index {index}: {error}") from error
    return shapes
