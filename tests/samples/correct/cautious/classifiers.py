"""Classifiers by someone who checks everything twice."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

DEBUG = True
BATCH_AXIS = 0


def flatten_images(images):
    assert isinstance(images, torch.Tensor), "images must be a tensor"
    assert images.dim() >= 1, "images must have at least one axis"
    copy_of_images = images.clone().contiguous()
    number_of_images = int(copy_of_images.shape[BATCH_AXIS])
    number_of_pixels = 1
    for size in copy_of_images.shape[1:]:
        number_of_pixels = number_of_pixels * int(size)
    flat_images = copy_of_images.view(number_of_images, number_of_pixels)
    assert flat_images.shape == (number_of_images, number_of_pixels)
    assert flat_images.numel() == images.numel()
    del copy_of_images
    return flat_images


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.layer = nn.Linear(num_pixels, num_classes)

    def forward(self, images):
        if not isinstance(images, torch.Tensor):
            raise TypeError("images must be a tensor, not " + str(type(images)))
        if images.dim() == 4 and images.shape[1] != 1:
            raise ValueError("images must have one channel, but images.shape is " + str(images.shape))
        if images.dim() == 4:
            images = images.squeeze(1)
        assert images.dim() == 3
        pixels = flatten_images(images).to(self.layer.weight.dtype)
        assert pixels.shape[1] == self.layer.in_features
        logits = self.layer(pixels)
        assert logits.shape == (images.shape[0], self.layer.out_features)
        return logits


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden: int, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)

    def forward(self, images):
        assert images.dim() in (3, 4), images.dim()
        pixels = flatten_images(images).to(self.layer1.weight.dtype)
        hidden_before_relu = self.layer1(pixels)
        assert hidden_before_relu.shape == (pixels.shape[0], self.num_hidden)
        hidden_after_relu = F.relu(hidden_before_relu.clone(), inplace=False)
        assert bool((hidden_after_relu >= 0).all()), "ReLU gives no negative numbers"
        logits = self.layer2(hidden_after_relu)
        if DEBUG:
            print("MLP:", tuple(images.shape), "->", tuple(hidden_after_relu.shape), "->", tuple(logits.shape))
        return logits
