"""The reference of topic classifiers against PyTorch's own layers."""

import pytest
import torch
from torch import nn

from solutions.classifiers import MLP, LogisticRegression, flatten_images


@pytest.mark.parametrize("shape", [(1, 5), (1, 1, 2, 3), (4, 2, 3), (3, 2, 1, 5)])
def test_flatten_images_agrees_with_flatten(shape):
    images = torch.randn(shape)
    assert torch.equal(flatten_images(images), nn.Flatten()(images))
    swapped = images.transpose(1, -1)
    assert torch.equal(flatten_images(swapped), nn.Flatten()(swapped))


@pytest.mark.parametrize("shape", [(1, 1, 3, 5), (4, 1, 3, 5), (4, 3, 5), (1, 3, 5)])
def test_models_agree_with_a_sequence_of_their_layers(shape):
    images = torch.randn(shape)
    logistic, mlp = LogisticRegression(15, 4), MLP(6, 15, 4)
    assert torch.equal(logistic(images), nn.Sequential(nn.Flatten(), logistic.layer)(images))
    sequence = nn.Sequential(nn.Flatten(), mlp.layer1, nn.ReLU(), mlp.layer2)
    assert torch.equal(mlp(images), sequence(images))
