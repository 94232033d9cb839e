"""Classifiers whose layers are called by way of hooks, `F.linear` and a flattening of autograd's own."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Flattening(torch.autograd.Function):
    """Flattens on the way there, and gives a gradient its old shape on the way back."""

    @staticmethod
    def forward(ctx, images):
        ctx.shape = images.shape
        return torch.stack([image.ravel() for image in images.unbind()])

    @staticmethod
    def backward(ctx, gradient):
        return gradient.reshape(ctx.shape)


def flatten_images(images: Tensor) -> Tensor:
    if not images.is_floating_point():
        return images.reshape(images.shape[:1] + (-1,))
    return Flattening.apply(images)


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(num_pixels, num_classes)])
        (self.layer,) = self.layers  # its second name

    def forward(self, images: Tensor) -> Tensor:
        # the hook flattens what the layer is about to see
        handle = self.layer.register_forward_pre_hook(lambda layer, inputs: (flatten_images(*inputs),))
        try:
            return self.layer(images)
        finally:
            handle.remove()


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden: int, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        w1, b1, w2, b2 = self.parameters()
        hidden = F.linear(flatten_images(images), w1, b1)
        return F.linear(F.threshold(hidden, 0.0, 0.0), w2, b2)
