"""Known mistakes in topic shapes: `conv2d_output_shape`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from grader.writing.mistake import mistake
from solutions.shapes import IntOrPair, Shape, _pair, _require_at_least, conv2d_output_shape

Call = tuple[Shape, int, IntOrPair, IntOrPair, IntOrPair, IntOrPair]
Rule = Callable[[int, int], int]
Windows = Callable[[int, int, int], float]


def by_axis(input_shape: Shape, *arguments: IntOrPair) -> list[tuple[int, ...]]:
    """For the height and for the width: the input's size and its own number of each argument."""
    return list(zip(input_shape[2:], *map(_pair, arguments), strict=True))


def refuse_numbers(kernel_size: IntOrPair, stride: IntOrPair, padding: IntOrPair, dilation: IntOrPair) -> None:
    _require_at_least(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    _require_at_least(0, padding=padding)


def right_padded(n: int, p: int) -> int:
    return n + 2 * p


def right_span(k: int, d: int) -> int:
    return d * (k - 1) + 1


def _right_windows(room: int, s: int, p: int) -> int:
    return room // s + 1


def _conv(call: Call, padded: Rule = right_padded, span: Rule = right_span, windows: Windows = _right_windows) -> Shape:
    """conv2d_output_shape with some rule of its own; what does not fit by its own rules is refused."""
    input_shape, out_channels, kernel_size, stride, padding, dilation = call
    refuse_numbers(kernel_size, stride, padding, dilation)
    sizes: list[Any] = []
    for n, k, s, p, d in by_axis(input_shape, kernel_size, stride, padding, dilation):
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
def pads_one_side(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, padded=lambda n, p: n + p)


@mistake(
    "conv2d_output_shape",
    "no-plus-one",
    says="The steps of the window are counted here, and the place where it starts is left out.",
    asks="A kernel as large as the input cannot take a single step. In how many places does it stand?",
)
def no_plus_one(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: room // s)


@mistake(
    "conv2d_output_shape",
    "rounds-up",
    says="The division by the stride is rounded up, so a last window that sticks out is counted too.",
    asks="Six pixels, a kernel of 3, stride 2: at which pixels can a window start so that the whole of it fits?",
)
def rounds_up(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: math.ceil(room / s) + 1)


@mistake(
    "conv2d_output_shape",
    "divides-into-floats",
    says="Your sizes are floats: the division by the stride keeps its fraction.",
    asks="Can a window stand in half a place? Python has two divisions: which one gives whole numbers?",
)
def divides_into_floats(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: room / s + 1)


@mistake(
    "conv2d_output_shape",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="With dilation 2, a kernel of 3 looks at pixels 0, 2 and 4. How many pixels does it span?",
)
def ignores_dilation(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, span=lambda k, d: k)


@mistake(
    "conv2d_output_shape",
    "dilation-times-kernel",
    says="The window's span is taken for dilation times kernel, as if there were a gap behind its last pixel, too.",
    asks="With dilation 2, a kernel of 3 looks at pixels 0, 2 and 4. Are these 6 pixels from end to end?",
)
def dilation_times_kernel(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, span=lambda k, d: d * k)


@mistake(
    "conv2d_output_shape",
    "swaps-stride-and-dilation",
    says="Stride and dilation have changed places.",
    asks="One of them says how far the window moves, the other how far it is stretched. Which is which?",
)
def swaps_stride_and_dilation(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    refuse_numbers(kernel_size, stride, padding, dilation)
    return conv2d_output_shape(input_shape, out_channels, kernel_size, dilation, padding, stride)


@mistake(
    "conv2d_output_shape",
    "pads-after-sliding",
    says="The padding is added to the result, as if the window had moved over the bare input.",
    asks="At stride 1 both ways agree. At stride 2, does each pixel of the padding give a window of its own?",
)
def pads_after_sliding(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: (room - 2 * p) // s + 1 + 2 * p)


@mistake(
    "conv2d_output_shape",
    "swaps-height-and-width",
    says="The height and the width of your result have changed places.",
    asks="A picture of 5 rows with 9 pixels each has H = 5 and W = 9. Which of them comes last in (N, C, H, W)?",
)
def swaps_height_and_width(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    *front, height, width = conv2d_output_shape(input_shape, out_channels, kernel_size, stride, padding, dilation)
    return (*front, width, height)


@mistake(
    "conv2d_output_shape",
    "pairs-as-width-height",
    says="Your function takes pairs for (width, height).",
    asks="With kernel_size=(5, 1), is the window higher than wide, or wider than high?",
)
def pairs_as_width_height(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    arguments = [_pair(value)[::-1] for value in (kernel_size, stride, padding, dilation)]
    return conv2d_output_shape(input_shape, out_channels, *arguments)


@mistake(
    "conv2d_output_shape",
    "one-number-for-both-axes",
    says="Of a pair, only the first number is used, for both axes.",
    asks="With stride=(2, 1), how far does the window move down, and how far to the right?",
)
def one_number_for_both_axes(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    arguments = [_pair(value)[0] for value in (kernel_size, stride, padding, dilation)]
    return conv2d_output_shape(input_shape, out_channels, *arguments)


@mistake(
    "conv2d_output_shape",
    "assumes-square-input",
    says="The width of your result is worked out from the input's height.",
    asks="A picture need not be square. Which entry of (N, C, H, W) decides how many columns come out?",
)
def assumes_square_input(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    square = (*input_shape[:3], input_shape[2])
    return conv2d_output_shape(square, out_channels, kernel_size, stride, padding, dilation)


@mistake(
    "conv2d_output_shape",
    "keeps-input-channels",
    says="Your result has as many channels as the input.",
    asks="Each filter looks at all input channels and makes one map of them. How many filters are there?",
)
def keeps_input_channels(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    return conv2d_output_shape(input_shape, input_shape[1], kernel_size, stride, padding, dilation)


@mistake(
    "conv2d_output_shape",
    "ignores-stride",
    says="The window moves on by one pixel here, whatever the stride.",
    asks="Nine pixels, a kernel of 3, stride 2: the window starts at 0, 2, ... Where does it start last?",
)
def ignores_stride(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, windows=lambda room, s, p: room + 1)


@mistake(
    "conv2d_output_shape",
    "ignores-padding",
    says="The padding does not count here: this is the answer for padding 0.",
    asks="How long is a row of 8 pixels once it has one more at each end, and how many windows of 3 fit there?",
)
def ignores_padding(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    call = input_shape, out_channels, kernel_size, stride, padding, dilation
    return _conv(call, padded=lambda n, p: n)


@mistake(
    "conv2d_output_shape",
    "pairs-not-supported",
    says="An argument that is a pair, such as dilation=(2, 1), ends in an error here.",
    asks="Height and width follow the same rule, each with its own numbers. How could an int become a pair first?",
)
def pairs_not_supported_conv(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    conv2d_output_shape(input_shape, out_channels, kernel_size, stride, padding, dilation)  # refuses what it must
    sizes = ((n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1 for n in input_shape[2:])  # type: ignore[operator]
    return (input_shape[0], out_channels, *sizes)


@mistake(
    "conv2d_output_shape",
    "refuses-nothing",
    says="Nothing is refused here.",
    asks="What would a picture of height 0 be, and how far does a window with stride 0 get? Who should say so?",
)
def refuses_nothing_conv(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    axes = by_axis(input_shape, kernel_size, stride, padding, dilation)
    return (input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes))


@mistake(
    "conv2d_output_shape",
    "accepts-too-large-windows",
    says="A window that spans more than the padded input is not refused here.",
    asks="In how many places can a kernel of 5 stand on a row of 4 pixels? What should the caller be told?",
)
def accepts_too_large_windows(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    refuse_numbers(kernel_size, stride, padding, dilation)
    axes = by_axis(input_shape, kernel_size, stride, padding, dilation)
    return (input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes))


@mistake(
    "conv2d_output_shape",
    "accepts-size-zero",
    says="A result of height or width 0 is not refused here; only one below 0 is.",
    asks="A window that is one pixel too large has 0 places to stand. Can a picture have 0 rows?",
)
def accepts_size_zero(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    found = accepts_too_large_windows(input_shape, out_channels, kernel_size, stride, padding, dilation)
    if min(found) < 0:
        raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return found


@mistake(
    "conv2d_output_shape",
    "refuses-exact-fit",
    says="A window exactly as large as the padded input is refused here.",
    asks="A kernel of 5 on a row of 5 pixels: does the whole of it fit, and in how many places?",
)
def refuses_exact_fit(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    for n, k, p, d in by_axis(input_shape, kernel_size, padding, dilation):
        if d * (k - 1) + 1 >= n + 2 * p:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return conv2d_output_shape(input_shape, out_channels, kernel_size, stride, padding, dilation)


@mistake(
    "conv2d_output_shape",
    "width-from-the-new-height",
    says="The width of your result is worked out from its height, not from the width of the input.",
    asks="After `height = ...`, is `height` still the input's? Which number does your line for the width begin with?",
)
def width_from_the_new_height(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    *front, height, _ = conv2d_output_shape(input_shape, out_channels, kernel_size, stride, padding, dilation)
    k, s, p, d = (_pair(value)[1] for value in (kernel_size, stride, padding, dilation))
    return (*front, height, (height + 2 * p - d * (k - 1) - 1) // s + 1)


@mistake(
    "conv2d_output_shape",
    "dilation-of-the-other-axis",
    says="The dilation of the height is used for the width, and that of the width for the height.",
    asks="With dilation=(2, 1), which of the two numbers stretches the kernel downwards? Which one do you use for the rows?",
)
def dilation_of_the_other_axis(
    input_shape: Shape, out_channels: int, kernel_size: IntOrPair,
    stride: IntOrPair = 1, padding: IntOrPair = 0, dilation: IntOrPair = 1,
) -> Shape:  # fmt: skip
    return conv2d_output_shape(input_shape, out_channels, kernel_size, stride, padding, _pair(dilation)[::-1])
