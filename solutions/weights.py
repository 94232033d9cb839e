"""Topic weights: look at what a layer has learnt.

The third topic of the lesson. Each unit of a first layer has one weight for each pixel, so its
weights are a picture too. Three small functions make one big picture of all of them.
"""

import numpy as np
import torch
from torch import Tensor, nn


def weights_to_images(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    """Make each row of a layer's weights a picture.

    Row i of `nn.Linear(height * width, units).weight` belongs to unit i, and its numbers are in
    the order of `flatten_images`: row by row.

    The lecture's pictures are 28 x 28. Yours have any height and width.

    Args:
        weight: shape (units, height * width), usually a parameter. NumPy refuses a tensor that
            requires gradients, so detach it; the parameter itself keeps its `requires_grad`.
        height, width: size of a picture, in pixels.

    Returns:
        Array of shape (units, height, width). It may share memory with `weight`.

    Raises:
        ValueError: a row of `weight` does not have height * width numbers. The text names at
            least one argument and its value, e.g. "height=2".

    >>> weight = nn.Parameter(torch.tensor([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]))
    >>> weights_to_images(weight, height=2, width=3).tolist()
    [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]
    >>> weights_to_images(weight, height=2, width=2)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ValueError: height=2 and width=2 need rows of 4 numbers, but a row of weight has 6
    """
    ### BEGIN SOLUTION
    units, numbers = weight.shape
    if numbers != height * width:
        raise ValueError(
            f"height={height} and width={width} need rows of {height * width} numbers, "
            f"but a row of weight has {numbers}"
        )
    return weight.detach().numpy().reshape(units, height, width)
    ### END SOLUTION


def rescale(images: np.ndarray) -> np.ndarray:
    """Stretch an array to the range from 0 to 1 (min-max).

    Weights are small and of both signs; a picture wants values in [0, 1]. The smallest number
    of the whole array becomes 0 and the largest becomes 1, so pictures of one array stay
    comparable. An array in which all numbers are equal becomes zeros.

    Args:
        images: an array of any shape and any number type. It is left as it was: these may be the
            model's own weights.

    Returns:
        A new array of the same shape with floats in [0, 1].

    >>> rescale(np.array([[-2.0, 0.0], [1.0, 2.0]])).tolist()
    [[0.0, 0.5], [0.75, 1.0]]
    >>> rescale(np.array([7, 7, 7])).tolist()
    [0.0, 0.0, 0.0]
    """
    ### BEGIN SOLUTION
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    rescaled: np.ndarray = (images - low) / (high - low)
    return rescaled
    ### END SOLUTION


def tile_images(images: np.ndarray, columns: int) -> np.ndarray:
    """Lay pictures side by side, row by row, in one big picture.

    There are `columns` pictures in a row and as many rows as are needed. The big picture is
    always `columns` pictures wide; cells left over in its last row are zeros.

    Args:
        images: shape (count, height, width), count >= 1.
        columns: pictures per row.

    Returns:
        Array of shape (rows * height, columns * width).

    Raises:
        ValueError: `columns` is below 1. The text names it and its value, e.g. "columns=0".

    >>> images = np.array([[[1, 1]], [[2, 3]], [[4, 5]]])  # three pictures, 1 pixel high, 2 wide
    >>> tile_images(images, columns=2).tolist()
    [[1, 1, 2, 3], [4, 5, 0, 0]]
    """
    ### BEGIN SOLUTION
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)  # division that rounds up
    picture = np.zeros((rows * height, columns * width), dtype=images.dtype)
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture
    ### END SOLUTION
