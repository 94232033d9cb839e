"""Convolution and pooling as views and contractions."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


def to_nchw(image: np.ndarray) -> Tensor:
    if image.ndim not in {2, 3}:
        raise ValueError(f"image has rank {image.ndim}; a picture has rank 2 or 3")
    pixels = torch.as_tensor(np.atleast_3d(image).astype(np.float32))
    return torch.einsum("hwc->chw", pixels).unsqueeze(0).div(255.0)


def windows_of(images: Tensor, height: int, width: int, stride: int) -> Tensor:
    """A view of shape (N, C, OH, OW, height, width)."""
    images = images.contiguous()
    n, c, h, w = images.shape
    down, right = (h - height) // stride + 1, (w - width) // stride + 1
    sn, sc, sh, sw = images.stride()
    return images.as_strided((n, c, down, right, height, width), (sn, sc, sh * stride, sw * stride, sh, sw))


def conv2d(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    padded = F.pad(images, [padding] * 4)
    windows = windows_of(padded, *weight.shape[-2:], stride)
    output = torch.tensordot(windows, weight, dims=([1, 4, 5], [1, 2, 3]))  # (N, OH, OW, C_out)
    if bias is not None:
        output = output + bias
    return output.movedim(-1, 1)


def max_pool2d(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    step = kernel_size if stride is None else stride
    n, c, h, w = images.shape
    columns = F.unfold(images.reshape(n * c, 1, h, w), kernel_size, stride=step)  # (N * C, K * K, OH * OW)
    return columns.max(dim=1).values.reshape(n, c, (h - kernel_size) // step + 1, -1)
