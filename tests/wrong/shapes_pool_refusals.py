"""Wrong answers to `max_pool2d_output_shape`: what is refused, and how. The arithmetic is right."""

import math

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


def refuse_below(least, **arguments):
    for name, value in arguments.items():
        if value is not None and min(pair(value)) < least:
            raise ValueError(f"{name} must be at least {least}, got {name}={value}")


def refuse_padding(kernel_size, padding):
    if any(p > k // 2 for k, p in zip(pair(kernel_size), pair(padding), strict=True)):
        raise ValueError(f"padding={padding} is more than half of kernel_size={kernel_size}")


def refuse_no_window(found, input_shape, kernel_size):
    if min(found) < 1:
        raise ValueError(f"kernel_size={kernel_size} leaves no window in input_shape={input_shape}")


def refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode):
    """All that PyTorch refuses."""
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(kernel_size, padding)
    refuse_no_window(shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode), input_shape, kernel_size)


@wrong("max_pool2d_output_shape", "pool-stride-unchecked-in-width", why="stride (1, 0) is a ZeroDivisionError")
def stride_unchecked_in_width(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, dilation=dilation)
    refuse_below(0, padding=padding)
    if stride is not None and pair(stride)[0] < 1:
        raise ValueError(f"stride must be at least 1, got stride={stride}")
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong("max_pool2d_output_shape", "pool-kernel-zero-by-index-error", why="kernel 0 is an IndexError, not a ValueError")
def kernel_zero_by_index_error(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if 0 in pair(kernel_size):
        raise IndexError(f"kernel_size={kernel_size}")
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-kernel-zero-accepted", why="kernel 0 with a given stride is accepted")
def kernel_zero_accepted(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, dilation=dilation, **({"kernel_size": kernel_size} if stride is None else {"stride": stride}))
    refuse_below(0, kernel_size=kernel_size, padding=padding)
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong("max_pool2d_output_shape", "pool-dilation-zero-accepted", why="only a negative dilation is refused: shows for 0")
def dilation_zero_accepted(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride)
    refuse_below(0, padding=padding, dilation=dilation)
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong(
    "max_pool2d_output_shape", "pool-negative-padding-accepted", why="a negative padding is under half the kernel, too"
)
def negative_padding_accepted(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong(
    "max_pool2d_output_shape",
    "pool-padding-half-rounded-up",
    why="padding (k + 1) // 2 is accepted: shows for odd kernels",
)
def padding_half_rounded_up(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(tuple(k + 1 for k in pair(kernel_size)), padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong(
    "max_pool2d_output_shape", "pool-padding-exactly-half-refused", why="2 * padding = kernel is refused: even kernels"
)
def padding_exactly_half_refused(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    if any(2 * p >= k for k, p in zip(pair(kernel_size), pair(padding), strict=True)):
        raise ValueError(f"padding={padding} must be less than half of kernel_size={kernel_size}")
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape",
    "pool-padding-limited-in-height-only",
    why="a padding over half the kernel's width passes",
)
def padding_limited_in_height_only(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(pair(kernel_size)[0], pair(padding)[0])
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong(
    "max_pool2d_output_shape", "pool-padding-limited-by-smaller-side", why="min(kernel) // 2 for both: refuses too much"
)
def padding_limited_by_smaller_side(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_padding(min(pair(kernel_size)), padding)
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape", "pool-padding-limited-by-larger-side", why="max(kernel) // 2 for both: accepts too much"
)
def padding_limited_by_larger_side(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(max(pair(kernel_size)), padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong("max_pool2d_output_shape", "pool-padding-unlimited-in-ceil-mode", why="the limit is not applied in ceil_mode")
def padding_unlimited_in_ceil_mode(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    if not ceil_mode:
        refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong(
    "max_pool2d_output_shape",
    "pool-ceil-any-window-accepted",
    why="ceil_mode gives at least 1 however large the window",
)
def ceil_any_window_accepted(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    found = tuple(max(1, size) for size in found) if ceil_mode else found
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong(
    "max_pool2d_output_shape",
    "pool-too-large-by-truncation",
    why="int(-1 / 2) + 1 is 1: a window too large by one passes",
)
def too_large_by_truncation(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    if not ceil_mode:
        axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
        found = *found[:2], *(int((n + 2 * p - d * (k - 1) - 1) / s) + 1 for n, k, s, p, d in axes)
    refuse_no_window(found, input_shape, kernel_size)
    return found


@wrong(
    "max_pool2d_output_shape", "pool-too-large-judged-in-width-only", why="a window higher than the input is accepted"
)
def too_large_judged_in_width_only(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window(found[3:], input_shape, kernel_size)
    return found


@wrong("max_pool2d_output_shape", "pool-size-zero-accepted", why="a size of 0 passes, only below 0 is refused")
def size_zero_accepted(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    refuse_no_window([size + 1 for size in found], input_shape, kernel_size)
    return found


@wrong(
    "max_pool2d_output_shape", "pool-too-large-judged-without-padding", why="refuses what fits only with its padding"
)
def too_large_judged_without_padding(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    if not ceil_mode:
        refuse(input_shape, kernel_size, stride, 0, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape",
    "pool-exact-fit-refused",
    why="a window as large as the input (global pooling) is refused",
)
def exact_fit_refused(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    if pair(kernel_size) == tuple(input_shape[2:]):
        raise ValueError(f"kernel_size={kernel_size} must be smaller than input_shape={input_shape}")
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-stride-over-kernel-refused", why="a stride larger than the kernel is refused")
def stride_over_kernel_refused(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    if any(s > k for _, k, s, _, _ in each_axis(input_shape, kernel_size, stride, padding, dilation)):
        raise ValueError(f"stride={stride} leaves gaps between windows of kernel_size={kernel_size}")
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong(
    "max_pool2d_output_shape", "pool-refusal-without-name", why="padding over half: the text has its value but no name"
)
def refusal_without_name(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    if any(p > k // 2 for k, p in zip(pair(kernel_size), pair(padding), strict=True)):
        raise ValueError(f"{padding} is more than half a window")
    refuse(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@wrong("max_pool2d_output_shape", "pool-refuses-by-runtime-error", why="no window left: a RuntimeError, as PyTorch's")
def refuses_by_runtime_error(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_padding(kernel_size, padding)
    found = shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    if min(found) < 1:
        raise RuntimeError(f"kernel_size={kernel_size}: the output would be too small")
    return found
