"""Convolution by someone who checks everything twice, against PyTorch too when the file is loaded."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

LARGEST_PIXEL = 255.0


def to_nchw(image):
    assert isinstance(image, np.ndarray), "image must be a NumPy array"
    if image.ndim != 2 and image.ndim != 3:
        raise ValueError("image must have 2 or 3 axes, but image.ndim is " + str(image.ndim))
    image_copy = image.copy().astype(np.float64)
    if image_copy.ndim == 2:
        image_copy = image_copy.reshape(image_copy.shape[0], image_copy.shape[1], 1)
    number_of_channels = image_copy.shape[2]
    list_of_channels = []
    for channel in range(number_of_channels):
        list_of_channels.append(image_copy[:, :, channel] / LARGEST_PIXEL)
    tensor = torch.tensor(np.array(list_of_channels), dtype=torch.float32)
    tensor = tensor.unsqueeze(0)
    assert tensor.shape == (1, number_of_channels, image.shape[0], image.shape[1])
    assert tensor.dtype == torch.float32
    assert float(tensor.min()) >= 0.0 and float(tensor.max()) <= 1.0
    return tensor


def conv2d(images, weight, bias=None, stride=1, padding=0):
    assert images.dim() == 4 and weight.dim() == 4
    assert images.shape[1] == weight.shape[1], "the channels must agree"
    assert stride >= 1 and padding >= 0
    images_copy = images.clone()
    if padding > 0:
        padded_images = F.pad(images_copy, (padding, padding, padding, padding), mode="constant", value=0.0)
    else:
        padded_images = images_copy
    kernel_height = weight.shape[2]
    kernel_width = weight.shape[3]
    output_height = (padded_images.shape[2] - kernel_height) // stride + 1
    output_width = (padded_images.shape[3] - kernel_width) // stride + 1
    total = torch.zeros(images.shape[0], weight.shape[0], output_height, output_width, dtype=images.dtype)
    # move the pictures over the kernel instead of the kernel over the pictures
    for kernel_row in range(kernel_height):
        for kernel_column in range(kernel_width):
            last_row = kernel_row + (output_height - 1) * stride + 1
            last_column = kernel_column + (output_width - 1) * stride + 1
            part = padded_images[:, :, kernel_row:last_row:stride, kernel_column:last_column:stride]
            assert part.shape[2:] == (output_height, output_width)
            for channel in range(weight.shape[1]):
                one_weight = weight[:, channel, kernel_row, kernel_column].view(1, -1, 1, 1)
                one_part = part[:, channel].unsqueeze(1)
                total = total + one_part * one_weight
    if bias is not None:
        assert bias.shape == (weight.shape[0],)
        total = total + bias.clone().view(1, -1, 1, 1)
    return total


def max_pool2d(images, kernel_size, stride=None):
    assert images.dim() == 4
    if stride is None:
        stride = kernel_size
    assert kernel_size >= 1 and stride >= 1
    images_copy = images.clone()
    output_height = (images.shape[2] - kernel_size) // stride + 1
    output_width = (images.shape[3] - kernel_size) // stride + 1
    biggest = None
    for row in range(kernel_size):
        for column in range(kernel_size):
            last_row = row + (output_height - 1) * stride + 1
            last_column = column + (output_width - 1) * stride + 1
            candidate = images_copy[:, :, row:last_row:stride, column:last_column:stride]
            if biggest is None:
                biggest = candidate
            else:
                biggest = torch.where(candidate > biggest, candidate, biggest)
    assert biggest.shape == (images.shape[0], images.shape[1], output_height, output_width)
    return biggest


def test_everything():
    """Compares with PyTorch. The two functions above do not use PyTorch's own."""
    test_images = torch.arange(2 * 3 * 6 * 5, dtype=torch.float32).reshape(2, 3, 6, 5) / 10 - 7
    test_weight = torch.arange(4 * 3 * 3 * 2, dtype=torch.float32).reshape(4, 3, 3, 2) / 10 - 3
    test_bias = torch.tensor([1.0, -1.0, 2.0, 0.5])
    for test_stride in (1, 2):
        for test_padding in (0, 1):
            mine = conv2d(test_images, test_weight, test_bias, test_stride, test_padding)
            right = F.conv2d(test_images, test_weight, test_bias, test_stride, test_padding)
            assert mine.shape == right.shape
            assert torch.allclose(mine, right, atol=1e-3)
    layer = nn.MaxPool2d(2)
    assert torch.equal(max_pool2d(test_images, 2), layer(test_images))
    print("conv2d and max_pool2d agree with PyTorch")


test_everything()
