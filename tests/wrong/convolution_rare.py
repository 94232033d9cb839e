"""Wrong answers of topic convolution: odd ranks, many channels, gradients that are lost in one case."""

import torch
from torch.nn import functional as F

from tests.wrong.base import wrong


def batch(image):
    """The right batch."""
    if image.ndim not in (2, 3):
        raise ValueError(f"image must have rank 2 or 3, got image.shape={image.shape}")
    channels = image[:, :, None] if image.ndim == 2 else image
    return torch.tensor(channels, dtype=torch.float32).permute(2, 0, 1)[None] / 255


def convolved(images, weight, bias, stride, padding):
    """The right convolution."""
    padded = F.pad(images, (padding, padding, padding, padding))
    windows = padded.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    output = torch.einsum("nchwij,ocij->nohw", windows, weight)
    return output if bias is None else output + bias[:, None, None]


def windows(images, kernel_size, stride):
    """(N, C, H', W', K * K): the right windows."""
    return images.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).flatten(4)


@wrong("to_nchw", "nchw-five-channels-refused", why="more than four channels are a ValueError, though they are legal")
def five_channels_refused(image):
    if image.ndim == 3 and image.shape[2] > 4:
        raise ValueError(f"image must have at most four channels, got image.shape={image.shape}")
    return batch(image)


@wrong("to_nchw", "nchw-many-channels-guessed-first", why="(H, W, C) with H <= 4 < C is taken for (C, H, W)")
def many_channels_guessed_first(image):
    first = image.ndim == 3 and image.shape[0] <= 4 < image.shape[2]
    return batch(image.transpose(1, 2, 0) if first else image)


@wrong("to_nchw", "nchw-four-wide-grey-as-colours", why="a grey image 4 wide is taken for one column of RGBA")
def four_wide_grey_as_colours(image):
    return batch(image[:, None] if image.ndim == 2 and image.shape[1] == 4 else image)


@wrong("to_nchw", "nchw-rank-zero-as-grey", why="a single number becomes (1, 1, 1, 1); other ranks are refused")
def rank_zero_as_grey(image):
    return batch(image.reshape(1, 1) if image.ndim == 0 else image)


@wrong("to_nchw", "nchw-rank-zero-breaks", why="image.shape[0] comes first: an IndexError for rank 0")
def rank_zero_breaks(image):
    height = image.shape[0]
    return batch(image).reshape(1, -1, height, image.shape[1])


@wrong("to_nchw", "nchw-refusal-names-another", why="the ValueError speaks of pic, as torchvision's, not of image")
def refusal_names_another(image):
    if image.ndim not in (2, 3):
        raise ValueError(f"pic should be 2/3 dimensional. Got {image.ndim} dimensions.")
    return batch(image)


@wrong(
    "conv2d", "conv2d-window-never-on-padding-alone", why="padding is cut below the kernel: shows from the kernel on"
)
def window_never_on_padding_alone(images, weight, bias=None, stride=1, padding=0):
    return convolved(images, weight, bias, stride, min(padding, max(weight.shape[2:]) - 1))


@wrong(
    "conv2d",
    "conv2d-channels-and-rows-exchanged-if-equal",
    why="the weight's axes 1 and 2 are exchanged if C_in = KH > 2",
)
def channels_and_rows_exchanged(images, weight, bias=None, stride=1, padding=0):
    if weight.shape[1] == weight.shape[2] > 2:
        weight = weight.transpose(1, 2)
    return convolved(images, weight, bias, stride, padding)


@wrong("conv2d", "conv2d-one-by-one-learns-nothing", why="a 1 by 1 filter gets no gradient")
def one_by_one_learns_nothing(images, weight, bias=None, stride=1, padding=0):
    return convolved(images, weight.detach() if weight.shape[2:] == (1, 1) else weight, bias, stride, padding)


@wrong("max_pool2d", "pool2d-starts-from-minus-9999", why="-9999 as the least number there is: right above it")
def starts_from_minus_9999(images, kernel_size, stride=None):
    return windows(images, kernel_size, stride or kernel_size).amax(-1).clamp(min=-9999)


@wrong("max_pool2d", "pool2d-compares-in-bfloat16", why="close numbers are alike: one that is not the largest is taken")
def compares_in_bfloat16(images, kernel_size, stride=None):
    found = windows(images, kernel_size, stride or kernel_size)
    return found.gather(-1, found.bfloat16().argmax(-1, keepdim=True)).squeeze(-1)


@wrong(
    "max_pool2d", "pool2d-single-window-learns-nothing", why="detached where one window is all there is: no gradient"
)
def pooled_single_window_learns_nothing(images, kernel_size, stride=None):
    pooled = windows(images, kernel_size, stride or kernel_size).amax(-1)
    return pooled.detach() if pooled.shape[2:] == (1, 1) else pooled
