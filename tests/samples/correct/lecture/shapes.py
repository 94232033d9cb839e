"""The lecture's formula for the sizes, (n + 2p - d(k - 1) - 1) / s + 1, for each axis."""

import math

import torch.nn as nn


def two(x):
    if type(x) == int:
        return x, x
    return x[0], x[1]


def conv2d_parameter_shapes(in_channels, out_channels, kernel_size):
    kh, kw = two(kernel_size)
    if kh < 1 or kw < 1:
        raise ValueError("kernel_size is too small: {}".format(kernel_size))
    return (out_channels, in_channels, kh, kw), (out_channels,)


def check(kernel_size, stride, padding, dilation):
    if min(two(kernel_size)) < 1:
        raise ValueError("kernel_size is too small: {}".format(kernel_size))
    if min(two(stride)) < 1:
        raise ValueError("stride is too small: {}".format(stride))
    if min(two(padding)) < 0:
        raise ValueError("padding is negative: {}".format(padding))
    if min(two(dilation)) < 1:
        raise ValueError("dilation is too small: {}".format(dilation))


def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    check(kernel_size, stride, padding, dilation)
    N, C, H, W = input_shape
    kh, kw = two(kernel_size)
    sh, sw = two(stride)
    ph, pw = two(padding)
    dh, dw = two(dilation)
    if H + 2 * ph < dh * (kh - 1) + 1 or W + 2 * pw < dw * (kw - 1) + 1:
        raise ValueError("kernel_size {} is larger than the padded input".format(kernel_size))
    H_out = math.floor((H + 2 * ph - dh * (kh - 1) - 1) / sh + 1)
    W_out = math.floor((W + 2 * pw - dw * (kw - 1) - 1) / sw + 1)
    return (N, out_channels, H_out, W_out)


def max_pool2d_output_shape(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    check(kernel_size, stride, padding, dilation)
    N, C, H, W = input_shape
    kh, kw = two(kernel_size)
    sh, sw = two(stride)
    ph, pw = two(padding)
    dh, dw = two(dilation)
    if ph > kh // 2 or pw > kw // 2:
        raise ValueError("padding {} is more than half the kernel".format(padding))
    round = math.ceil if ceil_mode else math.floor
    H_out = round((H + 2 * ph - dh * (kh - 1) - 1) / sh + 1)
    W_out = round((W + 2 * pw - dw * (kw - 1) - 1) / sw + 1)
    if ceil_mode:
        # the last window must start inside the input or the first padding
        if (H_out - 1) * sh >= H + ph:
            H_out -= 1
        if (W_out - 1) * sw >= W + pw:
            W_out -= 1
    if H_out < 1 or W_out < 1:
        raise ValueError("kernel_size {} is too large for input_shape {}".format(kernel_size, input_shape))
    return (N, C, H_out, W_out)


def same_padding(kernel_size, dilation=1):
    check(kernel_size, 1, 0, dilation)
    kh, kw = two(kernel_size)
    dh, dw = two(dilation)
    if dh * (kh - 1) % 2 == 1 or dw * (kw - 1) % 2 == 1:
        raise ValueError("no padding fits kernel_size {} and dilation {}".format(kernel_size, dilation))
    return (dh * (kh - 1) // 2, dw * (kw - 1) // 2)


def trace_shapes(layers, input_shape):
    shape = tuple(input_shape)
    shapes = [shape]
    for i in range(len(layers)):
        layer = layers[i]
        name = layer.__class__.__name__
        if isinstance(layer, nn.Conv2d):
            if len(shape) != 4 or shape[1] != layer.in_channels:
                raise ValueError("layer {} ({}) does not take {}".format(i, name, shape))
            try:
                shape = conv2d_output_shape(shape, layer.out_channels, layer.kernel_size, layer.stride,
                                            layer.padding, layer.dilation)
            except ValueError as e:
                raise ValueError("layer {} ({}): {}".format(i, name, e))
        elif isinstance(layer, nn.MaxPool2d):
            if len(shape) != 4:
                raise ValueError("layer {} ({}) does not take {}".format(i, name, shape))
            try:
                shape = max_pool2d_output_shape(shape, layer.kernel_size, layer.stride, layer.padding,
                                                layer.dilation, layer.ceil_mode)
            except ValueError as e:
                raise ValueError("layer {} ({}): {}".format(i, name, e))
        elif isinstance(layer, nn.Flatten):
            n = 1
            for size in shape[1:]:
                n = n * size
            shape = (shape[0], n)
        elif isinstance(layer, nn.Linear):
            if shape[-1] != layer.in_features:
                raise ValueError("layer {} ({}) does not take {}".format(i, name, shape))
            shape = shape[:-1] + (layer.out_features,)
        shapes.append(shape)
    return shapes
