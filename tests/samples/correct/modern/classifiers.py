"""Classifiers with type hints, `torch.func` and a demonstration at the end."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call

log: Final = logging.getLogger(__name__)


class FlatShape(NamedTuple):
    """The sizes of flattened images."""

    count: int
    numbers: int


@dataclass(frozen=True, slots=True)
class Flattener:
    """Knows how to flatten; an object, because it can be one."""

    start: int = 1

    def shape_of(self, images: Tensor) -> FlatShape:
        return FlatShape(images.shape[0], images[0].numel())

    def __call__(self, images: Tensor) -> Tensor:
        shape = self.shape_of(images)
        log.debug("flattening %s to %s", tuple(images.shape), shape)
        return images.reshape(*shape)


def flatten_images(images: Tensor) -> Tensor:
    """Make each picture one row of numbers: (N, ...) to (N, D)."""
    return Flattener()(images)


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.layer = nn.Linear(num_pixels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        parameters = dict(self.layer.named_parameters())
        return functional_call(self.layer, parameters, (flatten_images(images),))


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden: int, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)
        self.pipeline = nn.Sequential(self.layer1, nn.ReLU(), self.layer2)  # registers both layers once more

    def forward(self, images: Tensor) -> Tensor:
        match images.shape:
            case (n, 1, _, _) | (n, _, _):
                rows = flatten_images(images)
            case other:
                raise ValueError(f"images must be (N, 1, H, W) or (N, H, W), got {tuple(other)}")
        logits = self.pipeline(rows)
        assert logits.shape[0] == n
        return logits


@dataclass
class Demo:
    """Shows the two classifiers at work."""

    seed: int = 0

    @cached_property
    def images(self) -> Tensor:
        return torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(self.seed))

    def run(self) -> None:
        for model in (LogisticRegression(), MLP(num_hidden=30)):
            print(f"{type(model).__name__}: {tuple(model(self.images).shape)}")


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG)
    Demo().run()
