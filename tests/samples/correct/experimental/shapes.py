"""Topic shapes: how big is what comes out of a layer?

The fourth topic of the lesson. You compute by arithmetic what PyTorch's layers would give, and
refuse what they would refuse. So running PyTorch's convolution or pooling is off limits in this
topic. PyTorch on the CPU, running the layer, is the judge.

All shapes are (N, C, H, W): batch, channels, height, width, four numbers of at least 1.
`kernel_size`, `stride`, `padding` and `dilation` are an int, which counts for both axes, or a
pair (height, width). Results are tuples of ints. Every ValueError names at least one argument
at fault and its value, such as "stride must be at least 1, got stride=0".
"""

import math
from collections.abc import Sequence

from torch import nn

import functools
from typing import NamedTuple


class Size(NamedTuple):
    height: int
    width: int


class NCHW(NamedTuple):
    n: int
    c: int
    h: int
    w: int


class BadLayer(ValueError):
    def __init__(self, **culprits):
        super().__init__(*culprits.items())
        self.culprits = culprits

    def __str__(self):
        return "; ".join(f"argument {k!r} was {v!r}" for k, v in self.culprits.items())


@functools.singledispatch
def size(value):
    raise TypeError(value)


@size.register
def _(value: int):
    return Size(value, value)


@size.register
def _(value: tuple):
    return Size._make(value)


@functools.lru_cache(maxsize=None)
def one_axis(n, k, s, p, d):
    return len(range(0, n + 2 * p - (k - 1) * d, s))


@functools.cache
def refuse_small(kernel_size, stride, padding, dilation):
    bad = {k: v for k, v in locals().items() if min(size(v)) < (k != "padding")}
    if bad:
        raise BadLayer(**bad)


IntOrPair = int | tuple[int, int]
Shape = tuple[int, ...]


def conv2d_parameter_shapes(
    in_channels: int, out_channels: int, kernel_size: IntOrPair
) -> tuple[tuple[int, int, int, int], tuple[int]]:
    """Say which shapes the weight and the bias of an `nn.Conv2d` have.

    Each output channel has its own filter, as deep as the input has channels, and one number of
    bias. The height and width of the input do not matter: the weights are shared by all places.

    Args:
        in_channels, out_channels: channels of the input and of the output, at least 1.
        kernel_size: int or (height, width).

    Returns:
        (weight_shape, bias_shape), two tuples, the second one with a single number.

    Raises:
        ValueError: a kernel below 1.

    >>> conv2d_parameter_shapes(3, 8, kernel_size=(5, 2))
    ((8, 3, 5, 2), (8,))
    """
    if any(k <= 0 for k in size(kernel_size)):
        raise BadLayer(kernel_size=kernel_size)
    layer = nn.Conv2d(in_channels, out_channels, kernel_size)
    return layer.weight.size(), layer.bias.size()


def conv2d_output_shape(
    input_shape: Shape,
    out_channels: int,
    kernel_size: IntOrPair,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> tuple[int, int, int, int]:
    """Say which shape `nn.Conv2d` makes of an input.

    Height and width follow the same rule, each with its own numbers. Padding is added at both
    ends. Dilation leaves gaps between the kernel's pixels, so a kernel of k pixels spans
    dilation * (k - 1) + 1. The window starts at the first padded pixel and moves on by the
    stride as long as the whole of it fits.

    Arithmetic only: running PyTorch's convolution is off limits.

    Args:
        input_shape: (N, C, H, W).
        out_channels: the layer's output channels, at least 1.
        kernel_size, stride, padding, dilation: int or (height, width).

    Returns:
        (N, out_channels, H', W').

    Raises:
        ValueError: a kernel, stride or dilation below 1, a negative padding, or a window that
            spans more than the padded input.

    >>> conv2d_output_shape((2, 3, 10, 7), out_channels=4, kernel_size=3, stride=(2, 1), padding=1)
    (2, 4, 5, 7)
    >>> conv2d_output_shape((2, 3, 10, 7), out_channels=4, kernel_size=3, dilation=4)
    Traceback (most recent call last):
    ValueError: kernel_size=3 with dilation=4 spans 9 pixels, more than the 7 of the padded input, with padding=0
    """
    refuse_small(kernel_size, stride, padding, dilation)
    axes = zip(input_shape[2:], *map(size, (kernel_size, stride, padding, dilation)))
    match tuple(one_axis(*axis) for axis in axes):
        case (h, w) if h > 0 < w:
            return NCHW(input_shape[0], out_channels, h, w)
        case _:
            raise BadLayer(input_shape=input_shape, kernel_size=kernel_size)


def max_pool2d_output_shape(
    input_shape: Shape,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> tuple[int, int, int, int]:
    """Say which shape `nn.MaxPool2d` makes of an input.

    Each channel is pooled alone, so their number stays. Height and width follow the rule of
    `conv2d_output_shape`, with three additions:

    - `stride=None` means a stride as large as the kernel (the kernel, not its dilated span);
    - padding may be at most half of the kernel, rounded down: of `kernel_size`, not of its
      dilated span;
    - with `ceil_mode=True` the division by the stride rounds up, so a last window may stick out.
      But no window may start beyond the input and its first padding, that is, in the padding at
      the far end: such a last one is dropped. So, with `ceil_mode`, an input that is a little
      smaller than the window can still give one number.

    Arithmetic only: running PyTorch's pooling is off limits.

    Args:
        input_shape: (N, C, H, W).
        kernel_size, stride, padding, dilation: int or (height, width); stride may be None.
        ceil_mode: round up instead of down.

    Returns:
        (N, C, H', W').

    Raises:
        ValueError: a kernel, stride or dilation below 1, a negative padding, a padding over half
            the kernel, or no window left in one of the two directions.

    >>> max_pool2d_output_shape((2, 3, 10, 7), kernel_size=2)
    (2, 3, 5, 3)
    >>> max_pool2d_output_shape((2, 3, 10, 7), kernel_size=2, ceil_mode=True)
    (2, 3, 5, 4)
    >>> max_pool2d_output_shape((2, 3, 10, 7), kernel_size=(4, 3), stride=2, padding=(2, 1))
    (2, 3, 6, 4)
    >>> max_pool2d_output_shape((2, 3, 10, 7), kernel_size=3, padding=2, dilation=2)
    Traceback (most recent call last):
    ValueError: padding must be at most half of kernel_size=3, got padding=2
    """
    if stride is None:
        stride = kernel_size
    refuse_small(kernel_size, stride, padding, dilation)
    import torch
    def along(n, k, s, p, d):
        if p > k // 2:
            raise BadLayer(padding=padding)
        starts = [i for i in range(0, n + 2 * p, s) if (i < n + p if ceil_mode else i + d * (k - 1) < n + 2 * p)]
        if ceil_mode:
            # all windows that fit, and one more which may stick out
            fits = [i for i in starts if i + d * (k - 1) < n + 2 * p]
            more = [i for i in starts if i not in fits]
            return len(fits) + bool(more and (more[0] - (n + 2 * p - d * (k - 1) - 1) < s)) if True else 0
        return len(starts)
    h, w = map(along, input_shape[2:], *map(size, (kernel_size, stride, padding, dilation)))
    if min(h, w) < 1:
        raise BadLayer(kernel_size=kernel_size, input_shape=input_shape)
    return torch.Size([*input_shape[:2], h, w])


def same_padding(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> tuple[int, int]:
    """Find the padding with which a convolution of stride 1 keeps height and width.

    Padding adds the same number of pixels at both ends, so it can only make good an even loss:
    where dilation * (kernel - 1) is odd, in either direction, no padding does it.

    Args:
        kernel_size, dilation: int or (height, width).

    Returns:
        The padding as a pair (height, width), also where both are equal.

    Raises:
        ValueError: there is no such padding, or a kernel or dilation is below 1.

    >>> same_padding(5)
    (2, 2)
    >>> same_padding((3, 4), dilation=(1, 2))
    (1, 3)
    >>> same_padding(4)
    Traceback (most recent call last):
    ValueError: no padding keeps the size for kernel_size=4 with dilation=1
    """
    refuse_small(kernel_size, 1, 0, dilation)
    found = [next((p for p in range(200) if one_axis(100, k, 1, p, d) == 100), None) for k, d in zip(size(kernel_size), size(dilation))]
    if None in found:
        raise BadLayer(kernel_size=kernel_size, dilation=dilation)
    return Size(*found)


def trace_shapes(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    """Follow an input's shape through the layers of a network, without running any of them.

    What each kind of layer does to a shape:

    - `nn.Conv2d` (padding in numbers, one group) and `nn.MaxPool2d`: as above. They need four
      axes, so they do not fit behind a Flatten; a convolution also needs its `in_channels`;
    - `nn.ReLU`: nothing;
    - `nn.Flatten()`: keeps the first axis and makes one of all others: (N, C, H, W) becomes
      (N, C * H * W);
    - `nn.Linear`: turns the last axis, which must be its `in_features`, into its `out_features`
      and leaves the others, however many there are.

    Args:
        layers: layers of these five kinds, in order; may be empty.
        input_shape: (N, C, H, W).

    Returns:
        A list that starts with `input_shape` and has one more shape for each layer.

    Raises:
        ValueError: a layer does not fit its input. The text names the index (from 0) and the
            class of the first such layer.

    >>> trace_shapes([nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Flatten()], (5, 1, 9, 8))
    [(5, 1, 9, 8), (5, 4, 7, 6), (5, 4, 3, 3), (5, 36)]
    >>> trace_shapes([nn.ReLU(), nn.Flatten(), nn.Linear(70, 10)], (5, 1, 9, 8))
    Traceback (most recent call last):
    ValueError: layers[2] is a Linear that does not fit: in_features=70, but its input is (5, 72)
    """
    def step(shape, layer):
        match layer, shape:
            case nn.Conv2d(in_channels=i, out_channels=o) as c, (_, j, _, _) if i == j:
                return conv2d_output_shape(shape, o, c.kernel_size, c.stride, c.padding, c.dilation)
            case nn.MaxPool2d() as m, (_, _, _, _):
                return max_pool2d_output_shape(shape, m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode)
            case nn.ReLU(), _:
                return shape
            case nn.Flatten(), (n, *rest):
                return n, functools.reduce(int.__mul__, rest)
            case nn.Linear(in_features=i, out_features=o), (*rest, j) if i == j:
                return *rest, o
        raise BadLayer(layers=layer, input_shape=shape)
    trace = [input_shape]
    for place, layer in enumerate(layers):
        try:
            trace.append(step(trace[-1], layer))
        except ValueError as error:
            error.add_note(f"in layers[{place}], a {type(layer).__name__}")
            raise
    return trace

