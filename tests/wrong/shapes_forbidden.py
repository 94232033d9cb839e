"""Wrong answers of topic shapes that run PyTorch's layers: right numbers, but the exercise rules this out."""

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn import functional as F

from tests.wrong.base import wrong


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def refusal(error, **arguments):
    """PyTorch's refusal in the words that the exercise asks for."""
    return ValueError(f"{', '.join(f'{name}={value}' for name, value in arguments.items())}: {error}")


def refuse_below_least(**arguments):
    """What the meta device would let pass."""
    for name, value in arguments.items():
        if min(pair(value)) < (0 if name == "padding" else 1):
            raise ValueError(f"{name} is too small: {name}={value}")


@wrong("conv2d_output_shape", "conv-runs-the-layer", why="forbidden: nn.Conv2d on the CPU")
def runs_the_layer(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    try:
        layer = nn.Conv2d(input_shape[1], out_channels, kernel_size, stride, padding, dilation)
        return tuple(layer(torch.zeros(input_shape)).shape)
    except (RuntimeError, ValueError, ZeroDivisionError) as error:
        raise refusal(error, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation) from error


@wrong(
    "conv2d_output_shape", "conv-runs-on-one-image", why="forbidden: torch.conv2d with one image, channel and filter"
)
def runs_on_one_image(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    try:
        weight = torch.zeros(1, 1, *pair(kernel_size))
        image = torch.zeros(1, 1, *input_shape[2:])
        found = torch.conv2d(image, weight, None, stride, padding, dilation)
    except (RuntimeError, ValueError) as error:
        raise refusal(error, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation) from error
    return input_shape[0], out_channels, *found.shape[2:]


@wrong(
    "conv2d_output_shape", "conv-runs-on-meta", why="forbidden: F.conv2d on the meta device, legal calls checked first"
)
def runs_on_meta(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below_least(kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)
    try:
        image = torch.zeros(input_shape, device="meta")
        weight = torch.zeros(out_channels, input_shape[1], *pair(kernel_size), device="meta")
        return tuple(F.conv2d(image, weight, None, stride, padding, dilation).shape)
    except (RuntimeError, ValueError, ZeroDivisionError) as error:
        raise refusal(error, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation) from error


@wrong("conv2d_output_shape", "conv-runs-on-fake-tensors", why="forbidden: aten.convolution under FakeTensorMode")
def runs_on_fake_tensors(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below_least(kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)
    options = [list(pair(value)) for value in (stride, padding, dilation)]
    try:
        with FakeTensorMode():
            image = torch.zeros(input_shape)
            weight = torch.zeros(out_channels, input_shape[1], *pair(kernel_size))
            return tuple(torch.ops.aten.convolution(image, weight, None, *options, False, [0, 0], 1).shape)
    except (RuntimeError, ValueError, ZeroDivisionError) as error:
        raise refusal(error, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation) from error


@wrong("conv2d_output_shape", "conv-runs-a-pooling", why="forbidden: height and width by F.max_pool1d of a padded row")
def runs_a_pooling(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    found = []
    for n, k, s, p, d in zip(input_shape[2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True):
        if p < 0:
            raise refusal("negative", padding=padding)
        try:
            found.append(F.max_pool1d(torch.zeros(1, 1, n + 2 * p), k, s, 0, d).shape[-1])
        except (RuntimeError, ValueError) as error:
            raise refusal(error, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation) from error
    return input_shape[0], out_channels, *found


@wrong("max_pool2d_output_shape", "pool-runs-the-layer", why="forbidden: nn.MaxPool2d on the CPU")
def runs_the_pool_layer(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    try:
        layer = nn.MaxPool2d(kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)
        return tuple(layer(torch.zeros(input_shape)).shape)
    except (RuntimeError, ValueError, ZeroDivisionError) as error:
        raise refusal(error, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation) from error


@wrong(
    "max_pool2d_output_shape", "pool-runs-to-compare", why="forbidden: runs torch.max_pool2d next to right arithmetic"
)
def runs_to_compare(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    try:
        image = torch.zeros(input_shape)
        judge = torch.max_pool2d(image, pair(kernel_size), pair(stride), pair(padding), pair(dilation), ceil_mode)
    except (RuntimeError, ValueError, ZeroDivisionError) as error:
        raise refusal(error, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation) from error
    found = []
    for n, k, s, p, d in zip(input_shape[2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True):
        room = n + 2 * p - d * (k - 1) - 1
        count = (-(-room // s) if ceil_mode else room // s) + 1
        found.append(count - 1 if ceil_mode and (count - 1) * s >= n + p else count)
    assert tuple(judge.shape[2:]) == tuple(found)
    return *input_shape[:2], *found


@wrong(
    "max_pool2d_output_shape", "pool-runs-an-average", why="forbidden: nn.AvgPool2d, with arithmetic for d > 1 alone"
)
def runs_an_average(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    spans = tuple(d * (k - 1) + 1 for k, d in zip(pair(kernel_size), pair(dilation), strict=True))
    refuse_below_least(kernel_size=kernel_size, dilation=dilation, padding=padding)
    if any(p > k // 2 for k, p in zip(pair(kernel_size), pair(padding), strict=True)):
        raise refusal("over half", kernel_size=kernel_size, padding=padding)
    try:
        layer = nn.AvgPool2d(spans, kernel_size if stride is None else stride, padding, ceil_mode=ceil_mode)
        return tuple(layer(torch.zeros(input_shape)).shape)
    except (RuntimeError, ValueError, ZeroDivisionError) as error:
        raise refusal(error, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation) from error


@wrong("trace_shapes", "trace-runs-the-layers", why="forbidden: calls every layer, convolutions and poolings included")
def runs_the_layers(layers, input_shape):
    shapes, hidden = [tuple(input_shape)], torch.zeros(input_shape)
    for index, layer in enumerate(layers):
        try:
            hidden = layer(hidden)
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"layers[{index}], a {type(layer).__name__}, does not fit: {error}") from error
        shapes.append(tuple(hidden.shape))
    return shapes


@wrong("trace_shapes", "trace-listens-to-a-sequential", why="forbidden: forward hooks while the network runs")
def listens_to_a_sequential(layers, input_shape):
    shapes = [tuple(input_shape)]

    def note(layer, inputs, output):
        shapes.append(tuple(output.shape))

    handles = []
    hidden = torch.zeros(input_shape)
    for index, layer in enumerate(layers):
        try:
            with torch.no_grad():
                handles.append(layer.register_forward_hook(note))
                hidden = nn.Sequential(layer)(hidden)
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"layers[{index}], a {type(layer).__name__}, does not fit: {error}") from error
        finally:
            handles.pop().remove()
    return shapes
