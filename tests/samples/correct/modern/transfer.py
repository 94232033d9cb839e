"""Transfer learning with context managers and type hints."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

WEIGHTS: Final = Path.home() / ".cache" / "torch" / "hub" / "checkpoints"
PARTS: Final = ("features", "avgpool", "classifier")


@contextlib.contextmanager
def evaluating(network: nn.Module) -> Iterator[nn.Module]:
    """Evaluation mode and no gradients inside; afterwards each module is in the mode that it was in."""
    modes = {module: module.training for module in network.modules()}
    with contextlib.ExitStack() as stack:
        stack.enter_context(torch.no_grad())
        stack.callback(lambda: [setattr(module, "training", was) for module, was in modes.items()])
        yield network.eval()


def extract_features(network: nn.Module, images: Tensor) -> Tensor:
    """The features of a batch, for good detached."""
    with evaluating(network):
        return network.features(images).detach().clone()


def first_layer_activations(network: nn.Module, images: Tensor) -> np.ndarray:
    """What the first convolution answers, in [0, 1]."""
    with evaluating(network):
        answer = network.features.get_submodule("0")(images)
    low, high = torch.aminmax(answer)
    return answer.sub_(low).div_(high - low).numpy()


def replace_classifier(network: nn.Module, num_classes: int, num_features: int) -> nn.Module:
    """The same features, frozen, and a fresh last layer."""
    if missing := [part for part in PARTS if not hasattr(network, part)]:
        raise TypeError(f"network has no {missing[0]}")
    new = copy.deepcopy(network)
    new.classifier = nn.Linear(num_features, num_classes)
    head = {id(parameter) for parameter in new.classifier.parameters()}
    for parameter in new.parameters():
        parameter.requires_grad_(id(parameter) in head)
    return new


if __name__ == "__main__":
    from torchvision.models import alexnet

    print(replace_classifier(alexnet(), num_classes=2, num_features=256 * 6 * 6).classifier, WEIGHTS)
