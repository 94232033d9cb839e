"""The lecture's network; the sizes of its parameters are counted with NumPy."""

import numpy as np
import torch
from torch import nn


class CNN(nn.Module):
    """The lecture's network: two convolutions with pooling, then a linear layer."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 7 * 7, 10)

    def forward(self, images):
        h = torch.maximum(self.conv1(images), torch.tensor(0.0))
        h = self.pool(h)
        h = torch.maximum(self.conv2(h), torch.tensor(0.0))
        h = self.pool(h)
        return self.fc(h.reshape(len(images), np.prod(h.shape[1:])))


def count_parameters(model):
    sizes = [np.prod(p.shape, dtype=np.int64) for p in model.parameters() if p.requires_grad]
    return int(np.sum(sizes, dtype=np.int64))
