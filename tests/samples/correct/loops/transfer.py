"""AlexNet reused: its layers are walked through one at a time."""

import copy

import numpy as np
import torch
from torch import Tensor, nn


def extract_features(network, images):
    for module in network.modules():
        module.training = False
    x = images.clone()
    for layer in network.features:
        x = layer(x)
    return x.detach()


def first_layer_activations(network, images):
    first = None
    for layer in network.features:
        images = layer(images)
        if first is None:
            first = images.clone()  # the next layer may work in place
    values = first.detach().flatten().tolist()
    low = values[0]
    high = values[0]
    for value in values:
        if value < low:
            low = value
        if value > high:
            high = value
    for i in range(len(values)):
        values[i] = (values[i] - low) / (high - low)
    return np.array(values, dtype=np.float32).reshape(tuple(first.shape))


def replace_classifier(network, num_classes, num_features):
    new = copy.deepcopy(network)
    for part in [new.features, new.avgpool]:
        for parameter in part.parameters():
            parameter.requires_grad = False
    for name, parameter in new.named_parameters():
        parameter.requires_grad = False
    new.classifier = nn.Linear(num_features, num_classes)
    for parameter in new.classifier.parameters():
        parameter.requires_grad = True
    return new
