"""Wrong answers to `conv2d`: right for most shapes, wrong in a special case; and sums over the wrong things."""

import torch
from torch.nn import functional as F

from tests.wrong.base import wrong


def correlate(images, weight, stride, padding):
    """The right convolution without a bias."""
    height, width = weight.shape[2:]
    padded = F.pad(images, (padding, padding, padding, padding))
    windows = padded.unfold(2, height, stride).unfold(3, width, stride)
    return torch.einsum("nchwij,ocij->nohw", windows, weight)


def plus(output, bias):
    return output if bias is None else output + bias[:, None, None]


@wrong("conv2d", "conv2d-first-image-for-all", why="every image gets the first one's answer: right for N = 1")
def first_image_for_all(images, weight, bias=None, stride=1, padding=0):
    output = plus(correlate(images[:1], weight, stride, padding), bias)
    return output.expand(len(images), -1, -1, -1)


@wrong("conv2d", "conv2d-images-summed", why="the sum over the batch at each image: right for N = 1")
def images_summed(images, weight, bias=None, stride=1, padding=0):
    total = images.sum(0, keepdim=True).expand_as(images)
    return plus(correlate(total, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-single-image-without-batch", why="squeeze: (C_out, H', W') for N = 1")
def single_image_without_batch(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, stride, padding), bias).squeeze(0)


@wrong("conv2d", "conv2d-single-map-without-channel", why="squeeze: (N, H', W') for C_out = 1")
def single_map_without_channel(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, stride, padding), bias).squeeze(1)


@wrong("conv2d", "conv2d-mean-over-input-channels", why="divides by C_in: right for C_in = 1")
def mean_over_input_channels(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, stride, padding) / images.shape[1], bias)


@wrong("conv2d", "conv2d-at-most-three-channels", why="red, green, blue: a fourth input channel is not looked at")
def at_most_three_channels(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images[:, :3], weight[:, :3], stride, padding), bias)


@wrong("conv2d", "conv2d-channel-by-channel-if-equal", why="depthwise where C_in = C_out > 1: each filter one channel")
def channel_by_channel_if_equal(images, weight, bias=None, stride=1, padding=0):
    own = torch.eye(*weight.shape[:2], dtype=weight.dtype)[:, :, None, None]
    weight = weight * own if weight.shape[0] == weight.shape[1] else weight
    return plus(correlate(images, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-filter-averages", why="divides by KH * KW: right for 1 by 1 filters")
def filter_averages(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, stride, padding) / weight[0, 0].numel(), bias)


@wrong(
    "conv2d", "conv2d-filter-width-as-height", why="KW rows of the filter are used: right for square, wrong if higher"
)
def filter_width_as_height(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    if weight.shape[2] > weight.shape[3]:
        low = F.pad(weight[:, :, : weight.shape[3]], (0, 0, 0, weight.shape[2] - weight.shape[3]))
        output = correlate(images, low, stride, padding)
    return plus(output, bias)


@wrong("conv2d", "conv2d-filter-height-as-width", why="KH columns of the filter are used: wrong if wider than high")
def filter_height_as_width(images, weight, bias=None, stride=1, padding=0):
    height, width = weight.shape[2:]
    narrow = F.pad(weight[:, :, :, :height], (0, max(0, width - height)))
    return plus(correlate(images, narrow, stride, padding), bias)


@wrong("conv2d", "conv2d-high-filter-refused", why="a ValueError for KH > KW, which is legal")
def high_filter_refused(images, weight, bias=None, stride=1, padding=0):
    if weight.shape[2] > weight.shape[3]:
        raise ValueError(f"weight must not be higher than wide, got shape {tuple(weight.shape)}")
    return plus(correlate(images, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-refuses-what-fits-by-padding", why="a filter over the bare image is refused, padded or not")
def refuses_what_fits_by_padding(images, weight, bias=None, stride=1, padding=0):
    if any(k > n for k, n in zip(weight.shape[2:], images.shape[2:], strict=True)):
        raise ValueError(f"weight of shape {tuple(weight.shape)} does not fit")
    return plus(correlate(images, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-one-by-one-ignores-stride", why="1 by 1 filters take a short cut without the stride")
def one_by_one_ignores_stride(images, weight, bias=None, stride=1, padding=0):
    if weight.shape[2:] == (1, 1):
        stride = 1
    return plus(correlate(images, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-one-by-one-ignores-padding", why="1 by 1 filters take a short cut without the padding")
def one_by_one_ignores_padding(images, weight, bias=None, stride=1, padding=0):
    if weight.shape[2:] == (1, 1):
        padding = 0
    return plus(correlate(images, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-padding-by-default", why="padding is 1 where it is left out")
def padding_by_default(images, weight, bias=None, stride=1, padding=1):
    return plus(correlate(images, weight, stride, padding), bias)


@wrong(
    "conv2d",
    "conv2d-stride-of-the-kernel-by-default",
    why="stride=None is the default, and means the kernel, as in pooling",
)
def stride_of_the_kernel_by_default(images, weight, bias=None, stride=None, padding=0):
    stride = weight.shape[2] if stride is None else stride
    return plus(correlate(images, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-padding-before-stride", why="the last two parameters are exchanged: shows in positional calls")
def padding_before_stride(images, weight, bias=None, padding=0, stride=1):
    return plus(correlate(images, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-no-negative-answers", why="a ReLU is built in: right for outputs >= 0")
def no_negative_answers(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, stride, padding), bias).relu()


@wrong("conv2d", "conv2d-negative-pixels-as-zero", why="pixels below 0 are cut: right for photos")
def negative_pixels_as_zero(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images.clamp(min=0), weight, stride, padding), bias)


@wrong("conv2d", "conv2d-float64", why="the dtype is float64 for float32 images, values are right")
def answers_in_float64(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images.double(), weight.double(), stride, padding), bias)


@wrong("conv2d", "conv2d-in-bfloat16", why="computed with bfloat16's eight bits: off by up to a percent")
def in_bfloat16(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images.bfloat16(), weight.bfloat16(), stride, padding).to(images.dtype), bias)
