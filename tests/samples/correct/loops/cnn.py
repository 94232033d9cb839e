"""The network of the lecture, picture by picture and stage by stage; parameters counted one by one."""

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

    def forward(self, images):
        logits = []
        for i in range(len(images)):
            x = images[i : i + 1]
            for convolution in [self.conv1, self.conv2]:
                x = convolution(x)
                x = x * (x > 0)
                x = self.pool(x)
            planes = []
            for c in range(x.shape[1]):
                for y in range(x.shape[2]):
                    planes.append(x[0, c, y])
            logits.append(self.fc(torch.cat(planes)))
        return torch.stack(logits)


def count_parameters(model):
    seen = set()
    total = 0
    for module in model.modules():
        for name in module._parameters:
            parameter = module._parameters[name]
            if parameter is None or not parameter.requires_grad:
                continue
            if id(parameter) in seen:
                continue
            seen.add(id(parameter))
            numbers = 1
            for size in parameter.size():
                numbers = numbers * size
            total = total + numbers
    return total
