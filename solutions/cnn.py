"""Topic cnn: a small convolutional network for 28 x 28 digits.

The sixth topic of the lesson. Convolution, ReLU and pooling, twice, then one linear layer.
`train` of the topic `training` trains it like any other classifier, and counting its parameters
shows how few a convolution needs.
"""

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
        """Compute logits: conv1, ReLU, pool, conv2, ReLU, pool, flatten, fc.

        The same `self.pool` serves twice, after each ReLU. The sizes go from 28 to 14 to 7, so
        that 8 * 7 * 7 numbers arrive at `self.fc`. Nothing comes after `self.fc`: logits may be
        negative.

        Args:
            images: shape (N, 1, 28, 28), N >= 1.

        Returns:
            Logits, shape (N, 10).

        >>> model = CNN()
        >>> model(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])

        Let all parameters be 0.1 and all pixels 1. Then conv1 gives 9 * 0.1 * 1 + 0.1 = 1 away
        from the border, conv2 gives 4 * 9 * 0.1 * 1 + 0.1 = 3.7, pooling drops the lower numbers
        at the border, and fc gives 392 * 0.1 * 3.7 + 0.1:

        >>> for parameter in model.parameters():
        ...     _ = nn.init.constant_(parameter, 0.1)
        >>> round(model(torch.ones(1, 1, 28, 28))[0, 0].item(), 2)
        145.14
        """
        ### BEGIN SOLUTION
        hidden = self.pool(F.relu(self.conv1(images)))
        hidden = self.pool(F.relu(self.conv2(hidden)))
        logits: Tensor = self.fc(hidden.flatten(start_dim=1))
        return logits
        ### END SOLUTION


def count_parameters(model: nn.Module) -> int:
    """Count the numbers that training can change in a model.

    Every entry of every trainable parameter counts, biases included. A parameter that two layers
    share counts once. A frozen one (`requires_grad` is False) does not count, and neither do
    buffers, such as the running mean of a batch norm: they are no parameters.

    Args:
        model: any module, also one without parameters.

    Returns:
        The number, an int.

    >>> count_parameters(nn.Conv2d(3, 8, kernel_size=5))  # 8 filters of 3 * 5 * 5, 8 biases
    608
    >>> count_parameters(CNN())
    4266
    >>> layer = nn.Linear(4, 4)
    >>> count_parameters(nn.Sequential(layer, nn.ReLU(), layer))
    20
    >>> _ = layer.bias.requires_grad_(False)
    >>> count_parameters(layer)
    16
    """
    ### BEGIN SOLUTION
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    ### END SOLUTION
