"""Known mistakes in topic convolution: `max_pool2d`."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from grader.writing.mistake import mistake
from solutions.convolution import max_pool2d


@mistake(
    "max_pool2d",
    "starts-from-zero",
    says="No maximum is below 0 here, as if each window held a zero as well.",
    asks="What is the largest of -4 and -1? Which number should your search for the largest start from?",
)
def starts_from_zero(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    return max_pool2d(images, kernel_size, stride).clamp(min=0)


@mistake(
    "max_pool2d",
    "stride-defaults-to-one",
    says="Without a stride, your window moves on by one pixel.",
    asks="That is what a convolution does. What does a pooling take where `stride` is None?",
)
def stride_defaults_to_one(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    return max_pool2d(images, kernel_size, 1 if stride is None else stride)


@mistake(
    "max_pool2d",
    "ignores-stride",
    says="Your windows always lie side by side, whatever the stride.",
    asks="With a kernel of 3 and stride 1, where does the second window start? May windows overlap?",
)
def pool_ignores_stride(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    return max_pool2d(images, kernel_size)


@mistake(
    "max_pool2d",
    "steps-by-one",
    says="The size is right, but your windows start one pixel apart.",
    asks="With stride 2, at which pixel does the window of output pixel 1 start, and that of output pixel 2?",
)
def pool_steps_by_one(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    rows, columns = max_pool2d(images, kernel_size, stride).shape[2:]
    return max_pool2d(images, kernel_size, 1)[:, :, :rows, :columns]


@mistake(
    "max_pool2d",
    "averages-each-window",
    says="This is the mean of each window.",
    asks="Which number of a window does max-pooling keep, and which of them does it not look at any more?",
)
def averages_each_window(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    step = kernel_size if stride is None else stride
    return images.unfold(2, kernel_size, step).unfold(3, kernel_size, step).mean(dim=(-2, -1))


@mistake(
    "max_pool2d",
    "places-not-values",
    says="Your numbers say where in its window the largest one is, not which number it is.",
    asks="`argmax` gives a place, and `max` a value. Which of the two does a pooling give?",
)
def places_not_values(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    step = kernel_size if stride is None else stride
    return images.unfold(2, kernel_size, step).unfold(3, kernel_size, step).flatten(4).argmax(4).to(images.dtype)


@mistake(
    "max_pool2d",
    "pools-over-channels",
    says="The largest number is looked for in all channels together.",
    asks="How many channels should come out? Over which two axes of a window is the maximum taken?",
)
def pools_over_channels(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    return max_pool2d(images, kernel_size, stride).amax(dim=1, keepdim=True)


@mistake(
    "max_pool2d",
    "one-maximum-for-all",
    says="One maximum is taken over all images and all channels, and given to each of them.",
    asks="`window.max()` looks at every number of its tensor. Over which axes should the maximum be taken?",
)
def one_maximum_for_all(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    output = max_pool2d(images, kernel_size, stride)
    return output.amax(dim=(0, 1), keepdim=True).expand_as(output)


@mistake(
    "max_pool2d",
    "keeps-partial-windows",
    says="Windows that stick out at the far end are pooled, too.",
    asks="Five pixels in windows of 2: which of the places 0, 2 and 4 hold a whole window?",
)
def keeps_partial_windows(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    more = kernel_size - 1
    return max_pool2d(F.pad(images, (0, more, 0, more), value=-torch.inf), kernel_size, stride)


@mistake(
    "max_pool2d",
    "misses-the-last-window",
    says="The last row and the last column of windows are left out.",
    asks="A window as large as the image cannot take a single step. In how many places does it stand?",
)
def pool_misses_the_last_window(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    step = kernel_size if stride is None else stride
    rows, columns = ((size - kernel_size) // step for size in images.shape[2:])
    return max_pool2d(images, kernel_size, stride)[:, :, :rows, :columns]


@mistake(
    "max_pool2d",
    "leaves-the-graph",
    says="Your numbers have lost their graph, so no gradient flows through them.",
    asks="`.item()`, `.detach()`, NumPy and `torch.tensor(...)` keep only numbers. Where do yours leave the graph?",
)
def pool_leaves_the_graph(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    return max_pool2d(images, kernel_size, stride).detach()


@mistake(
    "max_pool2d",
    "max-gives-a-pair",
    says="A pair comes back: the largest numbers, and their places in the windows.",
    asks="`max` over an axis gives values and places. Which of the two is asked for, and which method gives only that?",
)
def max_gives_a_pair(images: Tensor, kernel_size: int, stride: int | None = None) -> torch.return_types.max:
    step = kernel_size if stride is None else stride
    return images.unfold(2, kernel_size, step).unfold(3, kernel_size, step).flatten(4).max(-1)


@mistake(
    "max_pool2d",
    "squeezes-its-result",
    says="Every axis of size 1 is dropped from your result: one image or one channel leaves an axis out.",
    asks="The result always has four axes. What is its shape for one image of one channel, and which call takes axes away?",
)
def pool_squeezes_its_result(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    return max_pool2d(images, kernel_size, stride).squeeze()
