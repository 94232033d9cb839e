"""Wrong answers of topic transfer: `first_layer_activations`."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.wrong.base import wrong


def rescaled(array):
    return (array - array.min()) / (array.max() - array.min())


def first_layer(network, images):
    """What the first convolution answers, as an array."""
    return network.features[0](images).detach().numpy()


@wrong(
    "first_layer_activations",
    "activations-overwritten-by-the-relu",
    why="hooked without a copy: shows for in-place ReLU",
)
def overwritten_by_the_relu(network, images):
    kept = []
    handle = network.features[0].register_forward_hook(lambda layer, inputs, output: kept.append(output))
    with torch.no_grad():
        network.features(images)
    handle.remove()
    return rescaled(kept[0].numpy())


@wrong("first_layer_activations", "activations-of-the-last-layer", why="all of features is run and answered")
def of_the_last_layer(network, images):
    return rescaled(network.features(images).detach().numpy())


@wrong(
    "first_layer_activations",
    "activations-of-any-first-convolution",
    why="the first of network.modules(): may be another part",
)
def of_any_first_convolution(network, images):
    convolution = next(module for module in network.modules() if isinstance(module, nn.Conv2d))
    return rescaled(convolution(images).detach().numpy())


@wrong(
    "first_layer_activations",
    "activations-without-dilation",
    why="F.conv2d without the layer's dilation: shows for d > 1",
)
def without_dilation(network, images):
    layer = network.features[0]
    answer = F.conv2d(images, layer.weight, layer.bias, layer.stride, layer.padding, groups=layer.groups)
    return rescaled(answer.detach().numpy())


@wrong("first_layer_activations", "activations-without-bias", why="no bias: shows where maps' biases differ")
def without_bias(network, images):
    layer = network.features[0]
    answer = F.conv2d(images, layer.weight, None, layer.stride, layer.padding, layer.dilation, layer.groups)
    return rescaled(answer.detach().numpy())


@wrong(
    "first_layer_activations",
    "activations-rescaled-by-the-first-image",
    why="0 and 1 of image 0 for all: right for N = 1",
)
def rescaled_by_the_first_image(network, images):
    answer = first_layer(network, images)
    return (answer - answer[0].min()) / (answer[0].max() - answer[0].min())


@wrong("first_layer_activations", "activations-clipped", why="cut to [0, 1], not rescaled")
def clipped(network, images):
    return first_layer(network, images).clip(0, 1)


@wrong("first_layer_activations", "activations-least-taken-off-once", why="(a - min) / max: right for a least of 0")
def least_taken_off_once(network, images):
    answer = first_layer(network, images)
    return (answer - answer.min()) / answer.max()


@wrong("first_layer_activations", "activations-by-size", why="abs() first: large negative answers become bright")
def by_size(network, images):
    return rescaled(np.abs(first_layer(network, images)))


@wrong(
    "first_layer_activations",
    "activations-zero-in-the-middle",
    why="0.5 + a / (2 * max|a|): zero is grey, ends are not 0 and 1",
)
def zero_in_the_middle(network, images):
    answer = first_layer(network, images)
    return 0.5 + answer / (2 * np.abs(answer).max())


@wrong("first_layer_activations", "activations-outliers-cut", why="percentiles 1 and 99 in place of least and largest")
def outliers_cut(network, images):
    answer = first_layer(network, images)
    low, high = np.percentile(answer, [1, 99])
    return ((answer - low) / (high - low)).clip(0, 1)


@wrong("first_layer_activations", "activations-up-to-255", why="in [0, 255], as image files have it")
def up_to_255(network, images):
    return 255 * rescaled(first_layer(network, images))


@wrong("first_layer_activations", "activations-channels-last", why="(N, H', W', C_out), as plots want it")
def channels_last(network, images):
    return rescaled(first_layer(network, images)).transpose(0, 2, 3, 1)


@wrong("first_layer_activations", "activations-as-tensor", why="a tensor with the right numbers: always")
def as_tensor(network, images):
    return torch.from_numpy(rescaled(first_layer(network, images)))
