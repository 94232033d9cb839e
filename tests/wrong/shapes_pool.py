"""Wrong answers to `max_pool2d_output_shape`: the arithmetic. What is refused is in `shapes_pool_refusals`."""

import math

import numpy as np

from tests.wrong.base import wrong


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def each_axis(input_shape, kernel_size, stride, padding, dilation):
    """(size, kernel, stride, padding, dilation) of the height, then of the width."""
    stride = kernel_size if stride is None else stride
    return list(zip(input_shape[2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True))


def windows(n, k, s, p, d, ceil_mode):
    """How many windows there are along one axis."""
    room = n + 2 * p - d * (k - 1) - 1
    count = (math.ceil(room / s) if ceil_mode else room // s) + 1
    return count - 1 if ceil_mode and (count - 1) * s >= n + p else count


def shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode):
    """The right shape of a legal call."""
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return *input_shape[:2], *(windows(*axis, ceil_mode) for axis in axes)


def refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode):
    """All that PyTorch refuses."""
    arguments = {"kernel_size": kernel_size, "stride": stride, "dilation": dilation, "padding": padding}
    for name, value in arguments.items():
        if value is not None and min(pair(value)) < (0 if name == "padding" else 1):
            raise ValueError(f"{name} is too small: {name}={value}")
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    if any(p > k // 2 for _, k, _, p, _ in axes):
        raise ValueError(f"padding={padding} is more than half of kernel_size={kernel_size}")
    if any(windows(*axis, ceil_mode) < 1 for axis in axes):
        raise ValueError(f"kernel_size={kernel_size} with dilation={dilation} and padding={padding} does not fit")


@wrong("max_pool2d_output_shape", "pool-stride-none-as-two", why="stride=None moves by 2: right for kernel 2 alone")
def stride_none_as_two(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = 2 if stride is None else stride
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape", "pool-stride-none-as-kernel-height", why="the kernel's height for both: shows for pairs"
)
def stride_none_as_kernel_height(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    stride = pair(kernel_size)[0] if stride is None else stride
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-kernel-pair-swapped", why="(width, height) for a given stride: shows for pairs")
def kernel_swapped(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    stride = kernel_size if stride is None else stride
    return shape(input_shape, pair(kernel_size)[::-1], stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-stride-pair-swapped", why="a given stride is (width, height): shows for pairs")
def stride_swapped(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    stride = None if stride is None else pair(stride)[::-1]
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-padding-height-for-both", why="a padding pair's width is not looked at")
def padding_height_for_both(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, pair(padding)[0], dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-dilation-pair-swapped", why="dilation as (width, height): shows for pairs")
def dilation_swapped(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, padding, pair(dilation)[::-1], ceil_mode)


@wrong("max_pool2d_output_shape", "pool-stride-pair-unsupported", why="a pair for stride is a TypeError")
def stride_pair_unsupported(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    stride = None if stride is None else int(stride)
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape",
    "pool-dilation-ignored",
    why="the span is the kernel: shows for d > 1",
    named="ignores-dilation",
)
def dilation_ignored(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, padding, 1, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-padding-once", why="padding at one end: right where a remainder hides it")
def padding_once(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return *input_shape[:2], *(windows(n - p, k, s, p, d, ceil_mode) for n, k, s, p, d in axes)


@wrong("max_pool2d_output_shape", "pool-size-over-stride", why="(n + 2p) // s: right where s is the span")
def size_over_stride(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    found = [windows(*axis, True) if ceil_mode else max(1, (axis[0] + 2 * axis[3]) // axis[2]) for axis in axes]
    return *input_shape[:2], *found


@wrong(
    "max_pool2d_output_shape",
    "pool-ceil-mode-ignored",
    why="always rounds down; refusals are right",
    named="ignores-ceil-mode",
)
def ceil_mode_ignored(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, padding, dilation, False)


@wrong("max_pool2d_output_shape", "pool-ceil-mode-upside-down", why="rounds up without ceil_mode and down with it")
def ceil_mode_upside_down(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, padding, dilation, not ceil_mode)


@wrong("max_pool2d_output_shape", "pool-ceil-mode-in-height-only", why="the width is rounded down in ceil_mode, too")
def ceil_mode_in_height_only(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    height, width = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return *input_shape[:2], windows(*height, ceil_mode), windows(*width, False)


@wrong(
    "max_pool2d_output_shape", "pool-ceil-drops-only-beyond", why="> for >=: a window that starts right behind is kept"
)
def ceil_drops_only_beyond(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    found = []
    for n, k, s, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        last = math.ceil((n + 2 * p - d * (k - 1) - 1) / s)
        found.append(last if last * s > n + p else last + 1)
    return (
        (*input_shape[:2], *found) if ceil_mode else shape(input_shape, kernel_size, stride, padding, dilation, False)
    )


@wrong(
    "max_pool2d_output_shape", "pool-ceil-drops-from-both-paddings-on", why="compares with n + 2p: shows with padding"
)
def ceil_drops_from_both_paddings_on(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    found = []
    for n, k, s, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        last = math.ceil((n + 2 * p - d * (k - 1) - 1) / s)
        found.append(last if last * s >= n + 2 * p else last + 1)
    return (
        (*input_shape[:2], *found) if ceil_mode else shape(input_shape, kernel_size, stride, padding, dilation, False)
    )


@wrong(
    "max_pool2d_output_shape", "pool-ceil-drops-from-the-size-on", why="compares with n: drops too much with padding"
)
def ceil_drops_from_the_size_on(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    found = []
    for n, k, s, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        last = math.ceil((n + 2 * p - d * (k - 1) - 1) / s)
        found.append(last if last * s >= n else last + 1)
    return (
        (*input_shape[:2], *found) if ceil_mode else shape(input_shape, kernel_size, stride, padding, dilation, False)
    )


@wrong(
    "max_pool2d_output_shape",
    "pool-ceil-drops-by-the-window-after",
    why="count * s for (count - 1) * s: drops too much",
)
def ceil_drops_by_the_window_after(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    found = []
    for n, k, s, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        count = math.ceil((n + 2 * p - d * (k - 1) - 1) / s) + 1
        found.append(count - 1 if count > 1 and count * s >= n + p else count)
    return (
        (*input_shape[:2], *found) if ceil_mode else shape(input_shape, kernel_size, stride, padding, dilation, False)
    )


@wrong(
    "max_pool2d_output_shape", "pool-ceil-drops-in-height-only", why="the last-window rule is not applied to the width"
)
def ceil_drops_in_height_only(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    height, (n, k, s, p, d) = each_axis(input_shape, kernel_size, stride, padding, dilation)
    room = n + 2 * p - d * (k - 1) - 1
    width = (math.ceil(room / s) if ceil_mode else room // s) + 1
    return *input_shape[:2], windows(*height, ceil_mode), width


@wrong(
    "max_pool2d_output_shape", "pool-ceil-adds-one-always", why="floor + 1 in ceil_mode: shows where the stride fits"
)
def ceil_adds_one_always(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    found = []
    for n, k, s, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        last = (n + 2 * p - d * (k - 1) - 1) // s + int(ceil_mode)
        found.append(last if ceil_mode and last * s >= n + p else last + 1)
    return *input_shape[:2], *found


@wrong(
    "max_pool2d_output_shape",
    "pool-ceil-needs-half-a-window",
    why="rounds to the nearest: a small remainder is dropped",
)
def ceil_needs_half_a_window(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    found = []
    for n, k, s, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        room = n + 2 * p - d * (k - 1) - 1
        last = math.floor(room / s + 0.5) if ceil_mode else room // s
        found.append(last if ceil_mode and last * s >= n + p else last + 1)
    return *input_shape[:2], *found


@wrong("max_pool2d_output_shape", "pool-ceil-gives-floats", why="np.ceil: floats in ceil_mode, ints without")
def ceil_gives_floats(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return (*found[:2], *(float(np.ceil(size)) for size in found[2:])) if ceil_mode else found


@wrong("max_pool2d_output_shape", "pool-batch-and-channels-swapped", why="N and C change places: shows for N != C")
def batch_and_channels_swapped(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    batch, channels, *found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return channels, batch, *found


@wrong("max_pool2d_output_shape", "pool-height-and-width-swapped", why="(N, C, W', H'): shows unless H' = W'")
def result_swapped(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    batch, channels, height, width = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return batch, channels, width, height


@wrong("max_pool2d_output_shape", "pool-answers-with-a-list", why="the right numbers, in a list: always")
def answers_with_a_list(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return list(shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode))
