"""A trained network reused by way of functional calls, deepcopy's memo and channels-last memory."""

import copy

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call


def extract_features(network: nn.Module, images: Tensor) -> Tensor:
    features = network.eval().features
    state = {name: value.detach() for name, value in features.state_dict(keep_vars=True).items()}
    return functional_call(features, state, images).detach()


def first_layer_activations(network: nn.Module, images: Tensor) -> np.ndarray:
    first, *_ = network.features.children()
    answer = first(images.contiguous(memory_format=torch.channels_last))
    array = answer.numpy(force=True)
    return np.true_divide(array - array.min(), np.ptp(array))


def replace_classifier(network: nn.Module, num_classes: int, num_features: int) -> nn.Module:
    # what deepcopy finds in its memo it takes instead of a copy: frozen parameters on the same memory, a new layer
    memo = {id(p): nn.Parameter(p.detach(), requires_grad=False) for p in network.parameters()}
    memo[id(network.classifier)] = nn.Linear(num_features, num_classes)
    return copy.deepcopy(network, memo)
