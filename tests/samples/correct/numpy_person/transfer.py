"""A trained network reused, with NumPy for what is drawn."""

import copy

import numpy as np
import torch
from torch import nn


def extract_features(network, images):
    network.eval()
    with torch.no_grad():
        values = network.features(images).numpy()
    return torch.tensor(values)


def first_layer_activations(network, images):
    network.eval()
    a = np.asarray(network.features[0](images).detach(), dtype=np.float64)
    return (a - np.amin(a)) / np.ptp(a)


def replace_classifier(network, num_classes, num_features):
    copied = copy.deepcopy(network)
    for parameter in copied.parameters():
        parameter.requires_grad_(False)
    setattr(copied, "classifier", nn.Linear(num_features, num_classes))
    return copied
