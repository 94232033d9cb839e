"""The reference of topic transfer, on a small network with AlexNet's parts."""

import pytest
import torch
from torch import nn

from solutions.transfer import extract_features, first_layer_activations, replace_classifier


class Small(nn.Module):
    """AlexNet's three parts in small, with an in-place ReLU and a dropout."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.Dropout(), nn.MaxPool2d(2))
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(16, 9))

    def forward(self, images):
        return self.classifier(self.avgpool(self.features(images)).flatten(1))


@pytest.fixture
def network():
    return Small().train()


@pytest.fixture
def images():
    return torch.randn(2, 3, 8, 7)


def test_extract_features_evaluates_and_detaches(network, images):
    features = extract_features(network, images)
    assert not features.requires_grad
    assert torch.equal(features, network.eval().features(images))


def test_first_layer_activations_are_those_before_the_relu_in_the_unit_range(network, images):
    activations = first_layer_activations(network, images)
    right = network.features[0](images).detach()
    assert activations.shape == right.shape and (right < 0).any()
    right = (right - right.min()) / (right.max() - right.min())
    torch.testing.assert_close(torch.from_numpy(activations), right)


def test_replace_classifier_returns_a_frozen_copy_with_a_new_layer(network, images):
    network.features[0].bias.requires_grad_(False)
    before = {name: (value.clone(), value.requires_grad) for name, value in network.named_parameters()}
    replaced = replace_classifier(network, num_classes=5, num_features=16)
    assert replaced(images).shape == (2, 5)
    trainable = {name for name, value in replaced.named_parameters() if value.requires_grad}
    assert trainable == {"classifier.weight", "classifier.bias"}
    with torch.no_grad():
        replaced.features[0].weight.zero_()
    assert isinstance(network.classifier, nn.Sequential)
    for name, value in network.named_parameters():
        assert torch.equal(value, before[name][0]) and value.requires_grad == before[name][1]
