"""Classifiers, by someone who thinks in NumPy shapes."""

import numpy as np
import torch
from torch import nn


def flatten_images(images):
    shape = np.array(images.shape)
    return torch.reshape(images, (int(shape[0]), int(np.prod(shape[1:]))))


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels=28 * 28, num_classes=10):
        super().__init__()
        self.layer = nn.Linear(num_pixels, num_classes)

    def forward(self, images):
        X = flatten_images(images)
        W, b = self.layer.weight, self.layer.bias
        return X @ W.T + b[np.newaxis, :]


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden, num_pixels=28 * 28, num_classes=10):
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)

    def forward(self, images):
        X = flatten_images(images)
        H = X @ self.layer1.weight.T + self.layer1.bias
        H = torch.maximum(H, torch.zeros_like(H))
        return H @ self.layer2.weight.T + self.layer2.bias
