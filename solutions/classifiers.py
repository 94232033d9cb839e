"""Topic classifiers: from a picture to one score for each class.

The first topic of the lesson. A picture is made into a row of pixels, and one or two linear
layers turn that row into logits. The topic `training` then learns the layers' weights, and
`weights` looks at what they have learnt.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def flatten_images(images: Tensor) -> Tensor:
    """Make each picture one row of numbers.

    A linear layer takes a row of features, not a grid of pixels. Flattening is row-major: the
    last axis runs fastest, as in C and NumPy.

    The lecture flattens batches of 28 x 28 pictures with one channel. Yours takes any sizes and
    any number of axes after the first, a batch of one picture, and tensors that are not
    contiguous in memory (what `transpose` or a slice returns): `view` cannot flatten all of
    those, `reshape` can.

    Args:
        images: tensor of shape (N, ...), N >= 1; the first axis counts the pictures.

    Returns:
        Tensor of shape (N, D) with the same numbers, D the product of the other sizes.

    >>> images = torch.arange(12).reshape(2, 1, 2, 3)
    >>> flatten_images(images).tolist()
    [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    >>> flatten_images(images.transpose(2, 3)).tolist()
    [[0, 3, 1, 4, 2, 5], [6, 9, 7, 10, 8, 11]]
    """
    ### BEGIN SOLUTION
    return images.reshape(images.shape[0], -1)
    ### END SOLUTION


class LogisticRegression(nn.Module):
    """Logistic regression: one linear layer from pixels to logits."""

    def __init__(self, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.layer = nn.Linear(num_pixels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Compute a logit for each class: flatten the pictures, then apply `self.layer`.

        A logit is a score of any sign. Return it as it is: `nn.CrossEntropyLoss` contains the
        softmax.

        The lecture's pictures are 28 x 28 and have ten classes. Yours may have any height and
        width (height * width is the `num_pixels` of the layer) and any number of classes.

        Args:
            images: tensor of shape (N, 1, H, W) or (N, H, W), N >= 1.

        Returns:
            Logits, shape (N, num_classes).

        >>> model = LogisticRegression(num_pixels=4, num_classes=3)
        >>> _ = nn.init.constant_(model.layer.weight, 0.5)
        >>> _ = nn.init.constant_(model.layer.bias, -6.0)
        >>> model(torch.tensor([[[1.0, 2.0], [3.0, 4.0]]])).tolist()
        [[-1.0, -1.0, -1.0]]
        """
        ### BEGIN SOLUTION
        logits: Tensor = self.layer(flatten_images(images))
        return logits
        ### END SOLUTION


class MLP(nn.Module):
    """A multi-layer perceptron with one hidden layer."""

    def __init__(self, num_hidden: int, num_pixels: int = 28 * 28, num_classes: int = 10) -> None:
        super().__init__()
        self.num_hidden = num_hidden
        self.layer1 = nn.Linear(num_pixels, num_hidden)
        self.layer2 = nn.Linear(num_hidden, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Compute a logit for each class: flatten, `self.layer1`, ReLU, `self.layer2`.

        The ReLU stands between the two layers: without it they would be one linear map. Nothing
        comes after `self.layer2`, so a logit may be negative.

        The lecture's pictures are 28 x 28 and have ten classes. Yours may have any height and
        width (height * width is `num_pixels`) and any number of classes.

        Args:
            images: tensor of shape (N, 1, H, W) or (N, H, W), N >= 1.

        Returns:
            Logits, shape (N, num_classes).

        >>> model = MLP(num_hidden=2, num_pixels=2, num_classes=1)
        >>> model.layer1.weight.data = torch.tensor([[1.0, 1.0], [1.0, -1.0]])
        >>> model.layer2.weight.data = torch.tensor([[-1.0, 1.0]])
        >>> _ = nn.init.zeros_(model.layer1.bias), nn.init.zeros_(model.layer2.bias)
        >>> model(torch.tensor([[[1.0, 3.0]]])).tolist()  # hidden units: 4, and -2 becomes 0
        [[-4.0]]
        """
        ### BEGIN SOLUTION
        hidden = F.relu(self.layer1(flatten_images(images)))
        logits: Tensor = self.layer2(hidden)
        return logits
        ### END SOLUTION
