"""Classifiers by way of callable objects, partial methods and one image at a time under vmap."""

from functools import partial, partialmethod

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Flatten:
    """An object that can be called like the function it stands for. Its result is a transposed view."""

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, images: Tensor) -> Tensor:
        count = images.shape[self.axis]
        return images.movedim(self.axis, -1).reshape(-1, count).T


flatten_images = Flatten()


def _one_after_the_other(model, images: Tensor, *, layers, between) -> Tensor:
    first, *others = (getattr(model, name) for name in layers)

    def logits_of(image: Tensor) -> Tensor:
        result = first(image.reshape(-1))
        for layer in others:
            result = layer(between(result))
        return result

    return torch.vmap(logits_of)(images)


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.layer = nn.Linear(num_pixels, num_classes)

    forward = partialmethod(_one_after_the_other, layers=["layer"], between=None)


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden: int, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)

    forward = partialmethod(
        _one_after_the_other, layers=["layer1", "layer2"], between=partial(F.hardtanh, min_val=0.0, max_val=float("inf"))
    )
