"""Wrong answers of topic shapes: refusals in combination."""

import math

from torch import nn

from tests.wrong.base import wrong
from tests.wrong.shapes_trace import after, conv, walk


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def each_axis(input_shape, kernel_size, stride, padding, dilation):
    """(size, kernel, stride, padding, dilation) of the height, then of the width."""
    return list(zip(input_shape[2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True))


def refuse_below(least, **arguments):
    for name, value in arguments.items():
        if min(pair(value)) < least:
            raise ValueError(f"{name} must be at least {least}, got {name}={value}")


def slide(input_shape, out_channels, kernel_size, stride, padding, dilation):
    """The right convolution, if its arguments are legal; a window that is too large is refused."""
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    if any(d * (k - 1) + 1 > n + 2 * p for n, k, _, p, d in axes):
        raise ValueError(f"kernel_size={kernel_size} with dilation={dilation} and padding={padding} does not fit")
    return input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes)


def convolve(input_shape, out_channels, kernel_size, stride, padding, dilation):
    """The right convolution."""
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    return slide(input_shape, out_channels, kernel_size, stride, padding, dilation)


def count(n, k, s, p, d, ceil_mode):
    """How many windows there are along one axis."""
    room = n + 2 * p - d * (k - 1) - 1
    found = (math.ceil(room / s) if ceil_mode else room // s) + 1
    return found - 1 if ceil_mode and (found - 1) * s >= n + p else found


def slide_pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode, windows=count):
    """The right pooling, if its arguments but the padding are legal and `windows` is right."""
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    if any(p > k // 2 for _, k, _, p, _ in axes):
        raise ValueError(f"padding={padding} is more than half of kernel_size={kernel_size}")
    found = [windows(*axis, ceil_mode) for axis in axes]
    if min(found) < 1:
        raise ValueError(f"kernel_size={kernel_size} leaves no window in input_shape={input_shape}")
    return *input_shape[:2], *found


def pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode, windows=count):
    """The right pooling, if `windows` is right."""
    stride = kernel_size if stride is None else stride
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    return slide_pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode, windows)


def keep(kernel_size, dilation):
    """The right padding, if kernel and dilation are legal."""
    losses = [d * (k - 1) for k, d in zip(pair(kernel_size), pair(dilation), strict=True)]
    if any(loss % 2 for loss in losses):
        raise ValueError(f"no padding keeps the size for kernel_size={kernel_size} with dilation={dilation}")
    return losses[0] // 2, losses[1] // 2


def parameters(in_channels, out_channels, kernel_size):
    """The right shapes, if the kernel is legal."""
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels,)


# conv2d_parameter_shapes


@wrong("conv2d_parameter_shapes", "parameters-kernel-area-checked", why="KH * KW < 1 is refused: (-2, -2) is accepted")
def kernel_area_checked(in_channels, out_channels, kernel_size):
    if (math.prod(kernel_size) if isinstance(kernel_size, tuple) else kernel_size) < 1:
        raise ValueError(f"kernel_size must be at least 1, got kernel_size={kernel_size}")
    return parameters(in_channels, out_channels, kernel_size)


@wrong("conv2d_parameter_shapes", "parameters-depthwise-if-equal", why="(out, 1, KH, KW) where in = out > 1")
def depthwise_if_equal(in_channels, out_channels, kernel_size):
    refuse_below(1, kernel_size=kernel_size)
    return parameters(1 if in_channels == out_channels else in_channels, out_channels, kernel_size)


@wrong("conv2d_parameter_shapes", "parameters-one-by-one-as-matrix", why="(out, in) without a window for a kernel of 1")
def one_by_one_as_matrix(in_channels, out_channels, kernel_size):
    refuse_below(1, kernel_size=kernel_size)
    weight, bias = parameters(in_channels, out_channels, kernel_size)
    return (weight[:2] if kernel_size == 1 else weight), bias


# conv2d_output_shape


@wrong(
    "conv2d_output_shape",
    "conv-dilation-over-kernel-refused",
    why="a dilation larger than the kernel is refused",
    named="dilation-times-kernel",
)
def dilation_over_kernel_refused(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    if any(d > k for _, k, _, _, d in each_axis(input_shape, kernel_size, stride, padding, dilation)):
        raise ValueError(f"dilation={dilation} is more than kernel_size={kernel_size}")
    return convolve(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-padding-over-kernel-refused", why="a padding larger than the kernel is refused")
def padding_over_kernel_refused(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    if any(p > k for _, k, _, p, _ in each_axis(input_shape, kernel_size, stride, padding, dilation)):
        raise ValueError(f"padding={padding} is more than kernel_size={kernel_size}")
    return convolve(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-stride-over-kernel-refused", why="a stride larger than the kernel is refused")
def stride_over_kernel_refused(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    if any(s > k for _, k, s, _, _ in each_axis(input_shape, kernel_size, stride, padding, dilation)):
        raise ValueError(f"stride={stride} is more than kernel_size={kernel_size}")
    return convolve(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape", "conv-window-over-bare-input-refused", why="a window that fits only with padding is refused"
)
def window_over_bare_input_refused(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    slide(input_shape, out_channels, kernel_size, 1, 0, dilation)
    return convolve(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-kernel-of-the-width-unchecked", why="a kernel such as (3, -1) is accepted")
def kernel_of_the_width_unchecked(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=pair(kernel_size)[0], stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    return slide(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-dilation-of-one-pixel-unchecked", why="any dilation is accepted for a kernel of 1")
def dilation_of_one_pixel_unchecked(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    dilation = 1 if pair(kernel_size) == (1, 1) else dilation
    return convolve(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape", "conv-stride-of-one-window-unchecked", why="stride 0 is accepted where one window just fits"
)
def stride_of_one_window_unchecked(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    if all(n + 2 * p == d * (k - 1) + 1 for n, k, _, p, d in axes):
        stride = 1
    return convolve(input_shape, out_channels, kernel_size, stride, padding, dilation)


# max_pool2d_output_shape


@wrong(
    "max_pool2d_output_shape", "pool-dilation-over-kernel-refused", why="a dilation larger than the kernel is refused"
)
def pool_dilation_over_kernel(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if any(d > k for k, d in zip(pair(kernel_size), pair(dilation), strict=True)):
        raise ValueError(f"dilation={dilation} is more than kernel_size={kernel_size}")
    return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-padding-of-the-input-refused", why="a padding as large as the input is refused")
def pool_padding_of_the_input(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if any(p >= n for n, p in zip(input_shape[2:], pair(padding), strict=True)):
        raise ValueError(f"padding={padding} leaves nothing of input_shape={input_shape}")
    return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape", "pool-one-pixel-dilated-refused", why="a kernel of 1 with a dilation over 1 is refused"
)
def pool_one_pixel_dilated(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if any(k == 1 < d for k, d in zip(pair(kernel_size), pair(dilation), strict=True)):
        raise ValueError(f"dilation={dilation} does not go with kernel_size={kernel_size}")
    return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape",
    "pool-ceil-half-refused",
    why="ceil_mode: a padding of exactly half the kernel is refused",
)
def pool_ceil_half(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if ceil_mode and any(2 * p == k for k, p in zip(pair(kernel_size), pair(padding), strict=True)):
        raise ValueError(f"padding={padding} is half of kernel_size={kernel_size}")
    return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-ceil-stride-unchecked", why="ceil_mode: stride 0 divides, below 0 is accepted")
def pool_ceil_stride(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if not ceil_mode or stride is None:
        return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_below(1, kernel_size=kernel_size, dilation=dilation)
    refuse_below(0, padding=padding)
    return slide_pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-ceil-padding-unchecked", why="ceil_mode: a negative padding is accepted")
def pool_ceil_padding(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if ceil_mode and min(pair(padding)) < 0:
        padding = 0
    return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape", "pool-ceil-too-large-by-a-stride", why="ceil_mode: too large by just the stride gives 1"
)
def pool_ceil_too_large_by_a_stride(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    def windows(n, k, s, p, d, ceil_mode):
        return 1 if ceil_mode and d * (k - 1) + 1 == n + 2 * p + s else count(n, k, s, p, d, ceil_mode)

    return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode, windows)


@wrong("max_pool2d_output_shape", "pool-ceil-needs-a-stride", why="rounds down for stride=None, ceil_mode or not")
def pool_ceil_needs_a_stride(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode and stride is not None)


@wrong("max_pool2d_output_shape", "pool-dilation-before-padding", why="two parameters are exchanged: positional calls")
def pool_dilation_before_padding(input_shape, kernel_size, stride=None, dilation=1, padding=0, ceil_mode=False):
    return pool(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


# same_padding


@wrong("same_padding", "same-one-pixel-dilated-refused", why="a kernel of 1 with a dilation over 1 is refused")
def same_one_pixel_dilated(kernel_size, dilation=1):
    refuse_below(1, kernel_size=kernel_size, dilation=dilation)
    if any(k == 1 < d for k, d in zip(pair(kernel_size), pair(dilation), strict=True)):
        raise ValueError(f"dilation={dilation} does not go with kernel_size={kernel_size}")
    return keep(kernel_size, dilation)


@wrong("same_padding", "same-heights-unchecked", why="a kernel (-1, 3) or a dilation (0, 1) is accepted")
def same_heights_unchecked(kernel_size, dilation=1):
    refuse_below(1, kernel_size=pair(kernel_size)[1], dilation=pair(dilation)[1])
    return keep(kernel_size, dilation)


@wrong("same_padding", "same-dilation-of-one-pixel-unchecked", why="any dilation is accepted for a kernel of 1")
def same_dilation_of_one_pixel_unchecked(kernel_size, dilation=1):
    refuse_below(1, kernel_size=kernel_size, dilation=1 if kernel_size == 1 else dilation)
    return keep(kernel_size, dilation)


# trace_shapes


@wrong("trace_shapes", "trace-conv-width-unjudged", why="a convolution wider than its padded input gives a width of 1")
def trace_conv_width_unjudged(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.Conv2d) and len(shape) == 4:
            span = layer.dilation[1] * (layer.kernel_size[1] - 1) + 1
            return conv(layer, (*shape[:3], max(shape[3], span - 2 * layer.padding[1])))
        return after(layer, shape)

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-linear-needs-a-bias", why="out_features by bias.shape: an AttributeError for bias=False")
def trace_linear_needs_a_bias(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        return (*shape[:-1], *layer.bias.shape) if isinstance(layer, nn.Linear) else found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-relu-in-place-refused", why="layers told apart by repr: nn.ReLU(inplace=True) is refused")
def trace_relu_in_place_refused(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.ReLU) and repr(layer) != "ReLU()":
            raise ValueError(f"{layer} is not known here")
        return after(layer, shape)

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-error-lists-the-layers", why="the text shows all layers, but not the index of the misfit")
def trace_error_lists_the_layers(layers, input_shape):
    try:
        return walk(layers, input_shape, after)
    except ValueError as error:
        raise ValueError(f"one of {layers} does not fit, from {input_shape} on") from error
