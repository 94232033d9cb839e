"""Convolution and pooling by hand, window by window."""

import numpy as np
import torch
import torch.nn.functional as F


def to_nchw(image):
    if len(image.shape) == 2:
        x = torch.from_numpy(image)
        x = x.reshape([1, 1, image.shape[0], image.shape[1]])
    elif len(image.shape) == 3:
        img = np.transpose(image, (2, 0, 1))
        x = torch.from_numpy(img)
        x = torch.unsqueeze(x, 0)
    else:
        raise ValueError("image has shape " + str(image.shape) + ", not (H, W, C) or (H, W)")
    return x.float() / 255


def conv2d(images, weight, bias=None, stride=1, padding=0):
    n, c, h, w = images.shape
    k = weight.shape[2]
    l = weight.shape[3]
    x = torch.zeros([n, c, h + 2 * padding, w + 2 * padding], dtype=images.dtype)
    x[:, :, padding:padding + h, padding:padding + w] = images
    rows = []
    for i in range(0, h + 2 * padding - k + 1, stride):
        row = []
        for j in range(0, w + 2 * padding - l + 1, stride):
            patch = x[:, None, :, i:i + k, j:j + l]  # N x 1 x C x k x l
            row.append(torch.sum(patch * weight, dim=(2, 3, 4)))
        rows.append(torch.stack(row, dim=2))
    out = torch.stack(rows, dim=2)
    if bias is not None:
        out = out + bias.view(1, -1, 1, 1)
    return out


def max_pool2d(images, kernel_size, stride=None):
    if stride is None:
        stride = kernel_size
    n, c, h, w = images.shape
    rows = []
    for i in range(0, h - kernel_size + 1, stride):
        row = []
        for j in range(0, w - kernel_size + 1, stride):
            patch = images[:, :, i:i + kernel_size, j:j + kernel_size].reshape(n, c, -1)
            row.append(patch.max(dim=2)[0])
        rows.append(torch.stack(row, dim=2))
    return torch.stack(rows, dim=2)
