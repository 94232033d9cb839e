"""Wrong answers to `conv2d_output_shape`: what is refused, and how. The arithmetic is right."""

from tests.wrong.base import wrong


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def each_axis(input_shape, kernel_size, stride, padding, dilation):
    """(size, kernel, stride, padding, dilation) of the height, then of the width."""
    return zip(input_shape[2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True)


def shape(input_shape, out_channels, *layer):
    """The right shape of a legal call."""
    axes = each_axis(input_shape, *layer)
    return input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes)


def refuse_below(least, **arguments):
    for name, value in arguments.items():
        if min(pair(value)) < least:
            raise ValueError(f"{name} must be at least {least}, got {name}={value}")


def refuse_window(input_shape, kernel_size, stride, padding, dilation):
    for n, k, _, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        if d * (k - 1) + 1 > n + 2 * p:
            raise ValueError(f"kernel_size={kernel_size} with dilation={dilation} and padding={padding} does not fit")


def refuse(*call):
    """All that PyTorch refuses."""
    _, kernel_size, stride, padding, dilation = call
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_window(*call)


@wrong("conv2d_output_shape", "conv-kernel-zero-accepted", why="only a negative kernel is refused: shows for 0")
def kernel_zero_accepted(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(0, kernel_size=kernel_size, padding=padding)
    refuse_below(1, stride=stride, dilation=dilation)
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-stride-zero-divides", why="stride 0 is a ZeroDivisionError, not a ValueError")
def stride_zero_divides(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, dilation=dilation)
    refuse_below(0, stride=stride, padding=padding)
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-negative-stride-accepted", why="stride is compared with 0 alone: shows below 0")
def negative_stride_accepted(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, dilation=dilation)
    refuse_below(0, padding=padding)
    if 0 in pair(stride):
        raise ValueError(f"stride must be at least 1, got stride={stride}")
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-dilation-zero-accepted", why="only a negative dilation is refused: shows for 0")
def dilation_zero_accepted(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride)
    refuse_below(0, dilation=dilation, padding=padding)
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-negative-padding-crops", why="a negative padding takes pixels away: shows below 0")
def negative_padding_crops(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-negative-padding-by-sum", why="padding is judged by its sum: (-1, 2) is accepted")
def negative_padding_by_sum(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    if sum(pair(padding)) < 0:
        raise ValueError(f"padding must be at least 0, got padding={padding}")
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape", "conv-stride-pair-compared-as-tuple", why="(2, 0) < (1, 1) is False, so (2, 0) is accepted"
)
def stride_compared_as_tuple(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, dilation=dilation)
    refuse_below(0, padding=padding)
    if pair(stride) < (1, 1):
        raise ValueError(f"stride must be at least 1, got stride={stride}")
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-dilation-of-the-width-unchecked", why="dilation (1, 0) is accepted")
def dilation_of_the_width_unchecked(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride)
    refuse_below(0, padding=padding)
    if pair(dilation)[0] < 1:
        raise ValueError(f"dilation must be at least 1, got dilation={dilation}")
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-kernel-pair-judged-by-product", why="(-1, -1) has product 1 and is accepted")
def kernel_judged_by_product(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    height, width = pair(kernel_size)
    if height * width < 1:
        raise ValueError(f"kernel_size must be at least 1, got kernel_size={kernel_size}")
    refuse_window(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape", "conv-window-judged-after-truncation", why="int(-1 / 2) + 1 is 1: too large, with a stride"
)
def window_judged_after_truncation(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    found = [int((n + 2 * p - d * (k - 1) - 1) / s) + 1 for n, k, s, p, d in axes]
    if min(found) < 1:
        raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return input_shape[0], out_channels, *found


@wrong("conv2d_output_shape", "conv-window-larger-by-one-accepted", why="one pixel too large gives size 1")
def window_larger_by_one_accepted(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    for n, k, _, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        if d * (k - 1) > n + 2 * p:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    found = shape(input_shape, out_channels, kernel_size, stride, padding, dilation)
    return tuple(max(1, size) for size in found)


@wrong("conv2d_output_shape", "conv-window-judged-without-dilation", why="fits by its kernel, but its span does not")
def window_judged_without_dilation(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    refuse_window(input_shape, kernel_size, stride, padding, 1)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-window-judged-in-height-only", why="a window wider than the input is accepted")
def window_judged_in_height_only(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    height = pair(kernel_size)[0], pair(padding)[0], pair(dilation)[0]
    if height[2] * (height[0] - 1) + 1 > input_shape[2] + 2 * height[1]:
        raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-window-judged-by-area", why="too wide but low: its area fits, so it is accepted")
def window_judged_by_area(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    (n, k, _, p, d), (m, j, _, q, e) = each_axis(input_shape, kernel_size, stride, padding, dilation)
    if (d * (k - 1) + 1) * (e * (j - 1) + 1) > (n + 2 * p) * (m + 2 * q):
        raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape",
    "conv-window-refused-only-if-both-sides-exceed",
    why="'and' for 'or': one side too large passes",
)
def window_refused_if_both_exceed(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    if all(d * (k - 1) + 1 > n + 2 * p for n, k, _, p, d in axes):
        raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape", "conv-window-judged-with-one-padding", why="refuses what fits only with both ends' padding"
)
def window_judged_with_one_padding(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    for n, k, _, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        if d * (k - 1) + 1 > n + p:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape",
    "conv-exact-fit-refused",
    why="a window as large as the padded input is refused",
    named="refuses-exact-fit",
)
def exact_fit_refused(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    for n, k, _, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        if 1 < d * (k - 1) + 1 >= n + 2 * p:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-stride-over-input-refused", why="a stride larger than the input is refused")
def stride_over_input_refused(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    if any(s > n for n, _, s, _, _ in each_axis(input_shape, kernel_size, stride, padding, dilation)):
        raise ValueError(f"stride={stride} is larger than input_shape={input_shape}")
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape", "conv-padding-over-half-refused", why="pooling's rule for padding is applied to convolution"
)
def padding_over_half_refused(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    if any(p > k // 2 for _, k, _, p, _ in each_axis(input_shape, kernel_size, stride, padding, dilation)):
        raise ValueError(f"padding={padding} is more than half of kernel_size={kernel_size}")
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-refusal-without-value", why="the ValueError names stride, but not its value")
def refusal_without_value(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    if min(pair(stride)) < 1:
        raise ValueError("stride must be positive")
    refuse(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-refusal-without-name", why="the ValueError gives the padding's value, but no name")
def refusal_without_name(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    if min(pair(padding)) < 0:
        raise ValueError(f"must not be negative: {padding}")
    refuse(input_shape, kernel_size, stride, padding, dilation)
    return shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape",
    "conv-refusal-names-the-size-alone",
    why="too large: the text names no argument, only the result",
)
def refusal_names_the_size_alone(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    found = None
    if min(map(min, map(pair, (kernel_size, stride, dilation)))) >= 1 and min(pair(padding)) >= 0:
        found = shape(input_shape, out_channels, kernel_size, stride, padding, dilation)
        if min(found) < 1:
            raise ValueError("the output would be empty")
    refuse(input_shape, kernel_size, stride, padding, dilation)
    return found


@wrong("conv2d_output_shape", "conv-refuses-by-assertion", why="a window that is too large is an AssertionError")
def refuses_by_assertion(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    found = shape(input_shape, out_channels, kernel_size, stride, padding, dilation)
    assert min(found) >= 1, f"kernel_size={kernel_size} does not fit into input_shape={input_shape}"
    return found


@wrong("conv2d_output_shape", "conv-too-large-gives-none", why="a window that is too large gives None, with no error")
def too_large_gives_none(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    refuse_below(0, padding=padding)
    found = shape(input_shape, out_channels, kernel_size, stride, padding, dilation)
    return found if min(found) >= 1 else None
