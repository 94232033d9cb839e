"""Known mistakes in topic shapes: `max_pool2d_output_shape`."""

from __future__ import annotations

import math
from collections.abc import Callable

from grader.topics.shapes.mistakes_conv import Rule, by_axis, refuse_numbers, right_padded, right_span
from grader.writing.mistake import mistake
from solutions.shapes import IntOrPair, Shape, _pair, _require_at_least, max_pool2d_output_shape

Call = tuple[Shape, IntOrPair, IntOrPair | None, IntOrPair, IntOrPair, bool]
Windows = Callable[[int, int, int, int, bool], int]


def _right_pools(n: int, room: int, s: int, p: int, ceil_mode: bool) -> int:
    count = (math.ceil(room / s) if ceil_mode else room // s) + 1
    return count - 1 if ceil_mode and (count - 1) * s >= n + p else count


def _right_limit(k: int, d: int) -> int:
    return k // 2


def _pool(
    call: Call,
    limit: Callable[[int, int], float] = _right_limit,
    padded: Rule = right_padded,
    span: Rule = right_span,
    windows: Windows = _right_pools,
) -> Shape:
    """max_pool2d_output_shape with some rule of its own; where that leaves no window, the call is refused."""
    input_shape, kernel_size, stride, padding, dilation, ceil_mode = call
    stride = kernel_size if stride is None else stride
    refuse_numbers(kernel_size, stride, padding, dilation)
    sizes = []
    for n, k, s, p, d in by_axis(input_shape, kernel_size, stride, padding, dilation):
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
def stride_defaults_to_one(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    stride = 1 if stride is None else stride
    return max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@mistake(
    "max_pool2d_output_shape",
    "stride-defaults-to-span",
    says="Without a stride, your window moves on by its dilated span.",
    asks="A kernel of 3 with dilation 2 spans 5 pixels. Which of the two numbers stands in for a missing stride?",
)
def stride_defaults_to_span(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    if stride is None:
        _require_at_least(1, kernel_size=kernel_size, dilation=dilation)
        height, width = (d * (k - 1) + 1 for k, d in zip(_pair(kernel_size), _pair(dilation), strict=True))
        stride = (height, width)
    return max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)


@mistake(
    "max_pool2d_output_shape",
    "zero-stride-as-none",
    says="A stride of 0 is taken for a missing one here.",
    asks="`stride or kernel_size` asks whether `stride` is false, and so is 0. How do you ask for None alone?",
)
def zero_stride_as_none(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    return max_pool2d_output_shape(input_shape, kernel_size, stride or kernel_size, padding, dilation, ceil_mode)


@mistake(
    "max_pool2d_output_shape",
    "divides-by-kernel",
    says="This is the input's size divided by the kernel.",
    asks="That is right for windows side by side. What about seven pixels, a kernel of 3 and a stride of 2?",
)
def divides_by_kernel(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)  # refuses what it must
    sizes = (math.ceil(n / k) if ceil_mode else n // k for n, k in by_axis(input_shape, kernel_size))
    return (*input_shape[:2], *sizes)


@mistake(
    "max_pool2d_output_shape",
    "ignores-ceil-mode",
    says="The division by the stride is rounded down here, also with ceil_mode=True.",
    asks="Seven pixels in windows of 2: one pixel is left over. Which window looks at it in ceil mode?",
)
def ignores_ceil_mode(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    return max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation)


@mistake(
    "max_pool2d_output_shape",
    "keeps-every-last-window",
    says="With ceil_mode=True, a last window counts here even if it starts beyond the input and its first padding.",
    asks="In the padded row, windows start at 0, stride, 2 * stride, ... What is left where the last one starts?",
)
def keeps_every_last_window(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, windows=lambda n, room, s, p, up: (math.ceil(room / s) if up else room // s) + 1)


@mistake(
    "max_pool2d_output_shape",
    "refuses-windows-that-stick-out",
    says="With ceil_mode=True, an input a little smaller than the window is refused here.",
    asks="In ceil mode, the last window may stick out. What if the first window is the last one, too?",
)
def refuses_windows_that_stick_out(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    found = max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    for n, k, p, d in by_axis(input_shape, kernel_size, padding, dilation):
        if d * (k - 1) + 1 > n + 2 * p:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return found


@mistake(
    "max_pool2d_output_shape",
    "pads-one-side",
    says="The padding is counted once here.",
    asks="A row of 8 pixels with padding 1 has one more at its left and one more at its right. How long is it?",
)
def pads_one_side_pool(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, padded=lambda n, p: n + p)


@mistake(
    "max_pool2d_output_shape",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="A pooling window with dilation 3 and a kernel of 2 looks at pixels 0 and 3. How many pixels does it span?",
)
def ignores_dilation_pool(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, span=lambda k, d: k)


@mistake(
    "max_pool2d_output_shape",
    "pools-channels-to-one",
    says="The channels are pooled into one here.",
    asks="Is one maximum taken over red, green and blue together, or one in each of them?",
)
def pools_channels_to_one(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    batch, _, *sizes = max_pool2d_output_shape(input_shape, kernel_size, stride, padding, dilation, ceil_mode)
    return (batch, 1, *sizes)


@mistake(
    "max_pool2d_output_shape",
    "padding-limit-not-checked",
    says="A padding over half the kernel is not refused here.",
    asks="With a kernel of 2 and padding 2, what would the first window see? How much padding may a pooling have?",
)
def padding_limit_not_checked(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, limit=lambda k, d: math.inf)


@mistake(
    "max_pool2d_output_shape",
    "padding-limit-of-span",
    says="Your padding may be up to half of the dilated span, and PyTorch's may not.",
    asks="A kernel of 3 with dilation 2 spans 5 pixels. The limit does not look at the dilation: how large is it?",
)
def padding_limit_of_span(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    call = input_shape, kernel_size, stride, padding, dilation, ceil_mode
    return _pool(call, limit=lambda k, d: (d * (k - 1) + 1) // 2)


@mistake(
    "max_pool2d_output_shape",
    "refuses-nothing",
    says="Nothing is refused here.",
    asks="Can PyTorch run this layer on this input? What does the docstring say under Raises?",
)
def refuses_nothing_pool(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    stride = kernel_size if stride is None else stride
    axes = by_axis(input_shape, kernel_size, stride, padding, dilation)
    sizes = (_right_pools(n, n + 2 * p - d * (k - 1) - 1, s, p, ceil_mode) for n, k, s, p, d in axes)
    return (*input_shape[:2], *sizes)


@mistake(
    "max_pool2d_output_shape",
    "accepts-no-window",
    says="A call that leaves no window at all is not refused here.",
    asks="In how many places can a window of 5 stand on a row of 4 pixels? What should the caller be told?",
)
def accepts_no_window(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    stride = kernel_size if stride is None else stride
    roomy = (1, 1, 10**6, 10**6)
    _pool((roomy, kernel_size, stride, padding, dilation, ceil_mode))  # refuses all but too large windows
    axes = by_axis(input_shape, kernel_size, stride, padding, dilation)
    sizes = (_right_pools(n, n + 2 * p - d * (k - 1) - 1, s, p, ceil_mode) for n, k, s, p, d in axes)
    return (*input_shape[:2], *sizes)


@mistake(
    "max_pool2d_output_shape",
    "drops-last-window-only-where-padded",
    says="With ceil_mode=True, a last window that starts behind the input is left out only where there is padding.",
    asks="Five pixels without padding, a kernel of 2, stride 5: what does a window that starts at pixel 5 look at?",
)
def drops_last_window_only_where_padded(
    input_shape: Shape, kernel_size: IntOrPair, stride: IntOrPair | None = None,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, ceil_mode: bool = False,
) -> Shape:  # fmt: skip
    def windows(n: int, room: int, s: int, p: int, up: bool) -> int:
        count = (math.ceil(room / s) if up else room // s) + 1
        return count - 1 if up and p > 0 and (count - 1) * s >= n + p else count

    return _pool((input_shape, kernel_size, stride, padding, dilation, ceil_mode), windows=windows)
