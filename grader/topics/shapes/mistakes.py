"""Known mistakes in topic shapes: `conv2d_parameter_shapes` and `same_padding`. The others have files of their own."""

from __future__ import annotations

from grader.writing.mistake import mistake
from solutions.shapes import IntOrPair, Shape, _pair, _require_at_least, conv2d_parameter_shapes, same_padding

# conv2d_parameter_shapes


@mistake(
    "conv2d_parameter_shapes",
    "swaps-in-and-out",
    says="Your weight has the input channels first, and PyTorch has the output channels first.",
    asks="From 3 to 8 channels there are 8 filters. Which number counts them, and which says how deep each one is?",
)
def swaps_in_and_out(in_channels: int, out_channels: int, kernel_size: IntOrPair) -> tuple[Shape, Shape]:
    (_, _, *kernel), bias = conv2d_parameter_shapes(in_channels, out_channels, kernel_size)
    return (in_channels, out_channels, *kernel), bias


@mistake(
    "conv2d_parameter_shapes",
    "bias-per-input-channel",
    says="Your bias has one number for each input channel.",
    asks="The bias is added to what comes out of the layer. How many channels are there to add it to?",
)
def bias_per_input_channel(
    in_channels: int, out_channels: int, kernel_size: IntOrPair
) -> tuple[tuple[int, int, int, int], tuple[int]]:
    weight, _ = conv2d_parameter_shapes(in_channels, out_channels, kernel_size)
    return weight, (in_channels,)


@mistake(
    "conv2d_parameter_shapes",
    "bias-as-int",
    says="The shape of your bias is a plain number, and a shape is a tuple, even with a single number in it.",
    asks="Ask Python for `type((8))` and for `type((8,))`. What makes the difference?",
)
def bias_as_int(in_channels: int, out_channels: int, kernel_size: IntOrPair) -> tuple[Shape, int]:
    weight, _ = conv2d_parameter_shapes(in_channels, out_channels, kernel_size)
    return weight, out_channels


@mistake(
    "conv2d_parameter_shapes",
    "forgets-the-bias",
    says="This is the weight's shape alone.",
    asks="`nn.Conv2d` holds two parameters. Which one is added after the sum of products, and what is its shape?",
)
def forgets_the_bias(in_channels: int, out_channels: int, kernel_size: IntOrPair) -> Shape:
    return conv2d_parameter_shapes(in_channels, out_channels, kernel_size)[0]


@mistake(
    "conv2d_parameter_shapes",
    "no-input-channel-axis",
    says="Your filters have a height and a width, but no depth.",
    asks="A window of 5 by 5 on a colour picture covers three channels. How many numbers must its filter have?",
)
def no_input_channel_axis(in_channels: int, out_channels: int, kernel_size: IntOrPair) -> tuple[Shape, Shape]:
    (_, _, *kernel), bias = conv2d_parameter_shapes(in_channels, out_channels, kernel_size)
    return (out_channels, *kernel), bias


@mistake(
    "conv2d_parameter_shapes",
    "kernel-as-width-height",
    says="The kernel's height and width have changed places.",
    asks="A pair is (height, width). Which of the two comes first in (N, C, H, W), and which in a weight's shape?",
)
def kernel_as_width_height(
    in_channels: int, out_channels: int, kernel_size: IntOrPair
) -> tuple[tuple[int, int, int, int], tuple[int]]:
    return conv2d_parameter_shapes(in_channels, out_channels, _pair(kernel_size)[::-1])


@mistake(
    "conv2d_parameter_shapes",
    "pairs-not-supported",
    says="A kernel that is a pair, such as (5, 2), is not taken apart: it stands in your shape as it is.",
    asks="An int counts for both axes: 3 means (3, 3). What if you made a pair of it first, and then had pairs only?",
)
def pairs_not_supported(
    in_channels: int, out_channels: int, kernel_size: IntOrPair
) -> tuple[tuple[IntOrPair, ...], Shape]:
    conv2d_parameter_shapes(in_channels, out_channels, kernel_size)  # refuses what it must
    return (out_channels, in_channels, kernel_size, kernel_size), (out_channels,)


@mistake(
    "conv2d_parameter_shapes",
    "refuses-nothing",
    says="A kernel below 1 is not refused here.",
    asks="How many numbers are there in a filter of 0 rows? Which error says so, and what must its text name?",
)
def refuses_nothing(
    in_channels: int, out_channels: int, kernel_size: IntOrPair
) -> tuple[tuple[int, int, int, int], tuple[int]]:
    return (out_channels, in_channels, *_pair(kernel_size)), (out_channels,)


# same_padding


def _losses(kernel_size: IntOrPair, dilation: IntOrPair) -> list[int]:
    """The pixels that a convolution without padding takes from the height and from the width."""
    return [d * (k - 1) for k, d in zip(_pair(kernel_size), _pair(dilation), strict=True)]


@mistake(
    "same_padding",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="With dilation 2, a kernel of 3 spans 5 pixels. How many pixels does a row lose then?",
)
def same_ignores_dilation(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> tuple[int, int]:
    _require_at_least(1, kernel_size=kernel_size, dilation=dilation)
    return same_padding(kernel_size)


@mistake(
    "same_padding",
    "half-kernel-times-dilation",
    says="This is half of the kernel, rounded down, times the dilation. For an even kernel that is too much.",
    asks="A kernel of 2 with dilation 2 looks at pixels 0 and 2. How much does a row lose, and what is half of it?",
)
def half_kernel_times_dilation(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> Shape:
    same_padding(kernel_size, dilation)  # refuses what it must
    return tuple(d * (k // 2) for k, d in zip(_pair(kernel_size), _pair(dilation), strict=True))


@mistake(
    "same_padding",
    "returns-the-total",
    says="This is what both ends need together.",
    asks="The same number of pixels is added at both ends. How many does one end need?",
)
def returns_the_total(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> Shape:
    same_padding(kernel_size, dilation)  # refuses what it must
    return tuple(_losses(kernel_size, dilation))


@mistake(
    "same_padding",
    "returns-one-int",
    says="For a kernel that is an int, your padding is an int as well, and it should always be a pair.",
    asks="Whoever calls your function wants to unpack a height and a width. What are they for a kernel of 5?",
)
def returns_one_int(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> IntOrPair:
    found = same_padding(kernel_size, dilation)
    return found[0] if isinstance(kernel_size, int) and isinstance(dilation, int) else found


@mistake(
    "same_padding",
    "half-the-kernel",
    says="This is half of the kernel as one number. Pairs, the dilation and what must be refused are still to come.",
    asks="What is the answer for kernel_size=(5, 3), and for a kernel of 3 with dilation 2? Take height and width by themselves.",
)
def half_the_kernel(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> int:
    return kernel_size // 2  # type: ignore[operator]


@mistake(
    "same_padding",
    "returns-floats",
    says="Your padding comes in floats.",
    asks="A padding counts pixels. Python has two divisions: which one gives whole numbers?",
)
def returns_floats(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> tuple[float, ...]:
    same_padding(kernel_size, dilation)  # refuses what it must
    return tuple(loss / 2 for loss in _losses(kernel_size, dilation))


@mistake(
    "same_padding",
    "rounds-odd-loss-down",
    says="Where an odd number of pixels is lost, half of it is rounded down here.",
    asks="A kernel of 4 loses 3 pixels. Does a padding of 1 at both ends give back all three?",
)
def rounds_odd_loss_down(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> Shape:
    _require_at_least(1, kernel_size=kernel_size, dilation=dilation)
    return tuple(loss // 2 for loss in _losses(kernel_size, dilation))


@mistake(
    "same_padding",
    "refuses-every-even-kernel",
    says="Every even kernel is refused here.",
    asks="A kernel of 2 with dilation 2 looks at pixels 0 and 2. Which padding gives back what a row loses?",
)
def refuses_every_even_kernel(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> tuple[int, int]:
    if any(k % 2 == 0 for k in _pair(kernel_size)):
        raise ValueError(f"kernel_size must be odd, got kernel_size={kernel_size}")
    return same_padding(kernel_size, dilation)


@mistake(
    "same_padding",
    "refuses-nothing",
    says="Nothing is refused here: there is always a padding.",
    asks="A kernel of 4 loses 3 pixels. Which padding, the same at both ends, gives back 3? And what is a kernel of 0?",
)
def same_refuses_nothing(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> Shape:
    return tuple(loss // 2 for loss in _losses(kernel_size, dilation))


@mistake(
    "same_padding",
    "ints-in-ints-out",
    says="For ints your padding is an int, and a kernel that is a pair ends in an error: height and width have one number.",
    asks="An int counts for both axes: 3 means (3, 3). What if you made pairs of both arguments first, and returned a pair?",
)
def ints_in_ints_out(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> int:
    loss: int = dilation * (kernel_size - 1)  # type: ignore[operator]
    _require_at_least(1, kernel_size=kernel_size, dilation=dilation)
    if loss % 2:
        raise ValueError(f"no padding keeps the size for kernel_size={kernel_size}, dilation={dilation}")
    return loss // 2
