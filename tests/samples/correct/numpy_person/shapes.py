"""Sizes with NumPy arithmetic: height and width at once, as arrays of two numbers."""

import numpy as np
from torch import nn


def both(value):
    return np.broadcast_to(np.asarray(value, dtype=np.int64), (2,))


def validate(kernel_size=1, stride=1, padding=0, dilation=1):
    if np.any(both(kernel_size) < 1):
        raise ValueError(f"kernel_size must be positive: {kernel_size}")
    if np.any(both(stride) < 1):
        raise ValueError(f"stride must be positive: {stride}")
    if np.any(both(padding) < 0):
        raise ValueError(f"padding must not be negative: {padding}")
    if np.any(both(dilation) < 1):
        raise ValueError(f"dilation must be positive: {dilation}")


def conv2d_parameter_shapes(in_channels, out_channels, kernel_size):
    validate(kernel_size)
    return tuple(np.append([out_channels, in_channels], both(kernel_size))), (np.int64(out_channels),)


def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    validate(kernel_size, stride, padding, dilation)
    n, c, *size = input_shape
    room = np.array(size) + 2 * both(padding) - both(dilation) * (both(kernel_size) - 1) - 1
    if (room < 0).any():
        raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    out = np.floor_divide(room, both(stride)) + 1
    return (n, out_channels, *out)


def max_pool2d_output_shape(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    validate(kernel_size, stride, padding, dilation)
    if np.any(both(padding) > np.floor_divide(both(kernel_size), 2)):
        raise ValueError(f"padding={padding} is greater than half of kernel_size={kernel_size}")
    size = np.array(input_shape)[2:]
    k, s, p, d = both(kernel_size), both(stride), both(padding), both(dilation)
    room = size + 2 * p - d * (k - 1) - 1
    if ceil_mode:
        out = np.ceil(room / s).astype(np.int64) + 1
        out = np.where((out - 1) * s >= size + p, out - 1, out)
    else:
        out = room // s + 1
    if out.min() < 1:
        raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
    return tuple(np.concatenate((np.array(input_shape)[:2], out)))


def same_padding(kernel_size, dilation=1):
    validate(kernel_size=kernel_size, dilation=dilation)
    twice = both(dilation) * (both(kernel_size) - 1)
    if np.any(np.mod(twice, 2) != 0):
        raise ValueError(f"kernel_size={kernel_size}, dilation={dilation}: half a pixel of padding would be needed")
    return tuple(twice // 2)


def trace_shapes(layers, input_shape):
    shapes = [input_shape]
    for i, layer in enumerate(layers):
        shape = shapes[-1]
        name = type(layer).__name__
        try:
            if isinstance(layer, (nn.Conv2d, nn.MaxPool2d)) and np.size(shape) != 4:
                raise ValueError(f"needs four axes, got {shape}")
            if isinstance(layer, nn.Conv2d):
                if shape[1] != layer.in_channels:
                    raise ValueError(f"needs {layer.in_channels} channels, got {shape}")
                new = conv2d_output_shape(shape, layer.out_channels, layer.kernel_size, layer.stride,
                                          layer.padding, layer.dilation)
            elif isinstance(layer, nn.MaxPool2d):
                new = max_pool2d_output_shape(shape, layer.kernel_size, layer.stride, layer.padding,
                                              layer.dilation, layer.ceil_mode)
            elif isinstance(layer, nn.Flatten):
                new = (shape[0], np.prod(shape[1:], dtype=np.int64))
            elif isinstance(layer, nn.Linear):
                if shape[-1] != layer.in_features:
                    raise ValueError(f"needs {layer.in_features} features, got {shape}")
                new = (*shape[:-1], np.int64(layer.out_features))
            else:
                new = shape
        except ValueError as error:
            raise ValueError(f"layer number {i} ({name}): {error}")
        shapes.append(new)
    return shapes
