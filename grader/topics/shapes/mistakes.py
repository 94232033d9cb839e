"""Known mistakes in topic shapes: `conv2d_parameter_shapes` and `same_padding`. The others have files of their own."""

from __future__ import annotations

from grader.writing.mistake import differs, mistake
from solutions.shapes import IntOrPair, _require_at_least

# conv2d_parameter_shapes

differs(
    "conv2d_parameter_shapes",
    "swaps-in-and-out",
    says="Your weight has the input channels first, and PyTorch has the output channels first.",
    asks="From 3 to 8 channels there are 8 filters. Which number counts them, and which says how deep each one is?",
    instead_of={"out_channels, in_channels": "in_channels, out_channels"},
)

differs(
    "conv2d_parameter_shapes",
    "bias-per-input-channel",
    says="Your bias has one number for each input channel.",
    asks="The bias is added to what comes out of the layer. How many channels are there to add it to?",
    instead_of={"(out_channels,)": "(in_channels,)"},
)

differs(
    "conv2d_parameter_shapes",
    "bias-as-int",
    says="The shape of your bias is a plain number, and a shape is a tuple, even with a single number in it.",
    asks="Ask Python for `type((8))` and for `type((8,))`. What makes the difference?",
    instead_of={"(out_channels,)": "out_channels"},
)

differs(
    "conv2d_parameter_shapes",
    "forgets-the-bias",
    says="This is the weight's shape alone.",
    asks="`nn.Conv2d` holds two parameters. Which one is added after the sum of products, and what is its shape?",
    instead_of={", (out_channels,)": ""},
)

differs(
    "conv2d_parameter_shapes",
    "no-input-channel-axis",
    says="Your filters have a height and a width, but no depth.",
    asks="A window of 5 by 5 on a colour picture covers three channels. How many numbers must its filter have?",
    instead_of={"out_channels, in_channels": "out_channels"},
)

differs(
    "conv2d_parameter_shapes",
    "kernel-as-width-height",
    says="The kernel's height and width have changed places.",
    asks="A pair is (height, width). Which of the two comes first in (N, C, H, W), and which in a weight's shape?",
    instead_of={"*_pair(kernel_size)": "*_pair(kernel_size)[::-1]"},
)

differs(
    "conv2d_parameter_shapes",
    "pairs-not-supported",
    says="A kernel that is a pair, such as (5, 2), is not taken apart: it stands in your shape as it is.",
    asks="An int counts for both axes: 3 means (3, 3). What if you made a pair of it first, and then had pairs only?",
    instead_of={"*_pair(kernel_size)": "kernel_size, kernel_size"},
)

differs(
    "conv2d_parameter_shapes",
    "refuses-nothing",
    says="A kernel below 1 is not refused here.",
    asks="How many numbers are there in a filter of 0 rows? Which error says so, and what must its text name?",
    instead_of={"_require_at_least(1, kernel_size=kernel_size)": ""},
)


# same_padding

differs(
    "same_padding",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="With dilation 2, a kernel of 3 spans 5 pixels. How many pixels does a row lose then?",
    instead_of={"d * (k - 1)": "k - 1"},
)

differs(
    "same_padding",
    "half-kernel-times-dilation",
    says="This is half of the kernel, rounded down, times the dilation. For an even kernel that is too much.",
    asks="A kernel of 2 with dilation 2 looks at pixels 0 and 2. How much does a row lose, and what is half of it?",
    instead_of={
        "(losses[0] // 2, losses[1] // 2)": "tuple(d * (k // 2) for k, d in zip(_pair(kernel_size), _pair(dilation)))"
    },
)

differs(
    "same_padding",
    "returns-the-total",
    says="This is what both ends need together.",
    asks="The same number of pixels is added at both ends. How many does one end need?",
    instead_of={"losses[0] // 2, losses[1] // 2": "losses[0], losses[1]"},
)

differs(
    "same_padding",
    "returns-one-int",
    says="For a kernel that is an int, your padding is an int as well, and it should always be a pair.",
    asks="Whoever calls your function wants to unpack a height and a width. What are they for a kernel of 5?",
    instead_of={
        "return (losses[0] // 2, losses[1] // 2)": (
            "if isinstance(kernel_size, int) and isinstance(dilation, int):\n"
            "    return losses[0] // 2\n"
            "return (losses[0] // 2, losses[1] // 2)"
        )
    },
)


@mistake(
    "same_padding",
    "half-the-kernel",
    says="This is half of the kernel as one number. Pairs, the dilation and what must be refused are still to come.",
    asks="What is the answer for kernel_size=(5, 3), and for a kernel of 3 with dilation 2? Take height and width by themselves.",
)
def half_the_kernel(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> int:
    return kernel_size // 2  # type: ignore[operator]


differs(
    "same_padding",
    "returns-floats",
    says="Your padding comes in floats.",
    asks="A padding counts pixels. Python has two divisions: which one gives whole numbers?",
    instead_of={"losses[0] // 2, losses[1] // 2": "losses[0] / 2, losses[1] / 2"},
)

differs(
    "same_padding",
    "rounds-odd-loss-down",
    says="Where an odd number of pixels is lost, half of it is rounded down here.",
    asks="A kernel of 4 loses 3 pixels. Does a padding of 1 at both ends give back all three?",
    instead_of={"any(loss % 2 for loss in losses)": "False"},
)

differs(
    "same_padding",
    "refuses-every-even-kernel",
    says="Every even kernel is refused here.",
    asks="A kernel of 2 with dilation 2 looks at pixels 0 and 2. Which padding gives back what a row loses?",
    instead_of={"any(loss % 2 for loss in losses)": "any(k % 2 == 0 for k in _pair(kernel_size))"},
)

differs(
    "same_padding",
    "refuses-nothing",
    says="Nothing is refused here: there is always a padding.",
    asks="A kernel of 4 loses 3 pixels. Which padding, the same at both ends, gives back 3? And what is a kernel of 0?",
    instead_of={
        "_require_at_least(1, kernel_size=kernel_size, dilation=dilation)": "",
        "any(loss % 2 for loss in losses)": "False",
    },
)


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
