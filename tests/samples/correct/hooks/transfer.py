"""A trained network reused by way of hooks and surgery."""

import copy
from collections import OrderedDict

import numpy as np
import torch
from torch import Tensor, nn


class Seen(Exception):
    """Thrown by a hook that has seen enough."""


def extract_features(network: nn.Module, images: Tensor) -> Tensor:
    kept = []
    handle = network.features.register_forward_hook(lambda module, inputs, output: kept.append(output.detach()))
    network.train(False)
    network.features(images)
    handle.remove()
    return kept.pop()


def first_layer_activations(network: nn.Module, images: Tensor) -> np.ndarray:
    def stop(module, inputs, output):
        seen = Seen()
        seen.output = output.clone()
        raise seen

    handle = network.features[0].register_forward_hook(stop)
    try:
        network.features(images)
    except Seen as seen:
        activations = seen.output.detach().double()
    finally:
        handle.remove()
    activations -= activations.min()
    activations /= activations.max()
    return activations.numpy()


def replace_classifier(network: nn.Module, num_classes: int, num_features: int) -> nn.Module:
    features, avgpool = copy.deepcopy((network.features, network.avgpool))
    frozen = nn.Sequential(OrderedDict(features=features, avgpool=avgpool, flatten=nn.Flatten()))
    frozen.requires_grad_(False)
    frozen.append(nn.Linear(num_features, num_classes))
    # `append` calls it "3"; it is to be called "classifier"
    frozen.classifier = frozen._modules.pop("3")
    return frozen
