"""Sizes found by sliding: a loop moves the window and counts the places where it may stand."""

from collections.abc import Sequence

from torch import nn

IntOrPair = int | tuple[int, int]
Shape = tuple[int, ...]


def per_axis(value):
    if isinstance(value, int):
        return [value, value]
    return [value[0], value[1]]


def refuse_below(least, name, value):
    for number in per_axis(value):
        if number < least:
            raise ValueError(name + " should be " + str(least) + " or more but is " + str(value))


def conv2d_parameter_shapes(in_channels, out_channels, kernel_size):
    refuse_below(1, "kernel_size", kernel_size)
    weight_shape = [out_channels, in_channels]
    for number in per_axis(kernel_size):
        weight_shape.append(number)
    return tuple(weight_shape), tuple([out_channels])


def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    refuse_below(1, "kernel_size", kernel_size)
    refuse_below(1, "stride", stride)
    refuse_below(0, "padding", padding)
    refuse_below(1, "dilation", dilation)
    result = [input_shape[0], out_channels]
    for axis in [0, 1]:
        pixels = 0
        for part in [per_axis(padding)[axis], input_shape[2 + axis], per_axis(padding)[axis]]:
            pixels += part
        windows = 0
        start = 0
        while True:
            last = start
            for step in range(per_axis(kernel_size)[axis] - 1):
                last += per_axis(dilation)[axis]
            if last >= pixels:
                break
            windows += 1
            start += per_axis(stride)[axis]
        if windows == 0:
            raise ValueError("kernel_size " + str(kernel_size) + " does not fit in input_shape " + str(input_shape))
        result.append(windows)
    return tuple(result)


def max_pool2d_output_shape(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    refuse_below(1, "kernel_size", kernel_size)
    refuse_below(1, "stride", stride)
    refuse_below(0, "padding", padding)
    refuse_below(1, "dilation", dilation)
    result = [input_shape[0], input_shape[1]]
    for axis in [0, 1]:
        k = per_axis(kernel_size)[axis]
        s = per_axis(stride)[axis]
        p = per_axis(padding)[axis]
        d = per_axis(dilation)[axis]
        n = input_shape[2 + axis]
        if p + p > k:
            raise ValueError("padding " + str(padding) + " is more than half of kernel_size " + str(kernel_size))
        windows = 0
        start = 0
        while True:
            last = start + (k - 1) * d
            if ceil_mode:
                # a window may stick out by less than a stride, and must not start in the far padding
                if last - (s - 1) >= n + 2 * p or (windows > 0 and start >= n + p):
                    break
            elif last >= n + 2 * p:
                break
            windows += 1
            start += s
        if windows == 0:
            raise ValueError("kernel_size " + str(kernel_size) + " does not fit in input_shape " + str(input_shape))
        result.append(windows)
    return tuple(result)


def same_padding(kernel_size, dilation=1):
    refuse_below(1, "kernel_size", kernel_size)
    refuse_below(1, "dilation", dilation)
    result = []
    for axis in [0, 1]:
        k = per_axis(kernel_size)[axis]
        d = per_axis(dilation)[axis]
        for candidate in range(0, k * d + 1):
            if 100 + 2 * candidate - d * (k - 1) == 100:
                result.append(candidate)
                break
        else:
            raise ValueError("no padding will do for kernel_size " + str(kernel_size) + " at dilation " + str(dilation))
    return tuple(result)


def trace_shapes(layers, input_shape):
    shapes = [tuple(input_shape)]
    index = 0
    for layer in layers:
        shape = shapes[-1]
        where = "layer " + str(index) + " is a " + type(layer).__name__ + " and "
        if isinstance(layer, nn.Conv2d) or isinstance(layer, nn.MaxPool2d):
            if len(shape) != 4:
                raise ValueError(where + "cannot take an input of shape " + str(shape))
        if isinstance(layer, nn.Conv2d):
            if layer.in_channels != shape[1]:
                raise ValueError(where + "wants in_channels " + str(layer.in_channels) + ", not " + str(shape[1]))
            try:
                shape = conv2d_output_shape(
                    shape, layer.out_channels, layer.kernel_size, layer.stride, layer.padding, layer.dilation
                )
            except ValueError as problem:
                raise ValueError(where + "does not fit: " + str(problem))
        if isinstance(layer, nn.MaxPool2d):
            try:
                shape = max_pool2d_output_shape(
                    shape, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode
                )
            except ValueError as problem:
                raise ValueError(where + "does not fit: " + str(problem))
        if isinstance(layer, nn.Flatten):
            numbers = 1
            for axis in range(1, len(shape)):
                numbers *= shape[axis]
            shape = (shape[0], numbers)
        if isinstance(layer, nn.Linear):
            if shape[len(shape) - 1] != layer.in_features:
                raise ValueError(where + "wants in_features " + str(layer.in_features) + " from " + str(shape))
            new = []
            for axis in range(len(shape) - 1):
                new.append(shape[axis])
            new.append(layer.out_features)
            shape = tuple(new)
        shapes.append(shape)
        index += 1
    return shapes
