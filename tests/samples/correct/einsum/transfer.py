"""A trained network reused, functional."""

import copy

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F


@torch.no_grad()
def extract_features(network: nn.Module, images: Tensor) -> Tensor:
    return network.eval().features(images)


def first_layer_activations(network: nn.Module, images: Tensor) -> np.ndarray:
    layer = network.features[0]
    with torch.no_grad():
        activations = layer._conv_forward(images, layer.weight, layer.bias)
    low, high = torch.aminmax(activations)
    return activations.sub(low).div(high - low).numpy()


def replace_classifier(network: nn.Module, num_classes: int, num_features: int) -> nn.Module:
    replaced = copy.deepcopy(network)
    replaced.classifier = nn.Identity()
    for parameter in replaced.parameters():
        parameter.requires_grad_(False)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced
