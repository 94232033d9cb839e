"""Wrong answers of topic shapes: `conv2d_parameter_shapes` and `same_padding`. The others have files of their own."""

from tests.wrong.base import wrong


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def refuse_below_one(**arguments):
    for name, value in arguments.items():
        if min(pair(value)) < 1:
            raise ValueError(f"{name} must be at least 1, got {name}={value}")


def lost_pixels(kernel_size, dilation):
    """What a convolution without padding takes from height and width."""
    return [d * (k - 1) for k, d in zip(pair(kernel_size), pair(dilation), strict=True)]


def refuse_no_padding(kernel_size, dilation):
    refuse_below_one(kernel_size=kernel_size, dilation=dilation)
    if any(lost % 2 for lost in lost_pixels(kernel_size, dilation)):
        raise ValueError(f"nothing keeps the size for kernel_size={kernel_size}, dilation={dilation}")


@wrong("conv2d_parameter_shapes", "parameters-kernel-pair-sorted", why="the smaller side first: shows for KH > KW")
def kernel_pair_sorted(in_channels, out_channels, kernel_size):
    refuse_below_one(kernel_size=kernel_size)
    return (out_channels, in_channels, *sorted(pair(kernel_size))), (out_channels,)


@wrong("conv2d_parameter_shapes", "parameters-kernel-height-for-both", why="a pair's width is not looked at")
def kernel_height_for_both(in_channels, out_channels, kernel_size):
    refuse_below_one(kernel_size=kernel_size)
    height, _ = pair(kernel_size)
    return (out_channels, in_channels, height, height), (out_channels,)


@wrong(
    "conv2d_parameter_shapes", "parameters-channels-last", why="(out, KH, KW, in), as elsewhere: shows unless all equal"
)
def channels_last(in_channels, out_channels, kernel_size):
    refuse_below_one(kernel_size=kernel_size)
    return (out_channels, *pair(kernel_size), in_channels), (out_channels,)


@wrong("conv2d_parameter_shapes", "parameters-single-input-channel-dropped", why="three axes for one input channel")
def single_input_channel_dropped(in_channels, out_channels, kernel_size):
    refuse_below_one(kernel_size=kernel_size)
    channels = (in_channels,) if in_channels > 1 else ()
    return (out_channels, *channels, *pair(kernel_size)), (out_channels,)


@wrong("conv2d_parameter_shapes", "parameters-bias-as-column", why="bias (out, 1): always")
def bias_as_column(in_channels, out_channels, kernel_size):
    refuse_below_one(kernel_size=kernel_size)
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels, 1)


@wrong("conv2d_parameter_shapes", "parameters-weight-as-list", why="the weight's shape is a list: always")
def weight_as_list(in_channels, out_channels, kernel_size):
    refuse_below_one(kernel_size=kernel_size)
    return [out_channels, in_channels, *pair(kernel_size)], (out_channels,)


@wrong(
    "conv2d_parameter_shapes", "parameters-kernel-zero-accepted", why="only a negative kernel is refused: shows for 0"
)
def kernel_zero_accepted(in_channels, out_channels, kernel_size):
    if min(pair(kernel_size)) < 0:
        raise ValueError(f"kernel_size must be at least 1, got kernel_size={kernel_size}")
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels,)


@wrong("conv2d_parameter_shapes", "parameters-negative-kernel-accepted", why="only 0 is refused: shows below 0")
def negative_kernel_accepted(in_channels, out_channels, kernel_size):
    if 0 in pair(kernel_size):
        raise ValueError(f"kernel_size must be at least 1, got kernel_size={kernel_size}")
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels,)


@wrong("conv2d_parameter_shapes", "parameters-kernel-pair-unchecked", why="only an int is checked: (3, 0) is accepted")
def kernel_pair_unchecked(in_channels, out_channels, kernel_size):
    if isinstance(kernel_size, int):
        refuse_below_one(kernel_size=kernel_size)
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels,)


@wrong(
    "conv2d_parameter_shapes", "parameters-kernel-larger-side-checked", why="max in place of min: (0, 3) is accepted"
)
def kernel_larger_side_checked(in_channels, out_channels, kernel_size):
    if max(pair(kernel_size)) < 1:
        raise ValueError(f"kernel_size must be at least 1, got kernel_size={kernel_size}")
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels,)


@wrong("conv2d_parameter_shapes", "parameters-kernel-of-one-refused", why="1 by 1 convolutions are refused")
def kernel_of_one_refused(in_channels, out_channels, kernel_size):
    if max(pair(kernel_size)) <= 1:
        raise ValueError(f"kernel_size must be at least 1, got kernel_size={kernel_size}")
    refuse_below_one(kernel_size=kernel_size)
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels,)


@wrong("conv2d_parameter_shapes", "parameters-refusal-without-value", why="the ValueError does not give the value")
def refusal_without_value(in_channels, out_channels, kernel_size):
    if min(pair(kernel_size)) < 1:
        raise ValueError("kernel_size is too small")
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels,)


@wrong("conv2d_parameter_shapes", "parameters-refuses-by-index-error", why="a kernel below 1 is an IndexError")
def refuses_by_index_error(in_channels, out_channels, kernel_size):
    if min(pair(kernel_size)) < 1:
        raise IndexError(f"kernel_size must be at least 1, got kernel_size={kernel_size}")
    return (out_channels, in_channels, *pair(kernel_size)), (out_channels,)


@wrong(
    "same_padding",
    "same-one-number-for-equal-sides",
    why="an int where both are equal, a pair elsewhere",
    named="returns-one-int",
)
def one_number_for_equal_sides(kernel_size, dilation=1):
    refuse_no_padding(kernel_size, dilation)
    above, left = (lost // 2 for lost in lost_pixels(kernel_size, dilation))
    return above if above == left else (above, left)


@wrong("same_padding", "same-pair-as-list", why="the right numbers in a list: always")
def pair_as_list(kernel_size, dilation=1):
    refuse_no_padding(kernel_size, dilation)
    return [lost // 2 for lost in lost_pixels(kernel_size, dilation)]


@wrong("same_padding", "same-kernel-pair-swapped", why="(width, height): shows for kernel pairs")
def same_kernel_swapped(kernel_size, dilation=1):
    refuse_no_padding(kernel_size, dilation)
    height, width = pair(kernel_size)
    above, left = lost_pixels((width, height), dilation)
    return above // 2, left // 2


@wrong("same_padding", "same-dilation-height-for-both", why="a dilation pair's width is not looked at")
def dilation_height_for_both(kernel_size, dilation=1):
    refuse_no_padding(kernel_size, dilation)
    above, left = lost_pixels(kernel_size, pair(dilation)[0])
    return above // 2, left // 2


@wrong("same_padding", "same-half-of-d-times-k", why="(d * k) // 2: right for d = 1, wrong for d > 1")
def half_of_d_times_k(kernel_size, dilation=1):
    refuse_no_padding(kernel_size, dilation)
    (height, width), (down, right) = pair(kernel_size), pair(dilation)
    return down * height // 2, right * width // 2


@wrong("same_padding", "same-stops-at-half-the-kernel", why="cut to k // 2, pooling's limit: shows for d > 1")
def stops_at_half_the_kernel(kernel_size, dilation=1):
    refuse_no_padding(kernel_size, dilation)
    lost = zip(pair(kernel_size), lost_pixels(kernel_size, dilation), strict=True)
    above, left = (min(k // 2, both // 2) for k, both in lost)
    return above, left


@wrong("same_padding", "same-odd-loss-judged-in-height-only", why="an even kernel width is rounded, not refused")
def odd_loss_judged_in_height_only(kernel_size, dilation=1):
    refuse_below_one(kernel_size=kernel_size, dilation=dilation)
    above, left = lost_pixels(kernel_size, dilation)
    if above % 2:
        raise ValueError(f"nothing keeps the size for kernel_size={kernel_size}, dilation={dilation}")
    return above // 2, left // 2


@wrong("same_padding", "same-odd-loss-judged-by-sum", why="two odd losses make an even sum: (2, 4) is not refused")
def odd_loss_judged_by_sum(kernel_size, dilation=1):
    refuse_below_one(kernel_size=kernel_size, dilation=dilation)
    above, left = lost_pixels(kernel_size, dilation)
    if (above + left) % 2:
        raise ValueError(f"nothing keeps the size for kernel_size={kernel_size}, dilation={dilation}")
    return above // 2, left // 2


@wrong(
    "same_padding", "same-odd-loss-needs-both-sides", why="'and' for 'or': refuses only if both sides are impossible"
)
def odd_loss_needs_both_sides(kernel_size, dilation=1):
    refuse_below_one(kernel_size=kernel_size, dilation=dilation)
    above, left = lost_pixels(kernel_size, dilation)
    if above % 2 and left % 2:
        raise ValueError(f"nothing keeps the size for kernel_size={kernel_size}, dilation={dilation}")
    return above // 2, left // 2


@wrong("same_padding", "same-dilation-zero-accepted", why="dilation 0 loses nothing, so (0, 0): shows for dilation 0")
def dilation_zero_accepted(kernel_size, dilation=1):
    if min(pair(dilation)) < 0:
        raise ValueError(f"dilation must be at least 1, got dilation={dilation}")
    refuse_no_padding(kernel_size, tuple(d or 2 for d in pair(dilation)))
    above, left = lost_pixels(kernel_size, dilation)
    return above // 2, left // 2


@wrong("same_padding", "same-negative-kernel-accepted", why="kernel -1 loses -2 pixels, padding -1: shows below 1")
def negative_kernel_padded(kernel_size, dilation=1):
    refuse_below_one(dilation=dilation)
    above, left = lost_pixels(kernel_size, dilation)
    if above % 2 or left % 2 or 0 in pair(kernel_size):
        raise ValueError(f"nothing keeps the size for kernel_size={kernel_size}, dilation={dilation}")
    return above // 2, left // 2


@wrong("same_padding", "same-refusal-names-the-padding", why="the text gives the padding 1.5, but no argument")
def refusal_names_the_padding(kernel_size, dilation=1):
    refuse_below_one(kernel_size=kernel_size, dilation=dilation)
    above, left = lost_pixels(kernel_size, dilation)
    if above % 2 or left % 2:
        raise ValueError(f"a padding of {(above / 2, left / 2)} is not possible")
    return above // 2, left // 2


@wrong("same_padding", "same-impossible-gives-none", why="None in place of a ValueError where no padding does it")
def impossible_gives_none(kernel_size, dilation=1):
    refuse_below_one(kernel_size=kernel_size, dilation=dilation)
    above, left = lost_pixels(kernel_size, dilation)
    return None if above % 2 or left % 2 else (above // 2, left // 2)
