"""A trained network reused by someone who checks everything twice."""

import copy

import numpy as np
import torch
import torch.nn as nn


def extract_features(network, images):
    assert hasattr(network, "features")
    network_was_training = network.training
    modes_before = {name: module.training for name, module in network.named_modules()}
    images_copy = images.clone().detach()
    try:
        network.eval()
        for name, module in network.named_modules():
            assert module.training is False, name
        features = network.features(images_copy)
    finally:
        for name, module in network.named_modules():
            module.training = modes_before[name]
    assert network.training == network_was_training
    features = features.clone().detach()
    features.requires_grad = False
    assert features.requires_grad is False
    assert features.shape[0] == images.shape[0]
    print("features:", tuple(features.shape))
    return features


def first_layer_activations(network, images):
    first_layer = copy.deepcopy(network.features[0])
    assert isinstance(first_layer, nn.Conv2d)
    first_layer.eval()
    with torch.no_grad():
        activations = first_layer(images.clone())
    activations = activations.detach().clone().cpu().numpy().astype(np.float64)
    smallest = activations.min()
    largest = activations.max()
    if largest == smallest:
        return np.zeros_like(activations)
    rescaled = (activations - smallest) / (largest - smallest)
    assert rescaled.min() == 0.0
    assert rescaled.max() == 1.0
    del first_layer, activations
    return rescaled


def replace_classifier(network, num_classes, num_features):
    assert isinstance(network, nn.Module)
    assert isinstance(num_classes, int) and num_classes > 0
    assert isinstance(num_features, int) and num_features > 0
    required_before = [parameter.requires_grad for parameter in network.parameters()]
    new_network = copy.deepcopy(network)
    assert new_network is not network
    for name, parameter in new_network.named_parameters():
        parameter.requires_grad = False
        parameter.grad = None
    new_layer = nn.Linear(in_features=num_features, out_features=num_classes, bias=True)
    del new_network.classifier
    new_network.classifier = new_layer
    number_frozen = 0
    number_trainable = 0
    for name, parameter in new_network.named_parameters():
        if parameter.requires_grad:
            assert name.startswith("classifier.")
            number_trainable += 1
        else:
            number_frozen += 1
    assert number_trainable == 2
    print("frozen:", number_frozen, "trainable:", number_trainable)
    required_after = [parameter.requires_grad for parameter in network.parameters()]
    assert required_before == required_after
    return new_network
