"""Known mistakes in topic shapes."""

from __future__ import annotations

import copy
import math

from torch import nn

from grader.misconceptions.base import mistake
from solutions.shapes import (
    _pair,
    _require_at_least,
    _shape_after,
    conv2d_output_shape,
    conv2d_parameter_shapes,
    max_pool2d_output_shape,
    same_padding,
    trace_shapes,
)

# conv2d_parameter_shapes


@mistake(
    "conv2d_parameter_shapes",
    "swaps-in-and-out",
    says="Your weight has the input channels first, and PyTorch has the output channels first.",
    asks="From 3 to 8 channels there are 8 filters. Which number counts them, and which says how deep each one is?",
)
def swaps_in_and_out(in_channels, out_channels, kernel_size):
    (_, _, *kernel), bias = conv2d_parameter_shapes(in_channels, out_channels, kernel_size)
    return (in_channels, out_channels, *kernel), bias


@mistake(
    "conv2d_parameter_shapes",
    "bias-per-input-channel",
    says="Your bias has one number for each input channel.",
    asks="The bias is added to what comes out of the layer. How many channels are there to add it to?",
)
def bias_per_input_channel(in_channels, out_channels, kernel_size):
    weight, _ = conv2d_parameter_shapes(in_channels, out_channels, kernel_size)
    return weight, (in_channels,)


@mistake(
    "conv2d_parameter_shapes",
    "bias-as-int",
    says="The shape of your bias is a plain number, and a shape is a tuple, even with a single number in it.",
    asks="Ask Python for `type((8))` and for `type((8,))`. What makes the difference?",
)
def bias_as_int(in_channels, out_channels, kernel_size):
    weight, _ = conv2d_parameter_shapes(in_channels, out_channels, kernel_size)
    return weight, out_channels


@mistake(
    "conv2d_parameter_shapes",
    "forgets-the-bias",
    says="This is the weight's shape alone.",
    asks="`nn.Conv2d` holds two parameters. Which one is added after the sum of products, and what is its shape?",
)
def forgets_the_bias(in_channels, out_channels, kernel_size):
    return conv2d_parameter_shapes(in_channels, out_channels, kernel_size)[0]


@mistake(
    "conv2d_parameter_shapes",
    "no-input-channel-axis",
    says="Your filters have a height and a width, but no depth.",
    asks="A window of 5 by 5 on a colour picture covers three channels. How many numbers must its filter have?",
)
def no_input_channel_axis(in_channels, out_channels, kernel_size):
    (_, _, *kernel), bias = conv2d_parameter_shapes(in_channels, out_channels, kernel_size)
    return (out_channels, *kernel), bias


@mistake(
    "conv2d_parameter_shapes",
    "kernel-as-width-height",
    says="The kernel's height and width have changed places.",
    asks="A pair is (height, width). Which of the two comes first in (N, C, H, W), and which in a weight's shape?",
)
def kernel_as_width_height(in_channels, out_channels, kernel_size):
    return conv2d_parameter_shapes(in_channels, out_channels, _pair(kernel_size)[::-1])


@mistake(
    "conv2d_parameter_shapes",
    "pairs-not-supported",
    says="A kernel that is a pair, such as (5, 2), is not taken apart: it stands in your shape as it is.",
    asks="An int counts for both axes: 3 means (3, 3). What if you made a pair of it first, and then had pairs only?",
)
def pairs_not_supported(in_channels, out_channels, kernel_size):
    conv2d_parameter_shapes(in_channels, out_channels, kernel_size)  # refuses what it must
    return (out_channels, in_channels, kernel_size, kernel_size), (out_channels,)


@mistake(
    "conv2d_parameter_shapes",
    "refuses-nothing",
    says="A kernel below 1 is not refused here.",
    asks="How many numbers are there in a filter of 0 rows? Which error says so, and what must its text name?",
)
def refuses_nothing(in_channels, out_channels, kernel_size):
    return (out_channels, in_channels, *_pair(kernel_size)), (out_channels,)


# conv2d_output_shape


def _axes(input_shape, *arguments):
    """For the height and for the width: the input's size and its own number of each argument."""
    return list(zip(input_shape[2:], *map(_pair, arguments), strict=True))


def _refuse_numbers(kernel_size, stride, padding, dilation):
    _require_at_least(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    _require_at_least(0, padding=padding)


def _right_padded(n, p):
    return n + 2 * p


def _right_span(k, d):
    return d * (k - 1) + 1


def _right_windows(room, s, p):
    return room // s + 1


def _conv(call, padded=_right_padded, span=_right_span, windows=_right_windows):
    """conv2d_output_shape with some rule of its own; what does not fit by its own rules is refused."""
    input_shape, out_channels, kernel_size, stride, padding, dilation = call
    _refuse_numbers(kernel_size, stride, padding, dilation)
    sizes = []
    for n, k, s, p, d in _axes(input_shape, kernel_size, stride, padding, dilation):
        room = padded(n, p) - span(k, d)
        if room < 0:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
        sizes.append(windows(room, s, p))
    return (input_shape[0], out_channels, *sizes)


@mistake(
    "conv2d_output_shape",
    "pads-one-side",
    says="This is what you get when the padding is counted once.",
    asks="A padded row has two ends: where is the other one?",
)
def pads_one_side(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, padded=lambda n, p: n + p)


@mistake(
    "conv2d_output_shape",
    "no-plus-one",
    says="The steps of the window are counted here, and the place where it starts is left out.",
    asks="A kernel as large as the input cannot take a single step. In how many places does it stand?",
)
def no_plus_one(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: room // s)


@mistake(
    "conv2d_output_shape",
    "rounds-up",
    says="The division by the stride is rounded up, so a last window that sticks out is counted too.",
    asks="Six pixels, a kernel of 3, stride 2: at which pixels can a window start so that the whole of it fits?",
)
def rounds_up(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: math.ceil(room / s) + 1)


@mistake(
    "conv2d_output_shape",
    "divides-into-floats",
    says="Your sizes are floats: the division by the stride keeps its fraction.",
    asks="Can a window stand in half a place? Python has two divisions: which one gives whole numbers?",
)
def divides_into_floats(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: room / s + 1)


@mistake(
    "conv2d_output_shape",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="With dilation 2, a kernel of 3 looks at pixels 0, 2 and 4. How many pixels does it span?",
)
def ignores_dilation(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, span=lambda k, d: k)


@mistake(
    "conv2d_output_shape",
    "dilation-times-kernel",
    says="The window's span is taken for dilation times kernel, as if there were a gap behind its last pixel, too.",
    asks="With dilation 2, a kernel of 3 looks at pixels 0, 2 and 4. Are these 6 pixels from end to end?",
)
def dilation_times_kernel(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, span=lambda k, d: d * k)


@mistake(
    "conv2d_output_shape",
    "swaps-stride-and-dilation",
    says="Stride and dilation have changed places.",
    asks="One of them says how far the window moves, the other how far it is stretched. Which is which?",
)
def swaps_stride_and_dilation(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    _refuse_numbers(kernel_size, stride, padding, dilation)
    return conv2d_output_shape(input_shape, out_channels, kernel_size, dilation, padding, stride)


@mistake(
    "conv2d_output_shape",
    "pads-after-sliding",
    says="The padding is added to the result, as if the window had moved over the bare input.",
    asks="At stride 1 both ways agree. At stride 2, does each pixel of the padding give a window of its own?",
)
def pads_after_sliding(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: (room - 2 * p) // s + 1 + 2 * p)


@mistake(
    "conv2d_output_shape",
    "swaps-height-and-width",
    says="The height and the width of your result have changed places.",
    asks="A picture of 5 rows with 9 pixels each has H = 5 and W = 9. Which of them comes last in (N, C, H, W)?",
)
def swaps_height_and_width(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    *front, height, width = conv2d_output_shape(input_shape, out_channels, kernel_size, stride, padding, dilation)
    return (*front, width, height)


@mistake(
    "conv2d_output_shape",
    "pairs-as-width-height",
    says="Your function takes pairs for (width, height).",
    asks="With kernel_size=(5, 1), is the window higher than wide, or wider than high?",
)
def pairs_as_width_height(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    arguments = [_pair(value)[::-1] for value in (kernel_size, stride, padding, dilation)]
    return conv2d_output_shape(input_shape, out_channels, *arguments)


@mistake(
    "conv2d_output_shape",
    "one-number-for-both-axes",
    says="Of a pair, only the first number is used, for both axes.",
    asks="With stride=(2, 1), how far does the window move down, and how far to the right?",
)
def one_number_for_both_axes(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    arguments = [_pair(value)[0] for value in (kernel_size, stride, padding, dilation)]
    return conv2d_output_shape(input_shape, out_channels, *arguments)


@mistake(
    "conv2d_output_shape",
    "assumes-square-input",
    says="The width of your result is worked out from the input's height.",
    asks="A picture need not be square. Which entry of (N, C, H, W) decides how many columns come out?",
)
def assumes_square_input(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    square = (*input_shape[:3], input_shape[2])
    return conv2d_output_shape(square, out_channels, kernel_size, stride, padding, dilation)


@mistake(
    "conv2d_output_shape",
    "keeps-input-channels",
    says="Your result has as many channels as the input.",
    asks="Each filter looks at all input channels and makes one map of them. How many filters are there?",
)
def keeps_input_channels(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    return conv2d_output_shape(input_shape, input_shape[1], kernel_size, stride, padding, dilation)


@mistake(
    "conv2d_output_shape",
    "ignores-stride",
    says="The window moves on by one pixel here, whatever the stride.",
    asks="Nine pixels, a kernel of 3, stride 2: the window starts at 0, 2, ... Where does it start last?",
)
def ignores_stride(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: room + 1)


@mistake(
    "conv2d_output_shape",
    "ignores-padding",
    says="The padding does not count here: this is the answer for padding 0.",
    asks="How long is a row of 8 pixels once it has one more at each end, and how many windows of 3 fit there?",
)
def ignores_padding(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, padded=lambda n, p: n)


@mistake(
    "conv2d_output_shape",
    "pairs-not-supported",
    says="A pair, such as stride=(2, 1), ends in an error here.",
    asks="Height and width follow the same rule, each with its own numbers. How could an int become a pair first?",
)
def pairs_not_supported_conv(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    conv2d_output_shape(input_shape, out_channels, kernel_size, stride, padding, dilation)  # refuses what it must
    sizes = ((n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1 for n in input_shape[2:])
    return (input_shape[0], out_channels, *sizes)


@mistake(
    "conv2d_output_shape",
    "refuses-nothing",
    says="Nothing is refused here.",
    asks="What would a picture of height 0 be, and how far does a window with stride 0 get? Who should say so?",
)
def refuses_nothing_conv(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    axes = _axes(input_shape, kernel_size, stride, padding, dilation)
    return (input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes))


@mistake(
    "conv2d_output_shape",
    "accepts-too-large-windows",
    says="A window that spans more than the padded input is not refused here.",
    asks="In how many places can a kernel of 5 stand on a row of 4 pixels? What should the caller be told?",
)
def accepts_too_large_windows(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    _refuse_numbers(kernel_size, stride, padding, dilation)
    axes = _axes(input_shape, kernel_size, stride, padding, dilation)
    return (input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes))


@mistake(
    "conv2d_output_shape",
    "refuses-exact-fit",
    says="A window exactly as large as the padded input is refused here.",
    asks="A kernel of 5 on a row of 5 pixels: does the whole of it fit, and in how many places?",
)
def refuses_exact_fit(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    for n, k, p, d in _axes(input_shape, kernel_size, padding, dilation):
        if d * (k - 1) + 1 >= n + 2 * p:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return conv2d_output_shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


# max_pool2d_output_shape


def _right_pools(n, room, s, p, ceil_mode):
    count = (math.ceil(room / s) if ceil_mode else room // s) + 1
    return count - 1 if ceil_mode and (count - 1) * s >= n + p else count


def _right_limit(k, d):
    return k // 2


def _pool(call, limit=_right_limit, padded=_right_padded, span=_right_span, windows=_right_pools):
    """max_pool2d_output_shape with some rule of its own; where that leaves no window, the call is refused."""
    input_shape, kernel_size, stride, padding, dilation, ceil_mode = call
    stride = kernel_size if stride is None else stride
    _refuse_numbers(kernel_size, stride, padding, dilation)
    sizes = []
    for n, k, s, p, d in _axes(input_shape, kernel_size, stride, padding, dilation):
        if p > limit(k, d):
            raise ValueError(f"padding={padding} is too large for kernel_size={kernel_size}")
        sizes.append(windows(n, padded(n, p) - span(k, d), s, p, ceil_mode))
    if min(sizes) < 1:
        raise ValueError(f"kernel_size={kernel_size} leaves no window in input_shape={input_shape}")
    return (*input_shape[:2], *sizes)


@mistake(
    "max_pool2d_output_shape",
    "stride-defaults-to-one",
    says="Without a stride, your window moves on by one pixel.",
    asks="That is what a convolution does. What does a pooling take where `stride` is None?",
)
def stride_defaults_to_one(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = 1 if stride is None else stride
    return max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@mistake(
    "max_pool2d_output_shape",
    "stride-defaults-to-span",
    says="Without a stride, your window moves on by its dilated span.",
    asks="A kernel of 3 with dilation 2 spans 5 pixels. Which of the two numbers stands in for a missing stride?",
)
def stride_defaults_to_span(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        _require_at_least(1, kernel_size=kernel_size, dilation=dilation)
        stride = tuple(d * (k - 1) + 1 for k, d in zip(_pair(kernel_size), _pair(dilation), strict=True))
    return max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@mistake(
    "max_pool2d_output_shape",
    "zero-stride-as-none",
    says="A stride of 0 is taken for a missing one here.",
    asks="`stride or kernel_size` asks whether `stride` is false, and so is 0. How do you ask for None alone?",
)
def zero_stride_as_none(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    return max_pool2d_output_shape(input_shape, kernel_size, stride or kernel_size, padding, dilation, ceil_mode)


@mistake(
    "max_pool2d_output_shape",
    "divides-by-kernel",
    says="This is the input's size divided by the kernel.",
    asks="That is right for windows side by side. What about seven pixels, a kernel of 3 and a stride of 2?",
)
def divides_by_kernel(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)  # refuses what it must
    sizes = (math.ceil(n / k) if ceil_mode else n // k for n, k in _axes(input_shape, kernel_size))
    return (*input_shape[:2], *sizes)


@mistake(
    "max_pool2d_output_shape",
    "ignores-ceil-mode",
    says="The division by the stride is rounded down here, also with ceil_mode=True.",
    asks="Seven pixels in windows of 2: one pixel is left over. Which window looks at it in ceil mode?",
)
def ignores_ceil_mode(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    return max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation)


@mistake(
    "max_pool2d_output_shape",
    "keeps-every-last-window",
    says="With ceil_mode=True, a last window counts here even if it starts beyond the input and its first padding.",
    asks="In the padded row, windows start at 0, stride, 2 * stride, ... What is left where the last one starts?",
)
def keeps_every_last_window(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, windows=lambda n, room, s, p, up: (math.ceil(room / s) if up else room // s) + 1)


@mistake(
    "max_pool2d_output_shape",
    "refuses-windows-that-stick-out",
    says="With ceil_mode=True, an input a little smaller than the window is refused here.",
    asks="In ceil mode, the last window may stick out. What if the first window is the last one, too?",
)
def refuses_windows_that_stick_out(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    found = max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    for n, k, p, d in _axes(input_shape, kernel_size, padding, dilation):
        if d * (k - 1) + 1 > n + 2 * p:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return found


@mistake(
    "max_pool2d_output_shape",
    "pads-one-side",
    says="The padding is counted once here.",
    asks="A row of 8 pixels with padding 1 has one more at its left and one more at its right. How long is it?",
)
def pads_one_side_pool(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, padded=lambda n, p: n + p)


@mistake(
    "max_pool2d_output_shape",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="A pooling window with dilation 3 and a kernel of 2 looks at pixels 0 and 3. How many pixels does it span?",
)
def ignores_dilation_pool(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, span=lambda k, d: k)


@mistake(
    "max_pool2d_output_shape",
    "pools-channels-to-one",
    says="The channels are pooled into one here.",
    asks="Is one maximum taken over red, green and blue together, or one in each of them?",
)
def pools_channels_to_one(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    batch, _, *sizes = max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return (batch, 1, *sizes)


@mistake(
    "max_pool2d_output_shape",
    "padding-limit-not-checked",
    says="A padding over half the kernel is not refused here.",
    asks="With a kernel of 2 and padding 2, what would the first window see? How much padding may a pooling have?",
)
def padding_limit_not_checked(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, limit=lambda k, d: math.inf)


@mistake(
    "max_pool2d_output_shape",
    "padding-limit-of-span",
    says="Your padding may be up to half of the dilated span, and PyTorch's may not.",
    asks="A kernel of 3 with dilation 2 spans 5 pixels. The limit does not look at the dilation: how large is it?",
)
def padding_limit_of_span(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, limit=lambda k, d: (d * (k - 1) + 1) // 2)


@mistake(
    "max_pool2d_output_shape",
    "refuses-nothing",
    says="Nothing is refused here.",
    asks="Can PyTorch run this layer on this input? What does the docstring say under Raises?",
)
def refuses_nothing_pool(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    axes = _axes(input_shape, kernel_size, stride, padding, dilation)
    sizes = (_right_pools(n, n + 2 * p - d * (k - 1) - 1, s, p, ceil_mode) for n, k, s, p, d in axes)
    return (*input_shape[:2], *sizes)


@mistake(
    "max_pool2d_output_shape",
    "accepts-no-window",
    says="A call that leaves no window at all is not refused here.",
    asks="In how many places can a window of 5 stand on a row of 4 pixels? What should the caller be told?",
)
def accepts_no_window(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    _pool(
        ((1, 1, 10**6, 10**6), kernel_size, stride, padding, dilation, ceil_mode)
    )  # refuses all but too large windows
    axes = _axes(input_shape, kernel_size, stride, padding, dilation)
    sizes = (_right_pools(n, n + 2 * p - d * (k - 1) - 1, s, p, ceil_mode) for n, k, s, p, d in axes)
    return (*input_shape[:2], *sizes)


# same_padding


def _losses(kernel_size, dilation):
    """The pixels that a convolution without padding takes from the height and from the width."""
    return [d * (k - 1) for k, d in zip(_pair(kernel_size), _pair(dilation), strict=True)]


@mistake(
    "same_padding",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="With dilation 2, a kernel of 3 spans 5 pixels. How many pixels does a row lose then?",
)
def same_ignores_dilation(kernel_size, dilation=1):
    _require_at_least(1, kernel_size=kernel_size, dilation=dilation)
    return same_padding(kernel_size)


@mistake(
    "same_padding",
    "half-kernel-times-dilation",
    says="This is half of the kernel, rounded down, times the dilation. For an even kernel that is too much.",
    asks="A kernel of 2 with dilation 2 looks at pixels 0 and 2. How much does a row lose, and what is half of it?",
)
def half_kernel_times_dilation(kernel_size, dilation=1):
    same_padding(kernel_size, dilation)  # refuses what it must
    return tuple(d * (k // 2) for k, d in zip(_pair(kernel_size), _pair(dilation), strict=True))


@mistake(
    "same_padding",
    "returns-the-total",
    says="This is what both ends need together.",
    asks="The same number of pixels is added at both ends. How many does one end need?",
)
def returns_the_total(kernel_size, dilation=1):
    same_padding(kernel_size, dilation)  # refuses what it must
    return tuple(_losses(kernel_size, dilation))


@mistake(
    "same_padding",
    "returns-one-int",
    says="For a kernel that is an int, your padding is an int as well, and it should always be a pair.",
    asks="Whoever calls your function wants to unpack a height and a width. What are they for a kernel of 5?",
)
def returns_one_int(kernel_size, dilation=1):
    found = same_padding(kernel_size, dilation)
    return found[0] if isinstance(kernel_size, int) and isinstance(dilation, int) else found


@mistake(
    "same_padding",
    "returns-floats",
    says="Your padding comes in floats.",
    asks="A padding counts pixels. Python has two divisions: which one gives whole numbers?",
)
def returns_floats(kernel_size, dilation=1):
    same_padding(kernel_size, dilation)  # refuses what it must
    return tuple(loss / 2 for loss in _losses(kernel_size, dilation))


@mistake(
    "same_padding",
    "rounds-odd-loss-down",
    says="Where an odd number of pixels is lost, half of it is rounded down here.",
    asks="A kernel of 4 loses 3 pixels. Does a padding of 1 at both ends give back all three?",
)
def rounds_odd_loss_down(kernel_size, dilation=1):
    _require_at_least(1, kernel_size=kernel_size, dilation=dilation)
    return tuple(loss // 2 for loss in _losses(kernel_size, dilation))


@mistake(
    "same_padding",
    "refuses-every-even-kernel",
    says="Every even kernel is refused here.",
    asks="A kernel of 2 with dilation 2 looks at pixels 0 and 2. Which padding gives back what a row loses?",
)
def refuses_every_even_kernel(kernel_size, dilation=1):
    if any(k % 2 == 0 for k in _pair(kernel_size)):
        raise ValueError(f"kernel_size must be odd, got kernel_size={kernel_size}")
    return same_padding(kernel_size, dilation)


@mistake(
    "same_padding",
    "refuses-nothing",
    says="Nothing is refused here: there is always a padding.",
    asks="A kernel of 4 loses 3 pixels. Which padding, the same at both ends, gives back 3? And what is a kernel of 0?",
)
def same_refuses_nothing(kernel_size, dilation=1):
    return tuple(loss // 2 for loss in _losses(kernel_size, dilation))


# trace_shapes


def _walk(layers, input_shape, step):
    """trace_shapes with another rule for one layer."""
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        try:
            shapes.append(step(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{index}] is a {type(layer).__name__} that does not fit: {error}") from error
    return shapes


def _with(layer, **settings):
    """The layer with some of its settings changed."""
    changed = copy.copy(layer)
    for name, value in settings.items():
        setattr(changed, name, value)
    return changed


@mistake(
    "trace_shapes",
    "leaves-out-the-input",
    says="Your list starts behind the first layer.",
    asks="Which shape is there before any layer has been applied? For three layers, the list has four shapes.",
)
def leaves_out_the_input(layers, input_shape):
    return trace_shapes(layers, input_shape)[1:]


@mistake(
    "trace_shapes",
    "no-entry-for-relu",
    says="A ReLU adds nothing to your list.",
    asks="A ReLU changes no shape, but it is a layer. How long should the list be for a Conv2d and a ReLU?",
)
def no_entry_for_relu(layers, input_shape):
    shapes = trace_shapes(layers, input_shape)
    behind = (shape for layer, shape in zip(layers, shapes[1:], strict=True) if not isinstance(layer, nn.ReLU))
    return [shapes[0], *behind]


@mistake(
    "trace_shapes",
    "last-shape-only",
    says="This is the last shape alone.",
    asks="Where does a shape go wrong in a deep network? Which other shapes would you want to see to find out?",
)
def last_shape_only(layers, input_shape):
    return trace_shapes(layers, input_shape)[-1]


@mistake(
    "trace_shapes",
    "flattens-the-batch",
    says="`nn.Flatten()` makes one single axis here, of the batch too.",
    asks="Behind a Flatten, each picture is a row. Which axis tells how many pictures there are?",
)
def flattens_the_batch(layers, input_shape):
    def step(layer, shape):
        return (math.prod(shape),) if isinstance(layer, nn.Flatten) else _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "flatten-needs-four-axes",
    says="Your Flatten takes shapes with four axes and no others.",
    asks="What does a second `nn.Flatten()` do to (2, 24)? Would your rule work however many axes there are?",
)
def flatten_needs_four_axes(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.Flatten):
            batch, channels, height, width = shape
            return (batch, channels * height * width)
        return _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "linear-flattens-by-itself",
    says="Your linear layer flattens its input by itself.",
    asks="`nn.Linear` looks at the last axis alone. Which layer must come before it to make (2, 8, 7, 7) a (2, 392)?",
)
def linear_flattens_by_itself(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.Linear):
            shape = (shape[0], math.prod(shape[1:]))
        return _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "linear-drops-middle-axes",
    says="Behind a linear layer your shape has two axes, whatever came in.",
    asks="`nn.Linear` changes the last axis alone. What does nn.Linear(5, 7) make of (2, 3, 4, 5)?",
)
def linear_drops_middle_axes(layers, input_shape):
    def step(layer, shape):
        found = _shape_after(layer, shape)
        return (found[0], found[-1]) if isinstance(layer, nn.Linear) else found

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "channels-not-checked",
    says="Your convolution takes any number of channels.",
    asks="Its filters are `in_channels` deep. Can a filter that is 2 deep look at an input of 3 channels?",
)
def channels_not_checked(layers, input_shape):
    def step(layer, shape):
        return _shape_after(_with(layer, in_channels=shape[1]) if isinstance(layer, nn.Conv2d) else layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "features-not-checked",
    says="Your linear layer takes any number of features.",
    asks="It has a weight for each of `in_features` numbers. What if the last axis holds more of them, or fewer?",
)
def features_not_checked(layers, input_shape):
    def step(layer, shape):
        return _shape_after(_with(layer, in_features=shape[-1]) if isinstance(layer, nn.Linear) else layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "no-inputs-checked",
    says="Your layers take whatever comes: a convolution any channels, a linear layer any features.",
    asks="Which attribute of a Conv2d, and which of a Linear, says what its input must look like?",
)
def no_inputs_checked(layers, input_shape):
    def step(layer, shape):
        fitting = {nn.Conv2d: {"in_channels": shape[1]}, nn.Linear: {"in_features": shape[-1]}}
        return _shape_after(_with(layer, **fitting.get(type(layer), {})), shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "only-kernel-passed-on",
    says="Of a layer's settings, only the kernel is used here.",
    asks="Print a layer: which numbers does it hold besides the kernel, and where do they belong in your call?",
)
def only_kernel_passed_on(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
            stride = 1 if isinstance(layer, nn.Conv2d) else None
            layer = _with(layer, stride=stride, padding=0, dilation=1, ceil_mode=False)
        return _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "dilation-not-passed-on",
    says="The dilation of your layers is never used.",
    asks="A layer keeps its dilation, as it keeps its stride and its padding. Which of the three do you pass on?",
)
def dilation_not_passed_on(layers, input_shape):
    def step(layer, shape):
        return _shape_after(_with(layer, dilation=1), shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "ceil-mode-not-passed-on",
    says="The `ceil_mode` of a pooling layer is never used.",
    asks="Five settings of a MaxPool2d have to do with its size. Which four do you pass on?",
)
def ceil_mode_not_passed_on(layers, input_shape):
    def step(layer, shape):
        return _shape_after(_with(layer, ceil_mode=False), shape)

    return _walk(layers, input_shape, step)
