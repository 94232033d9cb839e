"""Convolution as a small class hierarchy over `Tensor.unfold`, compared with PyTorch when run as a program."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


class RankError(ValueError):
    def __init__(self, image: np.ndarray) -> None:
        super().__init__(f"image must have two or three axes, got image of shape {image.shape}")


def to_nchw(image: np.ndarray) -> Tensor:
    """(H, W, C) uint8 to (1, C, H, W) float32."""
    match image.shape:
        case (_, _):
            planes = image[None, None]
        case (_, _, _):
            planes = image.transpose(2, 0, 1)[None]
        case _:
            raise RankError(image)
    if image.dtype != np.uint8:
        warnings.warn(f"expected uint8 pixels, got {image.dtype}", stacklevel=2)
    return torch.from_numpy(planes.copy()).to(torch.float32).mul_(1 / 255).clamp_(0, 1)


@dataclass
class Sliding(ABC):
    """A window that slides over images."""

    window: tuple[int, int]
    stride: int
    padding: int = 0
    count: ClassVar[int] = 0
    seen: list[tuple[int, ...]] = field(default_factory=list)

    def __call__(self, images: Tensor) -> Tensor:
        type(self).count += 1
        self.seen.append(tuple(images.shape))
        padded = F.pad(images, (self.padding,) * 4)
        height, width = self.window
        windows = padded.unfold(-2, height, self.stride).unfold(-2, width, self.stride)
        return self.reduce(windows)

    @abstractmethod
    def reduce(self, windows: Tensor) -> Tensor:
        """(N, C, OH, OW, KH, KW) to (N, C', OH, OW)."""


@dataclass(kw_only=True)
class Filtering(Sliding):
    weight: Tensor
    bias: Tensor | None = None

    def reduce(self, windows: Tensor) -> Tensor:
        products = torch.einsum("nchwij, ocij -> nohw", windows, self.weight)
        match self.bias:
            case None:
                return products
            case bias:
                return products + bias[None, :, None, None]


class Pooling(Sliding):
    def reduce(self, windows: Tensor) -> Tensor:
        return windows.flatten(start_dim=-2).max(dim=-1).values


def conv2d(
    images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0
) -> Tensor:
    """What nn.Conv2d computes."""
    return Filtering(tuple(weight.shape[-2:]), stride, padding, weight=weight, bias=bias)(images)


def max_pool2d(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    """What nn.MaxPool2d computes."""
    return Pooling((kernel_size, kernel_size), kernel_size if stride is None else stride)(images)


def compare_with_pytorch() -> None:
    """Only for the eye; not used by the functions above."""
    images, weight = torch.randn(2, 3, 9, 8), torch.randn(4, 3, 3, 2)
    torch.testing.assert_close(conv2d(images, weight, padding=1), F.conv2d(images, weight, padding=1))
    torch.testing.assert_close(max_pool2d(images, 2), torch.nn.MaxPool2d(2)(images))


if __name__ == "__main__":
    compare_with_pytorch()
    print("agrees with PyTorch")
