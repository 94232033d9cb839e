"""The lecture's network in as few lines as it will go."""
from functools import reduce

from torch import nn


class CNN(nn.Module):
    """The lecture's network: two convolutions with pooling, then a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 7 * 7, 10)


CNN.forward = lambda self, images: self.fc(reduce(lambda x, c: self.pool(c(x)).relu(), (self.conv1, self.conv2), images).flatten(1))
count_parameters = lambda model: sum(p.numel() * p.requires_grad for p in {*model.parameters()})
