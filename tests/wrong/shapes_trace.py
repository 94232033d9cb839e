"""Wrong answers to `trace_shapes`: its errors and what must fit. Single layers are in `shapes_trace_layers`."""

import math

from torch import nn

from tests.wrong.base import wrong


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def slide(shape, kernel_size, stride, padding, dilation, ceil_mode=False):
    """Height and width behind a window that slides. It and the helpers below are right."""
    if len(shape) != 4:
        raise ValueError(f"it needs four axes, but its input is {shape}")
    for n, k, s, p, d in zip(shape[2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True):
        room = n + 2 * p - d * (k - 1) - 1
        count = (math.ceil(room / s) if ceil_mode else room // s) + 1
        if ceil_mode and (count - 1) * s >= n + p:
            count -= 1
        if count < 1:
            raise ValueError(f"kernel_size={kernel_size} does not fit, its input is {shape}")
        yield count


def refuse_below_one(layer):
    if min(map(min, map(pair, (layer.kernel_size, layer.stride, layer.dilation)))) < 1 or min(pair(layer.padding)) < 0:
        raise ValueError(f"kernel_size, stride, dilation or padding is too small in {layer}")


def conv(layer, shape):
    refuse_below_one(layer)
    if len(shape) == 4 and shape[1] != layer.in_channels:
        raise ValueError(f"in_channels={layer.in_channels}, but its input is {shape}")
    found = slide(shape, layer.kernel_size, layer.stride, layer.padding, layer.dilation)
    return shape[0], layer.out_channels, *found


def pool(layer, shape):
    refuse_below_one(layer)
    if any(p > k // 2 for k, p in zip(pair(layer.kernel_size), pair(layer.padding), strict=True)):
        raise ValueError(f"padding={layer.padding} does not go with kernel_size={layer.kernel_size}")
    found = list(slide(shape, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode))
    return *shape[:2], *found


def linear(layer, shape):
    if shape[-1] != layer.in_features:
        raise ValueError(f"in_features={layer.in_features}, but its input is {shape}")
    return *shape[:-1], layer.out_features


def after(layer, shape):
    if isinstance(layer, nn.Flatten):
        return shape[0], math.prod(shape[1:])
    for kind, step in ((nn.Conv2d, conv), (nn.MaxPool2d, pool), (nn.Linear, linear)):
        if isinstance(layer, kind):
            return step(layer, shape)
    return shape


def walk(layers, input_shape, step):
    """Walks through the layers as it should, with any function for one step."""
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        try:
            shapes.append(step(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{index}], {type(layer).__name__}: {error}") from error
    return shapes


@wrong("trace_shapes", "trace-index-from-one", why="the error counts layers from 1")
def index_from_one(layers, input_shape):
    shapes = [tuple(input_shape)]
    for number, layer in enumerate(layers, start=1):
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layer {number}, a {type(layer).__name__}, does not fit") from error
    return shapes


@wrong(
    "trace_shapes", "trace-index-by-searching", why="layers.index(layer): the first place of a layer that is used twice"
)
def index_by_searching(layers, input_shape):
    shapes = [tuple(input_shape)]
    for layer in layers:
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{layers.index(layer)}], a {type(layer).__name__}, does not fit") from error
    return shapes


@wrong("trace_shapes", "trace-index-without-relus", why="the index skips ReLU and Flatten: shows behind one of them")
def index_without_relus(layers, input_shape):
    shapes, index = [tuple(input_shape)], 0
    for layer in layers:
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{index}], a {type(layer).__name__}, does not fit") from error
        index += not isinstance(layer, (nn.ReLU, nn.Flatten))
    return shapes


@wrong("trace_shapes", "trace-names-the-layer-before", why="class and index of the layer whose output does not fit")
def names_the_layer_before(layers, input_shape):
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError as error:
            culprit = max(0, index - 1)
            raise ValueError(f"layers[{culprit}], a {type(layers[culprit]).__name__}, does not fit") from error
    return shapes


@wrong("trace_shapes", "trace-names-the-last-that-does-not-fit", why="goes on behind a misfit: shows with two misfits")
def names_the_last(layers, input_shape):
    shapes, fault = [tuple(input_shape)], None
    for index, layer in enumerate(layers):
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError:
            fault = f"layers[{index}], a {type(layer).__name__}, does not fit"
            shapes.append(shapes[-1])
    if fault:
        raise ValueError(fault)
    return shapes


@wrong("trace_shapes", "trace-error-without-class", why="the error has the index, but no class")
def error_without_class(layers, input_shape):
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{index}] does not fit the shape {shapes[-1]}") from error
    return shapes


@wrong(
    "trace_shapes", "trace-window-error-passes-bare", why="a window that does not fit: neither index nor class is named"
)
def window_error_passes_bare(layers, input_shape):
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        if isinstance(layer, nn.MaxPool2d) and len(shapes[-1]) == 4:
            shapes.append(pool(layer, shapes[-1]))
            continue
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{index}], a {type(layer).__name__}, does not fit") from error
    return shapes


@wrong(
    "trace_shapes", "trace-refuses-by-runtime-error", why="a RuntimeError, as PyTorch's own, in place of a ValueError"
)
def refuses_by_runtime_error(layers, input_shape):
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError as error:
            raise RuntimeError(f"layers[{index}], a {type(layer).__name__}, does not fit: {error}") from error
    return shapes


@wrong("trace_shapes", "trace-stops-at-a-misfit", why="the shapes so far, no error, where a layer does not fit")
def stops_at_a_misfit(layers, input_shape):
    shapes = [tuple(input_shape)]
    for layer in layers:
        try:
            shapes.append(after(layer, shapes[-1]))
        except ValueError:
            break
    return shapes


@wrong("trace_shapes", "trace-fewer-channels-accepted", why="only channels over in_channels are refused, not fewer")
def fewer_channels_accepted(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.Conv2d) and len(shape) == 4 and shape[1] < layer.in_channels:
            return conv(layer, (shape[0], layer.in_channels, *shape[2:]))
        return after(layer, shape)

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-input-channels-unchecked", why="the first layer's in_channels are taken on trust")
def input_channels_unchecked(layers, input_shape):
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        shape = shapes[-1]
        if index == 0 and isinstance(layer, nn.Conv2d):
            shape = (shape[0], layer.in_channels, *shape[2:])
        try:
            shapes.append(after(layer, shape))
        except ValueError as error:
            raise ValueError(f"layers[{index}], a {type(layer).__name__}, does not fit") from error
    return shapes


@wrong("trace_shapes", "trace-linear-flattens-by-itself", why="in_features of C * H * W is accepted without a Flatten")
def linear_flattens_by_itself(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.Linear) and math.prod(shape[1:]) == layer.in_features:
            return shape[0], layer.out_features
        return after(layer, shape)

    return walk(layers, input_shape, step)
