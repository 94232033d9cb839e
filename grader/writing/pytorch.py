"""PyTorch as the judge of shapes and refusals: the real layers, run on the CPU."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn

IntOrPair = int | tuple[int, int]


def shape_of(layer: Any, input_shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape that comes out of a layer, built by calling `layer()`, or None where PyTorch refuses."""
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch warns of layers without a single weight
            return tuple(layer()(torch.zeros(input_shape)).shape)
    except (RuntimeError, ValueError, ZeroDivisionError, IndexError, AssertionError):
        return None


def conv2d_shape(
    input_shape: tuple[int, ...],
    out_channels: int,
    kernel_size: IntOrPair,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> tuple[int, ...] | None:
    """What nn.Conv2d gives for an input of this shape, or None where it refuses."""
    layer = lambda: nn.Conv2d(input_shape[1], out_channels, kernel_size, stride, padding, dilation)  # noqa: E731
    return shape_of(layer, input_shape)


def max_pool2d_shape(
    input_shape: tuple[int, ...],
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> tuple[int, ...] | None:
    """What nn.MaxPool2d gives for an input of this shape, or None where it refuses."""
    return shape_of(lambda: nn.MaxPool2d(kernel_size, stride, padding, dilation, ceil_mode=ceil_mode), input_shape)


def shape_after(description: list[Any], shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape that comes out of a described layer, as `builders.layer` makes it; None where it does not fit."""
    from grader.sandbox.inner import builders

    return shape_of(lambda: builders.layer(description), shape)
