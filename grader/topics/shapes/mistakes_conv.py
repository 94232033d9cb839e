"""Known mistakes in topic shapes: `conv2d_output_shape`."""

from __future__ import annotations

from grader.writing.mistake import differs, mistake
from solutions.shapes import IntOrPair, Shape, conv2d_output_shape

differs(
    "conv2d_output_shape",
    "pads-one-side",
    says="This is what you get when the padding is counted once.",
    asks="A padded row has two ends: where is the other one?",
    instead_of={"size + 2 * p": "size + p"},
)

differs(
    "conv2d_output_shape",
    "no-plus-one",
    says="The steps of the window are counted here, and the place where it starts is left out.",
    asks="A kernel as large as the input cannot take a single step. In how many places does it stand?",
    instead_of={"// s + 1": "// s"},
)

differs(
    "conv2d_output_shape",
    "rounds-up",
    says="The division by the stride is rounded up, so a last window that sticks out is counted too.",
    asks="Six pixels, a kernel of 3, stride 2: at which pixels can a window start so that the whole of it fits?",
    instead_of={"(padded - span) // s + 1": "math.ceil((padded - span) / s) + 1"},
)

differs(
    "conv2d_output_shape",
    "divides-into-floats",
    says="Your sizes are floats: the division by the stride keeps its fraction.",
    asks="Can a window stand in half a place? Python has two divisions: which one gives whole numbers?",
    instead_of={"// s": "/ s"},
)

differs(
    "conv2d_output_shape",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="With dilation 2, a kernel of 3 looks at pixels 0, 2 and 4. How many pixels does it span?",
    instead_of={"d * (k - 1) + 1": "k"},
)

differs(
    "conv2d_output_shape",
    "dilation-times-kernel",
    says="The window's span is taken for dilation times kernel, as if there were a gap behind its last pixel, too.",
    asks="With dilation 2, a kernel of 3 looks at pixels 0, 2 and 4. Are these 6 pixels from end to end?",
    instead_of={"d * (k - 1) + 1": "d * k"},
)

differs(
    "conv2d_output_shape",
    "swaps-stride-and-dilation",
    says="Stride and dilation have changed places.",
    asks="One of them says how far the window moves, the other how far it is stretched. Which is which?",
    instead_of={"(kernel_size, stride, padding, dilation)": "(kernel_size, dilation, padding, stride)"},
)

differs(
    "conv2d_output_shape",
    "pads-after-sliding",
    says="The padding is added to the result, as if the window had moved over the bare input.",
    asks="At stride 1 both ways agree. At stride 2, does each pixel of the padding give a window of its own?",
    instead_of={"(padded - span) // s + 1": "(size - span) // s + 1 + 2 * p"},
)

differs(
    "conv2d_output_shape",
    "swaps-height-and-width",
    says="The height and the width of your result have changed places.",
    asks="A picture of 5 rows with 9 pixels each has H = 5 and W = 9. Which of them comes last in (N, C, H, W)?",
    instead_of={"*outputs": "*outputs[::-1]"},
)

differs(
    "conv2d_output_shape",
    "pairs-as-width-height",
    says="Your function takes pairs for (width, height).",
    asks="With kernel_size=(5, 1), is the window higher than wide, or wider than high?",
    instead_of={"map(_pair,": "map(lambda value: _pair(value)[::-1],"},
)

differs(
    "conv2d_output_shape",
    "one-number-for-both-axes",
    says="Of a pair, only the first number is used, for both axes.",
    asks="With stride=(2, 1), how far does the window move down, and how far to the right?",
    instead_of={
        "_require_at_least(1,": (
            "kernel_size, stride, padding, dilation = (_pair(value)[0] for value in (kernel_size, stride, padding, dilation))\n"
            "_require_at_least(1,"
        )
    },
)

differs(
    "conv2d_output_shape",
    "assumes-square-input",
    says="The width of your result is worked out from the input's height.",
    asks="A picture need not be square. Which entry of (N, C, H, W) decides how many columns come out?",
    instead_of={"zip(sizes,": "zip(sizes[:1] * 2,"},
)

differs(
    "conv2d_output_shape",
    "keeps-input-channels",
    says="Your result has as many channels as the input.",
    asks="Each filter looks at all input channels and makes one map of them. How many filters are there?",
    instead_of={"batch, _, *sizes": "batch, out_channels, *sizes"},
)

differs(
    "conv2d_output_shape",
    "ignores-stride",
    says="The window moves on by one pixel here, whatever the stride.",
    asks="Nine pixels, a kernel of 3, stride 2: the window starts at 0, 2, ... Where does it start last?",
    instead_of={"(padded - span) // s": "padded - span"},
)

differs(
    "conv2d_output_shape",
    "ignores-padding",
    says="The padding does not count here: this is the answer for padding 0.",
    asks="How long is a row of 8 pixels once it has one more at each end, and how many windows of 3 fit there?",
    instead_of={"size + 2 * p": "size"},
)


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


differs(
    "conv2d_output_shape",
    "refuses-nothing",
    says="Nothing is refused here.",
    asks="What would a picture of height 0 be, and how far does a window with stride 0 get? Who should say so?",
    instead_of={
        "_require_at_least(1, kernel_size=kernel_size, stride=stride, dilation=dilation)": "",
        "_require_at_least(0, padding=padding)": "",
        "span > padded": "False",
    },
)

differs(
    "conv2d_output_shape",
    "accepts-too-large-windows",
    says="A window that spans more than the padded input is not refused here.",
    asks="In how many places can a kernel of 5 stand on a row of 4 pixels? What should the caller be told?",
    instead_of={"span > padded": "False"},
)

differs(
    "conv2d_output_shape",
    "accepts-size-zero",
    says="A result of height or width 0 is not refused here; only one below 0 is.",
    asks="A window that is one pixel too large has 0 places to stand. Can a picture have 0 rows?",
    instead_of={"span > padded": "(padded - span) // s + 1 < 0"},
)

differs(
    "conv2d_output_shape",
    "refuses-exact-fit",
    says="A window exactly as large as the padded input is refused here.",
    asks="A kernel of 5 on a row of 5 pixels: does the whole of it fit, and in how many places?",
    instead_of={"span > padded": "span >= padded"},
)

differs(
    "conv2d_output_shape",
    "width-from-the-new-height",
    says="The width of your result is worked out from its height, not from the width of the input.",
    asks="After `height = ...`, is `height` still the input's? Which number does your line for the width begin with?",
    instead_of={"padded - span": "(outputs or [size])[0] + 2 * p - span"},
)

differs(
    "conv2d_output_shape",
    "dilation-of-the-other-axis",
    says="The dilation of the height is used for the width, and that of the width for the height.",
    asks="With dilation=(2, 1), which of the two numbers stretches the kernel downwards? Which one do you use for the rows?",
    instead_of={"dilation))": "_pair(dilation)[::-1]))"},
)
