"""The lecture's network, functional."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class CNN(nn.Module):
    """The lecture's network: two convolutions with pooling, then a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 7 * 7, 10)

    def forward(self, images: Tensor) -> Tensor:
        hidden = F.conv2d(images, self.conv1.weight, self.conv1.bias, padding=1)
        hidden = F.max_pool2d(torch.relu(hidden), 2)
        hidden = F.conv2d(hidden, self.conv2.weight, self.conv2.bias, padding=1)
        hidden = F.max_pool2d(torch.relu(hidden), 2)
        weight = self.fc.weight.unflatten(1, (8, 7, 7))
        return torch.einsum("nchw,kchw->nk", hidden, weight) + self.fc.bias


def count_parameters(model: nn.Module) -> int:
    trainable = filter(lambda parameter: parameter.requires_grad, model.parameters())
    return sum(map(torch.numel, trainable))
