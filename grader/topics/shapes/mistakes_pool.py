"""Known mistakes in topic shapes: `max_pool2d_output_shape`."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "max_pool2d_output_shape",
    "stride-defaults-to-one",
    says="Without a stride, your window moves on by one pixel.",
    asks="That is what a convolution does. What does a pooling take where `stride` is None?",
    instead_of={"stride = kernel_size": "stride = 1"},
)

differs(
    "max_pool2d_output_shape",
    "stride-defaults-to-span",
    says="Without a stride, your window moves on by its dilated span.",
    asks="A kernel of 3 with dilation 2 spans 5 pixels. Which of the two numbers stands in for a missing stride?",
    instead_of={
        "stride = kernel_size": (
            "_require_at_least(1, kernel_size=kernel_size, dilation=dilation)\n"
            "stride = tuple(d * (k - 1) + 1 for k, d in zip(_pair(kernel_size), _pair(dilation)))"
        )
    },
)

differs(
    "max_pool2d_output_shape",
    "zero-stride-as-none",
    says="A stride of 0 is taken for a missing one here.",
    asks="`stride or kernel_size` asks whether `stride` is false, and so is 0. How do you ask for None alone?",
    instead_of={"stride is None": "not stride"},
)

differs(
    "max_pool2d_output_shape",
    "divides-by-kernel",
    says="This is the input's size divided by the kernel.",
    asks="That is right for windows side by side. What about seven pixels, a kernel of 3 and a stride of 2?",
    instead_of={"outputs.append(windows)": "outputs.append(math.ceil(size / k) if ceil_mode else size // k)"},
)

differs(
    "max_pool2d_output_shape",
    "ignores-ceil-mode",
    says="The division by the stride is rounded down here, also with ceil_mode=True.",
    asks="Seven pixels in windows of 2: one pixel is left over. Which window looks at it in ceil mode?",
    instead_of={"math.ceil(room / s) if ceil_mode else room // s": "room // s"},
)

differs(
    "max_pool2d_output_shape",
    "keeps-every-last-window",
    says="With ceil_mode=True, a last window counts here even if it starts beyond the input and its first padding.",
    asks="In the padded row, windows start at 0, stride, 2 * stride, ... What is left where the last one starts?",
    instead_of={"ceil_mode and (windows - 1) * s >= size + p": "False"},
)

differs(
    "max_pool2d_output_shape",
    "refuses-windows-that-stick-out",
    says="With ceil_mode=True, an input a little smaller than the window is refused here.",
    asks="In ceil mode, the last window may stick out. What if the first window is the last one, too?",
    instead_of={"windows < 1": "windows < 1 or room < 0"},
)

differs(
    "max_pool2d_output_shape",
    "pads-one-side",
    says="The padding is counted once here.",
    asks="A row of 8 pixels with padding 1 has one more at its left and one more at its right. How long is it?",
    instead_of={"size + 2 * p": "size + p"},
)

differs(
    "max_pool2d_output_shape",
    "ignores-dilation",
    says="The dilation does not count here: this is the answer for dilation 1.",
    asks="A pooling window with dilation 3 and a kernel of 2 looks at pixels 0 and 3. How many pixels does it span?",
    instead_of={"(d * (k - 1) + 1)": "k"},
)

differs(
    "max_pool2d_output_shape",
    "pools-channels-to-one",
    says="The channels are pooled into one here.",
    asks="Is one maximum taken over red, green and blue together, or one in each of them?",
    instead_of={"(batch, channels,": "(batch, 1,"},
)

differs(
    "max_pool2d_output_shape",
    "padding-limit-not-checked",
    says="A padding over half the kernel is not refused here.",
    asks="With a kernel of 2 and padding 2, what would the first window see? How much padding may a pooling have?",
    instead_of={"p > k // 2": "False"},
)

differs(
    "max_pool2d_output_shape",
    "padding-limit-of-span",
    says="Your padding may be up to half of the dilated span, and PyTorch's may not.",
    asks="A kernel of 3 with dilation 2 spans 5 pixels. The limit does not look at the dilation: how large is it?",
    instead_of={"p > k // 2": "p > (d * (k - 1) + 1) // 2"},
)

differs(
    "max_pool2d_output_shape",
    "refuses-nothing",
    says="Nothing is refused here.",
    asks="Can PyTorch run this layer on this input? What does the docstring say under Raises?",
    instead_of={
        "_require_at_least(1, kernel_size=kernel_size, stride=stride, dilation=dilation)": "",
        "_require_at_least(0, padding=padding)": "",
        "p > k // 2": "False",
        "windows < 1": "False",
    },
)

differs(
    "max_pool2d_output_shape",
    "accepts-no-window",
    says="A call that leaves no window at all is not refused here.",
    asks="In how many places can a window of 5 stand on a row of 4 pixels? What should the caller be told?",
    instead_of={"windows < 1": "False"},
)

differs(
    "max_pool2d_output_shape",
    "drops-last-window-only-where-padded",
    says="With ceil_mode=True, a last window that starts behind the input is left out only where there is padding.",
    asks="Five pixels without padding, a kernel of 2, stride 5: what does a window that starts at pixel 5 look at?",
    instead_of={"if ceil_mode and": "if ceil_mode and p > 0 and"},
)
