"""Convolution and pooling: NumPy finds out which pixels are needed, torch computes with them."""

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view


def to_nchw(image):
    if image.ndim not in (2, 3):
        raise ValueError(f"image.ndim is {image.ndim}")
    if image.ndim == 2:
        image = np.expand_dims(image, -1)
    x = np.moveaxis(image, -1, 0)[np.newaxis].astype(np.float32)
    return torch.from_numpy(x / np.float32(255))


def window_indices(height, width, window, stride):
    """For each window, the places of its pixels in a flattened plane: (OH, OW, window height * window width)."""
    places = np.arange(height * width).reshape(height, width)
    windows = sliding_window_view(places, window)[::stride, ::stride]
    return windows.reshape(*windows.shape[:2], -1)


def conv2d(images, weight, bias=None, stride=1, padding=0):
    n, c, h, w = images.shape
    # the padding is one zero at the end of each plane, which every pixel outside points to
    plane = torch.cat([images.reshape(n, c, h * w), images.new_zeros(n, c, 1)], dim=2)
    source = np.pad(np.arange(h * w).reshape(h, w), padding, mode="constant", constant_values=h * w)
    index = window_indices(*source.shape, tuple(weight.shape[2:]), stride)
    index = source.ravel()[index]
    patches = plane[:, :, torch.from_numpy(index)]  # (N, C, OH, OW, KH * KW)
    patches = patches.permute(0, 2, 3, 1, 4).flatten(3)
    out = patches @ weight.reshape(weight.shape[0], -1).T
    if bias is not None:
        out = out + bias
    return out.permute(0, 3, 1, 2)


def max_pool2d(images, kernel_size, stride=None):
    if stride is None:
        stride = kernel_size
    n, c, h, w = images.shape
    index = window_indices(h, w, (kernel_size, kernel_size), stride)  # (OH, OW, K * K)
    values = images.detach().numpy().reshape(n, c, h * w)[:, :, index]
    winner = np.take_along_axis(np.broadcast_to(index, values.shape), values.argmax(-1)[..., np.newaxis], -1)
    winner = torch.from_numpy(winner.reshape(n, c, -1))
    return torch.gather(images.reshape(n, c, h * w), 2, winner).reshape(n, c, *index.shape[:2])
