"""Wrong answers to `conv2d` and `max_pool2d` with the right numbers, through which no right gradient flows."""

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


@wrong("conv2d", "conv2d-no-gradient-for-images", why="images are detached")
def no_gradient_for_images(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images.detach(), weight, stride, padding), bias)


@wrong("conv2d", "conv2d-no-gradient-for-padded-images", why="copied into the padding under no_grad: padding > 0 only")
def no_gradient_for_padded_images(images, weight, bias=None, stride=1, padding=0):
    if padding:
        height, width = (size + 2 * padding for size in images.shape[2:])
        padded = torch.zeros(*images.shape[:2], height, width, dtype=images.dtype)
        padded[:, :, padding:-padding, padding:-padding] = images.data
        images = padded
    return plus(correlate(images, weight, stride, 0), bias)


@wrong("conv2d", "conv2d-no-gradient-for-weight", why="weight.data is used")
def no_gradient_for_weight(images, weight, bias=None, stride=1, padding=0):
    return plus(correlate(images, weight.data, stride, padding), bias)


@wrong(
    "conv2d", "conv2d-weight-learns-from-first-image", why="the weight's gradient is of image 0 alone: shows for N > 1"
)
def weight_learns_from_first_image(images, weight, bias=None, stride=1, padding=0):
    first = correlate(images[:1], weight, stride, padding)
    others = correlate(images[1:], weight.detach(), stride, padding)
    return plus(torch.cat([first, others]), bias)


@wrong("conv2d", "conv2d-no-gradient-for-bias", why="bias[c].item() is a number without a graph")
def no_gradient_for_bias(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    return output if bias is None else plus(output, torch.tensor([value.item() for value in bias]))


@wrong("conv2d", "conv2d-bias-gradient-of-first-image", why="the bias' gradient is of image 0 alone: shows for N > 1")
def bias_gradient_of_first_image(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    if bias is None:
        return output
    return torch.cat([plus(output[:1], bias), plus(output[1:], bias.detach())])


@wrong("conv2d", "conv2d-result-as-a-leaf", why="torch.tensor(result, requires_grad=True): a leaf that reaches nobody")
def result_as_a_leaf(images, weight, bias=None, stride=1, padding=0):
    output = plus(correlate(images, weight, stride, padding), bias)
    return output.detach().clone().requires_grad_()


@wrong("conv2d", "conv2d-bias-turned-in-place", why="bias.unsqueeze_: an error with gradients, or in a second call")
def bias_turned_in_place(images, weight, bias=None, stride=1, padding=0):
    output = correlate(images, weight, stride, padding)
    return output if bias is None else output + bias.unsqueeze_(-1).unsqueeze_(-1)


@wrong("conv2d", "conv2d-gradient-doubled-for-images", why="the images' gradient counts twice, values are right")
def gradient_doubled_for_images(images, weight, bias=None, stride=1, padding=0):
    twice = images + (images - images.detach())
    return plus(correlate(twice, weight, stride, padding), bias)


@wrong("max_pool2d", "pool2d-gradient-to-the-whole-window", why="the gradient is the mean's: every pixel gets a share")
def pool_gradient_to_the_whole_window(images, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    windows = images.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    mean = windows.mean((-2, -1))
    return windows.amax((-2, -1)).detach() + (mean - mean.detach())


@wrong("max_pool2d", "pool2d-gradient-of-first-channel", why="channels behind the first are detached: shows for C > 1")
def pool_gradient_of_first_channel(images, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    images = torch.cat([images[:, :1], images[:, 1:].detach()], dim=1)
    return images.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).amax((-2, -1))
