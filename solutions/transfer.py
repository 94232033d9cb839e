"""Topic transfer: use a network that others have trained.

The last topic of the lesson. AlexNet has learnt from a million photos, and its features serve
for other tasks. In this topic `network` is `torchvision.models.alexnet()` or anything with its
three parts: `features` (an `nn.Sequential` that starts with a convolution), `avgpool` and
`classifier`.
"""

import copy

import numpy as np
import torch
from torch import Tensor, nn


def extract_features(network: nn.Module, images: Tensor) -> Tensor:
    """Compute a network's features of a batch of pictures.

    The network is in evaluation mode (`network.eval()`), so that dropout and batch norm give the
    same answer each time. The result is detached: it is data for a new classifier, and no
    gradient flows back into the old network.

    Args:
        network: AlexNet or a network with its parts.
        images: shape (N, C, H, W), N >= 1, with the channels that the network takes.

    Returns:
        `network.features(images)`, with `requires_grad` False; for AlexNet and pictures of
        224 x 224 its shape is (N, 256, 6, 6).

    >>> network = nn.Module()
    >>> network.features = nn.Sequential(nn.Conv2d(3, 8, kernel_size=3, stride=2), nn.Dropout())
    >>> features = extract_features(network, torch.ones(2, 3, 9, 7))
    >>> features.shape, features.requires_grad
    (torch.Size([2, 8, 4, 3]), False)
    """
    ### BEGIN SOLUTION
    network.eval()
    features: Tensor = network.features(images).detach()  # type: ignore[operator]
    return features
    ### END SOLUTION


def first_layer_activations(network: nn.Module, images: Tensor) -> np.ndarray:
    """Compute what a network's first convolution answers, ready to be drawn.

    Take the output of `network.features[0]` itself, before anything else. Beware: the layer
    behind it may be an in-place ReLU, which would overwrite that very tensor if you run all of
    `network.features` and keep a reference. Then rescale: over the whole array the smallest
    number becomes 0 and the largest 1. (The array will not be constant.)

    Args:
        network: AlexNet or a network with its parts; `features[0]` is a convolution.
        images: shape (N, C, H, W), N >= 1.

    Returns:
        NumPy array of the shape of that output, (N, C_out, H', W'), with values in [0, 1].

    >>> convolution = nn.Conv2d(1, 1, kernel_size=1)
    >>> _ = nn.init.constant_(convolution.weight, 2.0), nn.init.constant_(convolution.bias, -6.0)
    >>> network = nn.Module()
    >>> network.features = nn.Sequential(convolution, nn.ReLU(inplace=True))
    >>> first_layer_activations(network, torch.tensor([[[[1.0, 2.0, 5.0]]]])).tolist()  # of -4, -2, 4
    [[[[0.0, 0.25, 1.0]]]]
    """
    ### BEGIN SOLUTION
    activations = network.features[0](images).detach().numpy()  # type: ignore[index, operator]
    low, high = activations.min(), activations.max()
    rescaled: np.ndarray = (activations - low) / (high - low)
    return rescaled
    ### END SOLUTION


def replace_classifier(network: nn.Module, num_classes: int, num_features: int) -> nn.Module:
    """Prepare a trained network for a new task: same features, new last layer.

    The new network's `classifier` is one fresh `nn.Linear(num_features, num_classes)`. Only this
    layer will be trained: every other parameter is frozen (`requires_grad` is False). The network
    that was passed in is left as it was, its classifier and what is trainable in it included, so
    work on a copy.

    Any network with the three parts will do, with any number of features and of classes.

    Args:
        network: AlexNet or a network with its parts.
        num_classes: logits of the new classifier.
        num_features: numbers that arrive at the classifier for each picture; for AlexNet
            256 * 6 * 6.

    Returns:
        A network with the same `features` and `avgpool` and the new `classifier`.

    >>> network = nn.Module()
    >>> network.features = nn.Sequential(nn.Conv2d(3, 8, kernel_size=3), nn.ReLU(inplace=True))
    >>> network.avgpool = nn.AdaptiveAvgPool2d((2, 2))
    >>> network.classifier = nn.Linear(8 * 2 * 2, 1000)
    >>> mine = replace_classifier(network, num_classes=5, num_features=32)
    >>> mine.classifier
    Linear(in_features=32, out_features=5, bias=True)
    >>> [name for name, parameter in mine.named_parameters() if parameter.requires_grad]
    ['classifier.weight', 'classifier.bias']
    >>> network.classifier.out_features, network.features[0].weight.requires_grad
    (1000, True)
    """
    ### BEGIN SOLUTION
    replaced = copy.deepcopy(network)
    replaced.requires_grad_(False)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced
    ### END SOLUTION
