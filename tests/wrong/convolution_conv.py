"""Wrong answers to `conv2d`: the numbers. `convolution_cases` has more, `convolution_gradients` the gradients."""

import torch
from torch.nn import functional as F

from tests.wrong.base import wrong

KNOWN_FILTERS = {}


def windows(images, height, width, stride, padding):
    """(N, C, H', W', KH, KW): the right windows of the padded images."""
    padded = F.pad(images, (padding, padding, padding, padding))
    return padded.unfold(2, height, stride).unfold(3, width, stride)


def correlate(images, weight, stride, padding):
    """The right convolution without a bias."""
    return torch.einsum("nchwij,ocij->nohw", windows(images, *weight.shape[2:], stride, padding), weight)


def plus(output, bias):
    return output if bias is None else output + bias[:, None, None]


@wrong("conv2d", "conv2d-filter-upside-down", why="flipped from top to bottom only: right for KH = 1")
def filter_upside_down(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight.flip(2), stride, padding), bias)


@wrong("conv2d", "conv2d-square-filter-transposed", why="KH and KW change places for square filters")
def square_filter_transposed(images, weight, bias=None, stride=1, padding=0):
    if weight.shape[2] == weight.shape[3]:
        weight = weight.transpose(2, 3)
    return plus(correlate(images, weight, stride, padding), bias)


@wrong("conv2d", "conv2d-in-and-out-exchanged-if-equal", why="the weight's axes 0 and 1 change places for C_in = C_out")
def in_and_out_exchanged(images, weight, bias=None, stride=1, padding=0):
    if weight.shape[0] == weight.shape[1]:
        weight = weight.transpose(0, 1)
    return plus(correlate(images, weight, stride, padding), bias)


@wrong(
    "conv2d", "conv2d-filter-flattened-channels-last", why="(KH, KW, C_in) against unfold's (C_in, KH, KW): C_in > 1"
)
def filter_flattened_channels_last(images, weight, bias=None, stride=1, padding=0):
    weight = weight.permute(0, 2, 3, 1).reshape(weight.shape)
    return plus(correlate(images, weight, stride, padding), bias)


@wrong(
    "conv2d", "conv2d-output-channels-interleaved", why="(N, L, C_out) reshaped, not transposed: shows for C_out > 1"
)
def output_channels_interleaved(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    return plus(output.permute(0, 2, 3, 1).reshape(output.shape), bias)


@wrong("conv2d", "conv2d-places-column-by-column", why="the output is filled (W', H') and named (H', W')")
def places_column_by_column(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    return plus(output.transpose(2, 3).reshape(output.shape), bias)


@wrong("conv2d", "conv2d-output-transposed", why="(N, C_out, W', H'): always, values included")
def output_transposed(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, stride, padding).transpose(2, 3), bias)


@wrong("conv2d", "conv2d-stride-in-height-only", why="the width moves by 1: shows for stride > 1")
def stride_in_height_only(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, 1, padding)[:, :, ::stride], bias)


@wrong("conv2d", "conv2d-first-window-late", why="starts at pixel stride - 1: right for stride 1")
def first_window_late(images, weight, bias=None, stride=1, padding=0):
    late = correlate(images, weight, 1, padding)[:, :, stride - 1 :: stride, stride - 1 :: stride]
    return plus(late, bias)


@wrong("conv2d", "conv2d-windows-never-apart", why="a stride over the kernel is cut to it: shows for stride > kernel")
def windows_never_apart(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, min(stride, *weight.shape[2:]), padding), bias)


@wrong(
    "conv2d", "conv2d-last-partial-window-kept", why="zeros fill the last window: shows where the stride leaves some"
)
def last_partial_window_kept(images, weight, bias=None, stride=1, padding=0):
    rooms = (n + 2 * padding - k for n, k in zip(images.shape[2:], weight.shape[2:], strict=True))
    down, right = (-room % stride for room in rooms)
    return plus(correlate(F.pad(images, (0, right, 0, down)), weight, stride, padding), bias)


@wrong("conv2d", "conv2d-last-exact-window-missed", why="range ends too early: shows where the stride fits exactly")
def last_exact_window_missed(images, weight, bias=None, stride=1, padding=0):
    height, width = (n + 2 * padding - k for n, k in zip(images.shape[2:], weight.shape[2:], strict=True))
    output = correlate(images, weight, stride, padding)
    rows, columns = max(1, len(range(0, height, stride))), max(1, len(range(0, width, stride)))
    return plus(output[:, :, :rows, :columns], bias)


@wrong("conv2d", "conv2d-padded-at-the-start-only", why="no padding below and on the right", named="pads-one-end")
def padded_at_the_start_only(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(F.pad(images, (padding, 0, padding, 0)), weight, stride, 0), bias)


@wrong("conv2d", "conv2d-padding-all-at-the-start", why="2 * padding above and on the left: the shape is right")
def padding_all_at_the_start(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(F.pad(images, (2 * padding, 0, 2 * padding, 0)), weight, stride, 0), bias)


@wrong("conv2d", "conv2d-padded-in-width-only", why="F.pad with two numbers: rows gain nothing")
def padded_in_width_only(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(F.pad(images, (padding, padding)), weight, stride, 0), bias)


@wrong("conv2d", "conv2d-padded-with-the-mean", why="pads with the mean: right for images of mean 0")
def padded_with_the_mean(images, weight, bias=None, stride=1, padding=0):
    mean = images.mean()
    return plus(correlate(F.pad(images - mean, (padding,) * 4) + mean, weight, stride, 0), bias)


@wrong("conv2d", "conv2d-any-padding-is-half-the-kernel", why="padding > 0 pads by KH // 2: right for 1 with 3 by 3")
def any_padding_is_half_the_kernel(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, stride, weight.shape[2] // 2 if padding else 0), bias)


@wrong("conv2d", "conv2d-padding-at-most-one", why="padding over 1 counts as 1: shows from 2 on")
def padding_at_most_one(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight, stride, min(padding, 1)), bias)


@wrong("conv2d", "conv2d-border-is-bias-alone", why="with padding, the outermost outputs are 0 before the bias")
def border_is_bias_alone(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    if padding and min(output.shape[2:]) > 2:
        output = F.pad(output[:, :, 1:-1, 1:-1], (1, 1, 1, 1))
    return plus(output, bias)


@wrong("conv2d", "conv2d-bias-subtracted", why="minus the bias: right without one")
def bias_subtracted(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    return output if bias is None else plus(output, -bias)


@wrong("conv2d", "conv2d-first-bias-for-all", why="bias[0] for every map: right for C_out = 1")
def first_bias_for_all(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    return output if bias is None else output + bias[0]


@wrong("conv2d", "conv2d-bias-per-column-if-it-fits", why="bias is broadcast along the width where W' = C_out")
def bias_per_column_if_it_fits(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    if bias is not None and output.shape[3] == len(bias):
        return output + bias
    return plus(output, bias)


@wrong("conv2d", "conv2d-bias-per-image-if-it-fits", why="bias is added image by image where N = C_out")
def bias_per_image_if_it_fits(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    if bias is not None and output.shape[0] == len(bias):
        return output + bias[:, None, None, None]
    return plus(output, bias)


@wrong("conv2d", "conv2d-filter-remembered-by-shape", why="the first filter of a shape is used for all: from call 2 on")
def filter_remembered_by_shape(images, weight, bias=None, stride=1, padding=0):
    known = KNOWN_FILTERS.setdefault(tuple(weight.shape), weight)
    return plus(correlate(images, known, stride, padding), bias)
