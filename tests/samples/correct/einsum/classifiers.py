"""Classifiers written as contractions: which axes meet, and which stay."""

import math

import torch
from torch import Tensor, einsum, nn


def flatten_images(images: Tensor) -> Tensor:
    packed = images.clone(memory_format=torch.contiguous_format)
    count, numbers = packed.size(0), math.prod(packed.shape[1:])
    return packed.as_strided((count, numbers), (numbers, 1))


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.layer = nn.Linear(num_pixels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        return einsum("np,kp->nk", flatten_images(images), self.layer.weight) + self.layer.bias


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden: int, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        height, width = images.shape[-2:]
        pictures = images.reshape(-1, height, width)
        filters = self.layer1.weight.unflatten(1, (height, width))
        hidden = torch.tensordot(pictures, filters, dims=([1, 2], [1, 2])) + self.layer1.bias
        return torch.addmm(self.layer2.bias, hidden.clamp(min=0), self.layer2.weight.mT)
