"""Known mistakes in topic convolution: `max_pool2d`."""

from __future__ import annotations

from torch import Tensor

from grader.writing.mistake import differs, mistake
from solutions.convolution import max_pool2d

differs(
    "max_pool2d",
    "starts-from-zero",
    says="No maximum is below 0 here, as if each window held a zero as well.",
    asks="What is the largest of -4 and -1? Which number should your search for the largest start from?",
    instead_of={"amax(dim=(-2, -1))": "amax(dim=(-2, -1)).clamp(min=0)"},
)

differs(
    "max_pool2d",
    "stride-defaults-to-one",
    says="Without a stride, your window moves on by one pixel.",
    asks="That is what a convolution does. What does a pooling take where `stride` is None?",
    instead_of={"stride = kernel_size": "stride = 1"},
)

differs(
    "max_pool2d",
    "ignores-stride",
    says="Your windows always lie side by side, whatever the stride.",
    asks="With a kernel of 3 and stride 1, where does the second window start? May windows overlap?",
    instead_of={("if stride is None:\n    stride = kernel_size"): "stride = kernel_size"},
)


@mistake(
    "max_pool2d",
    "steps-by-one",
    says="The size is right, but your windows start one pixel apart.",
    asks="With stride 2, at which pixel does the window of output pixel 1 start, and that of output pixel 2?",
)
def pool_steps_by_one(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    rows, columns = max_pool2d(images, kernel_size, stride).shape[2:]
    return max_pool2d(images, kernel_size, 1)[:, :, :rows, :columns]


differs(
    "max_pool2d",
    "averages-each-window",
    says="This is the mean of each window.",
    asks="Which number of a window does max-pooling keep, and which of them does it not look at any more?",
    instead_of={"amax": "mean"},
)

differs(
    "max_pool2d",
    "places-not-values",
    says="Your numbers say where in its window the largest one is, not which number it is.",
    asks="`argmax` gives a place, and `max` a value. Which of the two does a pooling give?",
    instead_of={"amax(dim=(-2, -1))": "flatten(4).argmax(4).to(images.dtype)"},
)

differs(
    "max_pool2d",
    "pools-over-channels",
    says="The largest number is looked for in all channels together.",
    asks="How many channels should come out? Over which two axes of a window is the maximum taken?",
    instead_of={"amax(dim=(-2, -1))": "amax(dim=(-2, -1)).amax(dim=1, keepdim=True)"},
)

differs(
    "max_pool2d",
    "one-maximum-for-all",
    says="One maximum is taken over all images and all channels, and given to each of them.",
    asks="`window.max()` looks at every number of its tensor. Over which axes should the maximum be taken?",
    instead_of={
        "return windows.amax(dim=(-2, -1))": (
            "output = windows.amax(dim=(-2, -1))\nreturn output.amax(dim=(0, 1), keepdim=True).expand_as(output)"
        )
    },
)

differs(
    "max_pool2d",
    "keeps-partial-windows",
    says="Windows that stick out at the far end are pooled, too.",
    asks="Five pixels in windows of 2: which of the places 0, 2 and 4 hold a whole window?",
    instead_of={
        "windows = images.unfold": (
            "more = kernel_size - 1\nwindows = F.pad(images, (0, more, 0, more), value=-torch.inf).unfold"
        )
    },
)

differs(
    "max_pool2d",
    "misses-the-last-window",
    says="The last row and the last column of windows are left out.",
    asks="A window as large as the image cannot take a single step. In how many places does it stand?",
    instead_of={"windows.amax": "windows[:, :, :-1, :-1].amax"},
)

differs(
    "max_pool2d",
    "leaves-the-graph",
    says="Your numbers have lost their graph, so no gradient flows through them.",
    asks="`.item()`, `.detach()`, NumPy and `torch.tensor(...)` keep only numbers. Where do yours leave the graph?",
    instead_of={"amax(dim=(-2, -1))": "amax(dim=(-2, -1)).detach()"},
)

differs(
    "max_pool2d",
    "max-gives-a-pair",
    says="A pair comes back: the largest numbers, and their places in the windows.",
    asks="`max` over an axis gives values and places. Which of the two is asked for, and which method gives only that?",
    instead_of={"amax(dim=(-2, -1))": "flatten(4).max(-1)"},
)

differs(
    "max_pool2d",
    "squeezes-its-result",
    says="Every axis of size 1 is dropped from your result: one image or one channel leaves an axis out.",
    asks="The result always has four axes. What is its shape for one image of one channel, and which call takes axes away?",
    instead_of={"amax(dim=(-2, -1))": "amax(dim=(-2, -1)).squeeze()"},
)
