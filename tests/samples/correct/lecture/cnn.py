"""The convolutional network of the lecture."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class CNN(nn.Module):
    """The lecture's network: two convolutions with pooling, then a linear layer."""

    def __init__(self):
        super(CNN, self).__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 7 * 7, 10)

    def forward(self, images):
        x = self.pool(F.relu(self.conv1(images)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(-1, 8 * 7 * 7)
        x = self.fc(x)
        return x


def count_parameters(model):
    total = 0
    for param in model.parameters():
        if param.requires_grad:
            total += product(param.shape)
    return total


def product(shape):
    p = 1
    for s in shape:
        p *= s
    return p
