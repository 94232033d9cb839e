"""Convolution in seven nested loops, pooling in six: slow, and nothing hidden."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


def to_nchw(image):
    if image.ndim == 2:
        height, width = image.shape
        channels = 1
    elif image.ndim == 3:
        height, width, channels = image.shape
    else:
        raise ValueError(f"image should have 2 or 3 axes, but image.ndim is {image.ndim}")
    result = torch.zeros(1, channels, height, width)
    for y in range(height):
        for x in range(width):
            for c in range(channels):
                if image.ndim == 2:
                    pixel = image[y, x]
                else:
                    pixel = image[y, x, c]
                result[0, c, y, x] = int(pixel) / 255
    return result


def conv2d(images, weight, bias=None, stride=1, padding=0):
    count, channels, height, width = images.shape
    filters, _, kernel_height, kernel_width = weight.shape
    out_height = (height + 2 * padding - kernel_height) // stride + 1
    out_width = (width + 2 * padding - kernel_width) // stride + 1
    result = []
    for n in range(count):
        for f in range(filters):
            for y in range(out_height):
                for x in range(out_width):
                    total = torch.zeros((), dtype=images.dtype)
                    if bias is not None:
                        total = bias[f]
                    for c in range(channels):
                        for i in range(kernel_height):
                            for j in range(kernel_width):
                                row = y * stride + i - padding
                                column = x * stride + j - padding
                                if 0 <= row < height and 0 <= column < width:
                                    total = total + images[n, c, row, column] * weight[f, c, i, j]
                    # a window that sees nothing but padding still leads back to its inputs
                    result.append(total + 0 * weight[f, 0, 0, 0] + 0 * images[n, 0, 0, 0])
    return torch.stack(result).view(count, filters, out_height, out_width)


def max_pool2d(images, kernel_size, stride=None):
    if stride is None:
        stride = kernel_size
    count, channels, height, width = images.shape
    out_height = (height - kernel_size) // stride + 1
    out_width = (width - kernel_size) // stride + 1
    result = []
    for n in range(count):
        for c in range(channels):
            for y in range(out_height):
                for x in range(out_width):
                    best = images[n, c, y * stride, x * stride]
                    for i in range(kernel_size):
                        for j in range(kernel_size):
                            value = images[n, c, y * stride + i, x * stride + j]
                            if value > best:
                                best = value
                    result.append(best)
    return torch.stack(result).view(count, channels, out_height, out_width)
