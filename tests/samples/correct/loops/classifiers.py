"""Classifiers with a loop for every axis: pictures, then units."""

import torch
from torch import nn


def rows_of(block):
    """All rows of pixels in a block of any number of axes, the last axis fastest."""
    if block.dim() == 0:
        return [torch.stack([block])]
    if block.dim() == 1:
        return [block]
    rows = []
    for part in block:
        for row in rows_of(part):
            rows.append(row)
    return rows


def flatten_images(images):
    flat = []
    for i in range(images.shape[0]):
        flat.append(torch.cat(rows_of(images[i])))
    return torch.stack(flat)


def linear_unit(layer, unit, picture):
    """What one unit of a linear layer makes of one row of numbers."""
    return (layer.weight[unit] * picture).sum() + layer.bias[unit]


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.layer = nn.Linear(num_pixels, num_classes)

    def forward(self, images):
        logits = []
        for picture in flatten_images(images):
            scores = []
            for unit in range(self.layer.out_features):
                scores.append(linear_unit(self.layer, unit, picture))
            logits.append(torch.stack(scores))
        return torch.stack(logits)


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden: int, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)

    def forward(self, images):
        logits = []
        for picture in flatten_images(images):
            hidden = []
            for unit in range(self.num_hidden):
                value = linear_unit(self.layer1, unit, picture)
                if value > 0:
                    hidden.append(value)
                else:
                    hidden.append(value * 0)
            hidden = torch.stack(hidden)
            scores = []
            for unit in range(self.layer2.out_features):
                scores.append(linear_unit(self.layer2, unit, hidden))
            logits.append(torch.stack(scores))
        return torch.stack(logits)
