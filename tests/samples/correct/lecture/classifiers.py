"""Logistic regression and a multi-layer perceptron, written as in the lecture."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def flatten_images(images):
    # the lecture's view wants numbers that lie in memory in order
    x = images.contiguous()
    x = x.view(x.size(0), -1)
    return x


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels=28 * 28, num_classes=10):
        super().__init__()
        self.layer = nn.Linear(num_pixels, num_classes)

    def forward(self, images):
        x = images.view(-1, self.layer.in_features)  # 28 * 28 in the lecture
        x = self.layer(x)
        return x


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden, num_pixels=28 * 28, num_classes=10):
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)

    def forward(self, images):
        flattened = images.view(-1, self.layer1.in_features)
        activation1 = self.layer1(flattened)
        activation1 = F.relu(activation1)
        activation2 = self.layer2(activation1)
        return activation2
