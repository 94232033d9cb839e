"""Known mistakes in topic convolution: `conv2d`."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from grader.writing.mistake import differs, mistake
from solutions.convolution import conv2d

differs(
    "conv2d",
    "flips-the-kernel",
    says="Your filter is turned around in both directions, as mathematicians do it.",
    asks="PyTorch's filter is not turned. Which number of the filter meets the first pixel of the window?",
    instead_of={"windows, weight)": "windows, weight.flip(2, 3))"},
)

differs(
    "conv2d",
    "forgets-the-bias",
    says="The bias is never added.",
    asks="Of your five arguments, which one is not used? How many numbers does it have, and what are they for?",
    instead_of={"output if bias is None else output + bias.reshape(-1, 1, 1)": "output"},
)

differs(
    "conv2d",
    "needs-a-bias",
    says="A convolution without a bias ends in an error here.",
    asks="`bias=None` is the default. What should be added to the sums then, and where do you ask whether there is one?",
    instead_of={"output if bias is None else output + bias.reshape(-1, 1, 1)": "output + bias[:, None, None]"},
)

differs(
    "conv2d",
    "bias-per-input-channel",
    says="The bias is added once for each input channel.",
    asks="An output pixel is one sum over all input channels. Is your bias inside of that sum or behind it?",
    instead_of={"bias.reshape(-1, 1, 1)": "bias.reshape(-1, 1, 1) * images.shape[1]"},
)

differs(
    "conv2d",
    "bias-along-the-width",
    says="Your bias lies along the width: shape (C_out,) is matched with the last axis.",
    asks="Each number of the bias belongs to a channel, axis 1 of the output. Which shape lines up with it?",
    instead_of={"bias.reshape(-1, 1, 1)": "bias"},
)

differs(
    "conv2d",
    "asks-whether-bias-is-true",
    says="`if bias:` asks a whole tensor whether it is true, and a tensor of several numbers has no answer.",
    asks="You want to know whether there is a bias at all. What is `bias` if there is none? Ask for that.",
    instead_of={
        "output if bias is None else output + bias.reshape(-1, 1, 1)": "output + bias.reshape(-1, 1, 1) if bias else output"
    },
)

differs(
    "conv2d",
    "first-channel-only",
    says="Your filter looks at the first input channel alone.",
    asks="A filter has a slice for each input channel. What becomes of the products with green and blue?",
    instead_of={"windows, weight)": "windows[:, :1], weight[:, :1])"},
)

differs(
    "conv2d",
    "ignores-stride",
    says="The window moves on by one pixel here, whatever the stride.",
    asks="With stride 2, every second place is left out. How many rows of output are left then?",
    instead_of={
        "kernel_height, stride": "kernel_height, 1",
        "kernel_width, stride": "kernel_width, 1",
    },
)


@mistake(
    "conv2d",
    "steps-by-one",
    says="The size is right, but your windows start one pixel apart, whatever the stride.",
    asks="With stride 3, at which pixel does the window of output pixel 1 start, and that of output pixel 2?",
)
def steps_by_one(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    rows, columns = conv2d(images, weight, bias, stride, padding).shape[2:]
    return conv2d(images, weight, bias, 1, padding)[:, :, :rows, :columns]


def _slide(padded: Tensor, weight: Tensor, bias: Tensor | None, stride: int) -> Tensor:
    """A convolution without padding, window by window."""
    kernel_height, kernel_width = weight.shape[2:]
    rows = (padded.shape[2] - kernel_height) // stride + 1
    columns = (padded.shape[3] - kernel_width) // stride + 1
    output = torch.zeros(len(padded), len(weight), rows, columns)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = padded[:, :, top : top + kernel_height, left : left + kernel_width]
            output[:, :, i, j] = torch.einsum("ncij,ocij->no", window, weight)
    return output if bias is None else output + bias.reshape(-1, 1, 1)


@mistake(
    "conv2d",
    "ignores-padding",
    says="The images are not padded here.",
    asks="With padding 1, where does the first window start, and which numbers does it see outside of the image?",
)
def ignores_padding(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    return _slide(images, weight, bias, stride)


@mistake(
    "conv2d",
    "pads-one-end",
    says="The padding is added at the top and at the left, and nothing at the bottom and at the right.",
    asks="A padded row has two ends, and a column, too. How many pixels high is an image of 4 rows with padding 1?",
)
def pads_one_end(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    return _slide(F.pad(images, (padding, 0, padding, 0)), weight, bias, stride)


@mistake(
    "conv2d",
    "pads-the-width-only",
    says="Your rows become longer, but no rows are added above and below.",
    asks="`F.pad` takes two numbers for each axis, the last axis first. How many numbers does it need for two axes?",
)
def pads_the_width_only(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    return _slide(F.pad(images, (padding, padding)), weight, bias, stride)


differs(
    "conv2d",
    "pads-with-the-edge",
    says="Your padding repeats the pixels of the edge.",
    asks="Which number does `nn.Conv2d` see outside of the image, if you do not tell it anything else?",
    instead_of={"(padding, padding, padding, padding)": '(padding, padding, padding, padding), mode="replicate"'},
)

differs(
    "conv2d",
    "slices-to-minus-zero",
    says="The slice from p to -p is the place of the image, but not where the padding p is 0.",
    asks="What is -0 in Python, and what does `[1, 2, 3][0:-0]` give?",
    instead_of={
        "padded = F.pad(images, (padding, padding, padding, padding))": (
            "batch, channels, height, width = images.shape\n"
            "padded = torch.zeros(batch, channels, height + 2 * padding, width + 2 * padding)\n"
            "padded[:, :, padding:-padding, padding:-padding] = images"
        )
    },
)


@mistake(
    "conv2d",
    "kernel-height-for-both",
    says="Your window is as wide as it is high, whatever the filter's width.",
    asks="A weight has the shape (C_out, C_in, KH, KW). Which of these numbers says how wide the window is?",
)
def kernel_height_for_both(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    kernel, padded = weight.shape[2], F.pad(images, (padding,) * 4)
    rows, columns = ((size - kernel) // stride + 1 for size in padded.shape[2:])
    output = torch.zeros(len(images), len(weight), rows, columns)
    for n, o, i, j in np.ndindex(*output.shape):
        window = padded[n, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
        output[n, o, i, j] = (window * weight[o]).sum() + (0 if bias is None else bias[o])
    return output


differs(
    "conv2d",
    "misses-the-last-window",
    says="The last row and the last column of windows are left out.",
    asks="A filter as large as the padded image cannot take a single step. In how many places does it stand?",
    instead_of={"windows, weight)": "windows[:, :, :-1, :-1], weight)"},
)

differs(
    "conv2d",
    "leaves-the-graph",
    says="Your numbers have lost their graph, so no gradient flows through them.",
    asks="`.item()`, `.detach()`, NumPy and `torch.tensor(...)` keep only numbers. Where do yours leave the graph?",
    instead_of={
        "windows, weight)": "windows, weight).detach()",
        "+ bias": "+ bias.detach()",
    },
)

differs(
    "conv2d",
    "computes-in-numpy",
    says="A tensor becomes a NumPy array here, and that is not possible where gradients are wanted.",
    asks="NumPy records no graph. Which of your steps could be done with tensors instead?",
    instead_of={
        "F.pad(images,": "F.pad(torch.from_numpy(images.numpy()),",
        "windows, weight)": "windows, torch.from_numpy(weight.numpy()))",
    },
)


@mistake(
    "conv2d",
    "squeezes-its-result",
    says="Every axis of size 1 is dropped from your result: one image or one filter leaves an axis out.",
    asks="The result always has four axes. What is its shape for one image and one filter, and which call takes axes away?",
)
def squeezes_its_result(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    return conv2d(images, weight, bias, stride, padding).squeeze()


@mistake(
    "conv2d",
    "width-from-the-new-height",
    says="The width of your result is worked out from its height, not from the width of the images.",
    asks="After `height = ...`, is `height` still the image's? Which number does your line for the width begin with?",
)
def width_from_the_new_height(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    kernel_height, kernel_width = weight.shape[2:]
    height = (images.shape[2] + 2 * padding - kernel_height) // stride + 1
    width = (height + 2 * padding - kernel_width) // stride + 1
    padded = F.pad(images, (padding,) * 4)
    output = torch.zeros(len(images), len(weight), height, width)
    for n, o, i, j in np.ndindex(*output.shape):
        top, left = i * stride, j * stride
        window = padded[n, :, top : top + kernel_height, left : left + kernel_width]
        output[n, o, i, j] = (window * weight[o]).sum() + (0 if bias is None else bias[o])
    return output


def _unfolded(images: Tensor, weight: Tensor, stride: int, padding: int) -> tuple[Tensor, Tensor, list[int]]:
    """The windows as columns, the filters as rows, and the sizes of the result."""
    columns = F.unfold(images, tuple(weight.shape[2:]), stride=stride, padding=padding)
    sizes = [(n + 2 * padding - k) // stride + 1 for n, k in zip(images.shape[2:], weight.shape[2:], strict=True)]
    return columns, weight.reshape(len(weight), -1), sizes


def _plus(output: Tensor, bias: Tensor | None) -> Tensor:
    return output if bias is None else output + bias.reshape(-1, 1, 1)


@mistake(
    "conv2d",
    "reshapes-the-columns",
    says="The numbers of the windows are mixed up: `unfold` gives a window in each column, and you read along the rows.",
    asks="`unfold` gives (N, C * KH * KW, L). Does a reshape to (N, L, C * KH * KW) exchange the two axes? What does?",
)
def reshapes_the_columns(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    columns, filters, sizes = _unfolded(images, weight, stride, padding)
    windows = columns.reshape(len(images), columns.shape[2], columns.shape[1])
    return _plus((windows @ filters.T).transpose(1, 2).reshape(len(images), -1, *sizes), bias)


@mistake(
    "conv2d",
    "places-down-the-columns",
    says="The numbers are right, but laid out down the columns of your result, and the windows run along the rows.",
    asks="Which window comes second, the one to the right of the first or the one below it? And in your result?",
)
def places_down_the_columns(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    columns, filters, (rows, wide) = _unfolded(images, weight, stride, padding)
    return _plus((filters @ columns).reshape(len(images), -1, wide, rows).transpose(2, 3), bias)


@mistake(
    "conv2d",
    "width-before-height",
    says="The numbers are right and in their order, but your result has as many rows as it should have columns.",
    asks="The last step gives the numbers their shape. In (N, C_out, H', W'), which of the two sizes comes first?",
)
def width_before_height(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    columns, filters, (rows, wide) = _unfolded(images, weight, stride, padding)
    return _plus((filters @ columns).reshape(len(images), -1, wide, rows), bias)
