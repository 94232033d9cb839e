"""Sizes with named tuples, an Axis class and single dispatch on the kind of layer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import NamedTuple, NoReturn

import torch
from torch import nn

IntOrPair = int | tuple[int, int]
Shape = tuple[int, ...]


class NCHW(NamedTuple):
    batch: int
    channels: int
    height: int
    width: int


class Pair(NamedTuple):
    height: int
    width: int

    @classmethod
    def of(cls, name: str, value: IntOrPair, *, at_least: int) -> Pair:
        match value:
            case int(both):
                pair = cls(both, both)
            case (int(height), int(width)):
                pair = cls(height, width)
            case _:
                raise TypeError(f"{name} must be an int or a pair of ints, got {value!r}")
        if min(pair) < at_least:
            raise ValueError(f"{name}={value} is out of range: at least {at_least} is needed")
        return pair


class Parameters(NamedTuple):
    """The shapes of a layer's parameters."""

    weight: Shape
    bias: Shape


@dataclass(frozen=True)
class Axis:
    """One axis of a sliding window."""

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def span(self) -> int:
        return self.dilation * (self.kernel - 1) + 1

    @property
    def room(self) -> int:
        return self.size + 2 * self.padding - self.span

    def windows(self, *, ceil_mode: bool = False) -> int:
        if not ceil_mode:
            return self.room // self.stride + 1
        windows = -(-self.room // self.stride) + 1
        starts_too_late = (windows - 1) * self.stride >= self.size + self.padding
        return windows - starts_too_late


def axes(input_shape: Shape, **arguments: IntOrPair) -> Iterator[Axis]:
    pairs = {
        name: Pair.of(name, value, at_least=0 if name == "padding" else 1) for name, value in arguments.items()
    }
    _, _, *sizes = input_shape
    for place, size in enumerate(sizes):
        k, s, p, d = (pairs[name][place] for name in ("kernel_size", "stride", "padding", "dilation"))
        yield Axis(size, k, s, p, d)


def refuse(reason: str, **arguments: object) -> NoReturn:
    given = ", ".join(f"{name}={value}" for name, value in arguments.items())
    raise ValueError(f"{reason}: {given}")


def conv2d_parameter_shapes(in_channels: int, out_channels: int, kernel_size: IntOrPair) -> Parameters:
    """(weight_shape, bias_shape), as torch.Size."""
    kernel = Pair.of("kernel_size", kernel_size, at_least=1)
    return Parameters(torch.Size([out_channels, in_channels, *kernel]), torch.Size([out_channels]))


def conv2d_output_shape(
    input_shape: Shape,
    out_channels: int,
    kernel_size: IntOrPair,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> NCHW:
    """(N, C, H, W) to (N, out_channels, H', W')."""
    arguments = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    both = list(axes(input_shape, **arguments))
    if any(axis.room < 0 for axis in both):
        refuse("the window is larger than the padded input", input_shape=tuple(input_shape), **arguments)
    return NCHW(input_shape[0], out_channels, *(axis.windows() for axis in both))


def max_pool2d_output_shape(
    input_shape: Shape,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> NCHW:
    """The same for pooling."""
    stride = kernel_size if stride is None else stride
    arguments = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    both = list(axes(input_shape, **arguments))
    if any(axis.padding > axis.kernel // 2 for axis in both):
        refuse("the padding exceeds half the kernel", padding=padding, kernel_size=kernel_size)
    sizes = [axis.windows(ceil_mode=ceil_mode) for axis in both]
    if min(sizes) < 1:
        refuse("no window fits", input_shape=tuple(input_shape), **arguments)
    return NCHW(*input_shape[:2], *sizes)


def same_padding(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> Pair:
    """The padding that keeps height and width."""
    kernel = Pair.of("kernel_size", kernel_size, at_least=1)
    gaps = Pair.of("dilation", dilation, at_least=1)
    losses = Pair(*(d * (k - 1) for k, d in zip(kernel, gaps, strict=True)))
    if any(loss & 1 for loss in losses):
        refuse("the loss is odd, padding is even", kernel_size=kernel_size, dilation=dilation)
    return Pair(losses.height >> 1, losses.width >> 1)


@singledispatch
def after(layer: nn.Module, shape: Shape) -> Shape:
    raise ValueError(f"no rule for {type(layer).__name__}")


@after.register
def _(layer: nn.Conv2d, shape: Shape) -> Shape:
    if len(shape) != 4:
        refuse("four axes are needed", shape=tuple(shape))
    if shape[1] != layer.in_channels:
        refuse("the channels do not fit", shape=tuple(shape), in_channels=layer.in_channels)
    return conv2d_output_shape(
        shape, layer.out_channels, layer.kernel_size, layer.stride, layer.padding, layer.dilation
    )


@after.register
def _(layer: nn.MaxPool2d, shape: Shape) -> Shape:
    if len(shape) != 4:
        refuse("four axes are needed", shape=tuple(shape))
    return max_pool2d_output_shape(
        shape, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode
    )


@after.register
def _(layer: nn.ReLU, shape: Shape) -> Shape:
    return shape


@after.register
def _(layer: nn.Flatten, shape: Shape) -> Shape:
    return torch.Size([shape[0], math.prod(shape[1:])])


@after.register
def _(layer: nn.Linear, shape: Shape) -> Shape:
    *rest, last = shape
    if last != layer.in_features:
        refuse("the features do not fit", shape=tuple(shape), in_features=layer.in_features)
    return torch.Size([*rest, layer.out_features])


def trace_shapes(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    """Shapes along a network."""
    shapes: list[Shape] = [NCHW(*input_shape)]
    for index, layer in enumerate(layers):
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError as error:
            error.add_note("while tracing a network")
            raise ValueError(f"layer {index}, a {type(layer).__name__}, does not fit: {error}") from error
    return shapes


if __name__ == "__main__":
    for shape in trace_shapes([nn.Conv2d(3, 8, 3), nn.MaxPool2d(2), nn.Flatten()], (1, 3, 32, 32)):
        print(tuple(shape))
