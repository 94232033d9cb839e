"""The lecture's network, its forward pass as a list of stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import methodcaller

import torch
from torch import Tensor, nn


class CNN(nn.Module):
    """The lecture's network: two convolutions with pooling, then a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 7 * 7, 10)
        self.blocks = nn.ModuleList(nn.Sequential(conv, nn.ReLU(), self.pool) for conv in (self.conv1, self.conv2))

    @property
    def stages(self) -> Iterable[Callable[[Tensor], Tensor]]:
        yield from self.blocks
        yield methodcaller("flatten", start_dim=1)
        yield self.fc

    def forward(self, images: Tensor) -> Tensor:
        result = images
        for stage in self.stages:
            result = stage(result)
        return result


@dataclass(frozen=True)
class Counted:
    name: str
    size: int


def trainable(model: nn.Module) -> list[Counted]:
    """The trainable parameters of a model; `named_parameters` gives a shared one only once."""
    return [Counted(name, parameter.nelement()) for name, parameter in model.named_parameters() if parameter.requires_grad]


def count_parameters(model: nn.Module) -> int:
    """How many numbers training can change."""
    return sum(counted.size for counted in trainable(model))


if __name__ == "__main__":
    for counted in trainable(CNN()):
        print(f"{counted.name:12} {counted.size:6,}")
