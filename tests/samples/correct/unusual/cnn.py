"""The lecture's network composed anew in each call, and parameters counted by recursion."""

from functools import partial

import torch
from torch import Tensor, nn


def compose(*stages):
    """The stages one after the other, by recursion."""
    if not stages:
        return lambda x: x
    first, *others = stages
    return lambda x: compose(*others)(first(x))


class CNN(nn.Module):
    """The lecture's network: two convolutions with pooling, then a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 7 * 7, 10)

    def forward(self, *images: Tensor, **named: Tensor) -> Tensor:
        (batch,) = images or named.values()
        rectify = lambda x: torch.where(x > 0, x, 0.0)
        unit = nn.Unflatten(0, (-1, 1))
        network = compose(
            self.conv1, rectify, self.pool, self.conv2, self.pool, rectify, partial(torch.flatten, start_dim=-3), self.fc
        )
        return torch.cat([network(picture) for picture in unit(batch)])


class Counter:
    """Counts itself down the tree of modules; remembers whom it has met."""

    def __init__(self):
        self.met = set()

    def __call__(self, module):
        own = [p for p in vars(module)["_parameters"].values() if p is not None and p.requires_grad]
        new = [p for p in own if not (p in self.met or self.met.add(p))]
        return sum(p.nelement() for p in new) + sum(map(self, module.children()))


def count_parameters(model: nn.Module) -> int:
    return Counter()(model)
