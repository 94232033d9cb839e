"""Wrong answers to `trace_shapes`: one kind of layer, or the list itself, goes wrong."""

import itertools
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


@wrong("trace_shapes", "trace-flatten-keeps-channels", why="(N, C, H * W): always behind a first Flatten")
def flatten_keeps_channels(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.Flatten) and len(shape) == 4:
            return *shape[:2], shape[2] * shape[3]
        return after(layer, shape)

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-linear-features-first", why="puts out_features on axis 1: shows for four axes")
def linear_features_first(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        return (shape[0], layer.out_features, *shape[2:]) if isinstance(layer, nn.Linear) else found

    return walk(layers, input_shape, step)


@wrong(
    "trace_shapes",
    "trace-unchanged-shapes-once",
    why="no entry where the shape stays: also a 'same' convolution",
    named="no-entry-for-relu",
)
def unchanged_shapes_once(layers, input_shape):
    shapes = walk(layers, input_shape, after)
    return [shapes[0], *(found for before, found in itertools.pairwise(shapes) if found != before)]


@wrong(
    "trace_shapes", "trace-stride-and-padding-exchanged", why="arguments in the wrong order: shows unless both are 1"
)
def stride_and_padding_exchanged(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        if isinstance(layer, nn.Conv2d):
            stride = tuple(p or 1 for p in layer.padding)
            return shape[0], layer.out_channels, *slide(shape, layer.kernel_size, stride, layer.stride, layer.dilation)
        return found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-conv-padding-of-height", why="layer.padding[0] for both sides: shows for pairs")
def conv_padding_of_height(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        if isinstance(layer, nn.Conv2d):
            found = slide(shape, layer.kernel_size, layer.stride, layer.padding[0], layer.dilation)
            return shape[0], layer.out_channels, *found
        return found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-conv-dilation-not-passed-on", why="a convolution's dilation is taken for 1")
def conv_dilation_not_passed_on(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        if isinstance(layer, nn.Conv2d):
            return shape[0], layer.out_channels, *slide(shape, layer.kernel_size, layer.stride, layer.padding, 1)
        return found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-conv-stride-not-passed-on", why="a convolution's stride is taken for 1")
def conv_stride_not_passed_on(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        if isinstance(layer, nn.Conv2d):
            return shape[0], layer.out_channels, *slide(shape, layer.kernel_size, 1, layer.padding, layer.dilation)
        return found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-pool-stride-not-passed-on", why="a pooling's stride is taken for its kernel")
def pool_stride_not_passed_on(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        if isinstance(layer, nn.MaxPool2d):
            k = layer.kernel_size
            return *shape[:2], *slide(shape, k, k, layer.padding, layer.dilation, layer.ceil_mode)
        return found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-pool-padding-not-passed-on", why="a pooling's padding is taken for 0")
def pool_padding_not_passed_on(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        if isinstance(layer, nn.MaxPool2d):
            return *shape[:2], *slide(shape, layer.kernel_size, layer.stride, 0, layer.dilation, layer.ceil_mode)
        return found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-pool-dilation-not-passed-on", why="a pooling's dilation is taken for 1")
def pool_dilation_not_passed_on(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        if isinstance(layer, nn.MaxPool2d):
            return *shape[:2], *slide(shape, layer.kernel_size, layer.stride, layer.padding, 1, layer.ceil_mode)
        return found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-pool-pairs-unsupported", why="a pooling with a pair for its kernel is a TypeError")
def pool_pairs_unsupported(layers, input_shape):
    def step(layer, shape):
        found = after(layer, shape)
        if isinstance(layer, nn.MaxPool2d):
            options = layer.stride, layer.padding, layer.dilation, layer.ceil_mode
            return *shape[:2], *slide(shape, int(layer.kernel_size), *options)
        return found

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-pool-behind-flatten-accepted", why="a pooling lets (N, D) through as it is")
def pool_behind_flatten_accepted(layers, input_shape):
    def step(layer, shape):
        return shape if isinstance(layer, nn.MaxPool2d) and len(shape) == 2 else after(layer, shape)

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-conv-behind-flatten-breaks", why="a convolution on (N, D) is an IndexError")
def conv_behind_flatten_breaks(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.Conv2d) and len(shape) == 2:
            return shape[0], layer.out_channels, shape[2], shape[3]
        return after(layer, shape)

    return walk(layers, input_shape, step)


@wrong("trace_shapes", "trace-pool-padding-limit-missing", why="a pooling's padding over half its kernel is accepted")
def pool_padding_limit_missing(layers, input_shape):
    def step(layer, shape):
        if isinstance(layer, nn.MaxPool2d):
            refuse_below_one(layer)
            options = layer.stride, layer.padding, layer.dilation, layer.ceil_mode
            return *shape[:2], *slide(shape, layer.kernel_size, *options)
        return after(layer, shape)

    return walk(layers, input_shape, step)


@wrong(
    "trace_shapes", "trace-grows-from-call-to-call", why="a default list keeps the shapes: shows from a second call on"
)
def grows_from_call_to_call(layers, input_shape, shapes=[]):  # noqa: B006 - the defect
    shapes.extend(walk(layers, input_shape, after))
    return shapes


@wrong("trace_shapes", "trace-empty-list-of-layers", why="[] for no layers, in place of the input's shape")
def empty_list_of_layers(layers, input_shape):
    return walk(layers, input_shape, after) if layers else []


@wrong("trace_shapes", "trace-a-tuple-of-shapes", why="a tuple of shapes in place of a list: always")
def a_tuple_of_shapes(layers, input_shape):
    return tuple(walk(layers, input_shape, after))


@wrong("trace_shapes", "trace-shapes-as-lists", why="each shape is a list: always")
def shapes_as_lists(layers, input_shape):
    return [list(shape) for shape in walk(layers, input_shape, after)]
