"""Wrong answers to `conv2d_output_shape`: the arithmetic. What is refused is in `shapes_conv_refusals`."""

import math

from tests.wrong.base import wrong

KNOWN_SIZES = {}


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def each_axis(input_shape, kernel_size, stride, padding, dilation):
    """(size, kernel, stride, padding, dilation) of the height, then of the width."""
    return zip(input_shape[2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True)


def sizes(*call):
    """The right height and width."""
    return [(n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in each_axis(*call)]


def refuse(input_shape, kernel_size, stride, padding, dilation):
    """All that PyTorch refuses."""
    arguments = {"kernel_size": kernel_size, "stride": stride, "dilation": dilation, "padding": padding}
    for name, value in arguments.items():
        if min(pair(value)) < (0 if name == "padding" else 1):
            raise ValueError(f"{name} is too small: {name}={value}")
    for n, k, _, p, d in each_axis(input_shape, kernel_size, stride, padding, dilation):
        if d * (k - 1) + 1 > n + 2 * p:
            raise ValueError(f"kernel_size={kernel_size} with dilation={dilation} and padding={padding} does not fit")


@wrong("conv2d_output_shape", "conv-kernel-pair-swapped", why="kernel_size is read as (width, height): shows for pairs")
def kernel_swapped(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, pair(kernel_size)[::-1], stride, padding, dilation)
    return input_shape[0], out_channels, height, width


@wrong("conv2d_output_shape", "conv-stride-pair-swapped", why="stride is read as (width, height): shows for pairs")
def stride_swapped(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, kernel_size, pair(stride)[::-1], padding, dilation)
    return input_shape[0], out_channels, height, width


@wrong("conv2d_output_shape", "conv-padding-pair-swapped", why="padding is read as (width, height): shows for pairs")
def padding_swapped(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, kernel_size, stride, pair(padding)[::-1], dilation)
    return input_shape[0], out_channels, height, width


@wrong(
    "conv2d_output_shape",
    "conv-dilation-pair-swapped",
    why="dilation is read as (width, height): shows for pairs",
    named="dilation-of-the-other-axis",
)
def dilation_swapped(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, kernel_size, stride, padding, pair(dilation)[::-1])
    return input_shape[0], out_channels, height, width


@wrong("conv2d_output_shape", "conv-kernel-height-for-both", why="a kernel pair's width is not looked at")
def kernel_height_for_both(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, pair(kernel_size)[0], stride, padding, dilation)
    return input_shape[0], out_channels, height, width


@wrong("conv2d_output_shape", "conv-stride-width-for-both", why="a stride pair's height is not looked at")
def stride_width_for_both(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, kernel_size, pair(stride)[1], padding, dilation)
    return input_shape[0], out_channels, height, width


@wrong("conv2d_output_shape", "conv-padding-larger-for-both", why="the larger number of a padding pair serves for both")
def padding_larger_for_both(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, kernel_size, stride, max(pair(padding)), dilation)
    return input_shape[0], out_channels, height, width


@wrong(
    "conv2d_output_shape",
    "conv-dilation-pair-unsupported",
    why="a pair for dilation is a TypeError",
    named="pairs-not-supported",
)
def dilation_pair_unsupported(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, kernel_size, stride, padding, int(dilation))
    return input_shape[0], out_channels, height, width


@wrong("conv2d_output_shape", "conv-zero-in-padding-pair-taken-as-missing", why="padding (0, 2) is read as (2, 2)")
def zero_in_padding_pair(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    above, left = pair(padding)
    height, width = sizes(input_shape, kernel_size, stride, (above or left, left or above), dilation)
    return input_shape[0], out_channels, height, width


@wrong("conv2d_output_shape", "conv-square-in-square-out", why="for H = W, W' is H' even where pairs say otherwise")
def square_in_square_out(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, height, height if input_shape[2] == input_shape[3] else width


@wrong("conv2d_output_shape", "conv-width-padded-at-one-end", why="the width gains the padding only once")
def width_padded_at_one_end(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, _ = sizes(input_shape, kernel_size, stride, padding, dilation)
    n, k, s, p, d = list(each_axis(input_shape, kernel_size, stride, padding, dilation))[1]
    return input_shape[0], out_channels, height, (n + p - d * (k - 1) - 1) // s + 1


@wrong("conv2d_output_shape", "conv-rounds-half-to-even", why="round in place of floor: shows at some remainders only")
def rounds(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, *(round((n + 2 * p - d * (k - 1) - 1) / s) + 1 for n, k, s, p, d in axes)


@wrong(
    "conv2d_output_shape", "conv-rounds-up-in-width", why="ceil in the width alone: shows where the stride leaves some"
)
def rounds_up_in_width(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, _ = sizes(input_shape, kernel_size, stride, padding, dilation)
    n, k, s, p, d = list(each_axis(input_shape, kernel_size, stride, padding, dilation))[1]
    return input_shape[0], out_channels, height, math.ceil((n + 2 * p - d * (k - 1) - 1) / s) + 1


@wrong("conv2d_output_shape", "conv-whole-floats", why="the sizes are whole floats, equal to the ints: always")
def whole_floats(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) / s // 1 + 1 for n, k, s, p, d in axes)


@wrong("conv2d_output_shape", "conv-span-adds-dilation-once", why="span k + d - 1: right for d = 1 and for k = 2")
def span_adds_dilation_once(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, *((n + 2 * p - (k + d - 1)) // s + 1 for n, k, s, p, d in axes)


@wrong("conv2d_output_shape", "conv-dilates-a-kernel-of-one", why="a kernel of 1 spans d: shows for k = 1, d > 1")
def dilates_a_kernel_of_one(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    found = [(n + 2 * p - (d if k == 1 else d * (k - 1) + 1)) // s + 1 for n, k, s, p, d in axes]
    return input_shape[0], out_channels, *found


@wrong("conv2d_output_shape", "conv-dilation-in-height-only", why="the width's dilation is not counted")
def dilation_in_height_only(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    height, width = sizes(input_shape, kernel_size, stride, padding, (pair(dilation)[0], 1))
    return input_shape[0], out_channels, height, width


@wrong("conv2d_output_shape", "conv-dilates-the-padding", why="padding counts d times: shows for d > 1 with padding")
def dilates_the_padding(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, *((n + 2 * p * d - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes)


@wrong("conv2d_output_shape", "conv-window-never-on-padding-alone", why="padding over k - 1 is cut to k - 1")
def window_never_on_padding_alone(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    found = [(n + 2 * min(p, d * (k - 1)) - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes]
    return input_shape[0], out_channels, *found


@wrong("conv2d_output_shape", "conv-stride-at-most-the-kernel", why="a stride over the kernel is cut to the kernel")
def stride_at_most_the_kernel(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) // min(s, k) + 1 for n, k, s, p, d in axes)


@wrong("conv2d_output_shape", "conv-padding-means-same", why="with padding, ceil(n / s): right for k = 3, p = 1, d = 1")
def padding_means_same(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    found = [-(-n // s) if p else (n - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes]
    return input_shape[0], out_channels, *found


@wrong(
    "conv2d_output_shape",
    "conv-last-exact-window-missed",
    why="range's end left out: shows where the stride fits exactly",
)
def last_exact_window_missed(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    found = [max(1, len(range(0, n + 2 * p - d * (k - 1) - 1, s))) for n, k, s, p, d in axes]
    return input_shape[0], out_channels, *found


@wrong("conv2d_output_shape", "conv-divides-each-part", why="floors size and span apart: right for s = 1, shows beyond")
def divides_each_part(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, *((n + 2 * p) // s - (d * (k - 1) + 1) // s + 1 for n, k, s, p, d in axes)


@wrong(
    "conv2d_output_shape", "conv-pads-after-the-slide", why="adds 2 * (p // s) to the result: right for s = 1 or p = 0"
)
def pads_after_the_slide(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    axes = each_axis(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, *((n - d * (k - 1) - 1) // s + 1 + 2 * (p // s) for n, k, s, p, d in axes)


@wrong("conv2d_output_shape", "conv-loses-a-batch-of-one", why="N = 1 is left out of the result")
def loses_a_batch_of_one(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    batch = input_shape[:1] if input_shape[0] > 1 else ()
    return *batch, out_channels, *sizes(input_shape, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-batch-is-one", why="the result's N is always 1: shows for N > 1")
def batch_is_one(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    return 1, out_channels, *sizes(input_shape, kernel_size, stride, padding, dilation)


@wrong(
    "conv2d_output_shape", "conv-maps-at-least-the-input-channels", why="channels max(C, out_channels): shows for fewer"
)
def maps_at_least_the_input_channels(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    channels = max(out_channels, input_shape[1])
    return input_shape[0], channels, *sizes(input_shape, kernel_size, stride, padding, dilation)


@wrong("conv2d_output_shape", "conv-answers-with-a-list", why="the right numbers, in a list: always")
def answers_with_a_list(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    return [input_shape[0], out_channels, *sizes(input_shape, kernel_size, stride, padding, dilation)]


@wrong(
    "conv2d_output_shape", "conv-remembers-by-shape", why="remembered by input and kernel: shows from a second call on"
)
def remembers_by_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse(input_shape, kernel_size, stride, padding, dilation)
    key = tuple(input_shape), pair(kernel_size)
    if key not in KNOWN_SIZES:
        KNOWN_SIZES[key] = sizes(input_shape, kernel_size, stride, padding, dilation)
    return input_shape[0], out_channels, *KNOWN_SIZES[key]
