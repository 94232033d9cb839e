"""A right answer to the assignment."""

import numpy as np
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    sizes = []
    for size, k, s, p, d in zip(input_shape[2:], pair(kernel_size), pair(stride), pair(padding), pair(dilation)):
        span, padded = d * (k - 1) + 1, size + 2 * p
        if k < 1 or s < 1 or p < 0 or d < 1 or span > padded:
            raise ValueError(f"kernel_size={kernel_size}, stride={stride}, padding={padding}, dilation={dilation}")
        sizes.append((padded - span) // s + 1)
    return (input_shape[0], out_channels, *sizes)


def get_accuracy(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError("data is empty: len(data)=0")
    model.eval()
    right = 0
    with torch.no_grad():
        for images, labels in torch.utils.data.DataLoader(data, batch_size=batch_size):
            right += (model(images).argmax(dim=1) == labels).sum().item()
    return right / len(data)


def tile_images(images, columns):
    if columns < 1:
        raise ValueError(f"too few: columns={columns}")
    count, height, width = images.shape
    rows = (count + columns - 1) // columns
    cells = np.zeros((rows * columns, height, width), dtype=images.dtype)
    cells[:count] = images
    return cells.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
