"""The reference of topic cnn against a sequence of PyTorch's layers."""

import torch
from torch import nn

from solutions.cnn import CNN, count_parameters


def test_cnn_agrees_with_a_sequence_of_its_layers():
    model, images = CNN(), torch.randn(3, 1, 28, 28)
    sequence = nn.Sequential(
        model.conv1, nn.ReLU(), model.pool, model.conv2, nn.ReLU(), model.pool, nn.Flatten(), model.fc
    )
    assert torch.equal(model(images), sequence(images))


def test_count_parameters_counts_what_training_can_change():
    tied = nn.Sequential(nn.Linear(3, 5), nn.Linear(5, 5), nn.BatchNorm1d(5))
    assert count_parameters(tied) == 20 + 30 + 10
    tied[1].bias = tied[0].bias
    assert count_parameters(tied) == 20 + 25 + 10
    tied[0].weight.requires_grad_(False)
    assert count_parameters(tied) == 5 + 25 + 10
    assert count_parameters(nn.Conv2d(4, 6, 3, groups=2)) == 6 * 2 * 9 + 6
    assert count_parameters(nn.ReLU()) == 0
