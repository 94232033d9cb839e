"""The lecture's network with hooks for its ReLUs, and parameters counted as one long vector."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parameters_to_vector


class CNN(nn.Module):
    """The lecture's network: two convolutions with pooling, then a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 7 * 7, 10)

    def forward(self, images: Tensor) -> Tensor:
        # ReLU and max-pooling may change places, so the ReLU hangs on the pooling
        handle = self.pool.register_forward_hook(lambda pool, inputs, output: output.relu_())
        try:
            pooled = self.pool(self.conv2(self.pool(self.conv1(images))))
        finally:
            handle.remove()
        return F.linear(nn.Flatten()(pooled), *self.fc.parameters())


def count_parameters(model: nn.Module) -> int:
    trainable = [p for p in dict.fromkeys(model.parameters()) if p.requires_grad]
    return len(parameters_to_vector(trainable)) if trainable else 0
