"""Pictures of weights by someone who checks everything twice."""

import copy

import numpy as np
import torch

BLACK = 0.0


def weights_to_images(weight, height=28, width=28):
    assert isinstance(weight, torch.Tensor)
    if weight.dim() != 2:
        raise ValueError("weight must have two axes, but weight.shape is " + str(tuple(weight.shape)))
    number_of_units = weight.shape[0]
    number_of_pixels = weight.shape[1]
    if number_of_pixels != height * width:
        print("Oh no, the sizes do not fit!")
        raise ValueError(
            "height times width must be " + str(number_of_pixels)
            + ", but height = " + str(height) + " and width = " + str(width)
        )
    if weight.requires_grad:
        assert weight.is_leaf or weight.grad_fn is not None
    weight_copy = weight.clone().detach().cpu().to(torch.float64)
    list_of_images = []
    for unit in range(number_of_units):
        image = weight_copy[unit].numpy().copy()
        image = image.reshape((height, width))
        assert image.shape == (height, width)
        list_of_images.append(image)
    images = np.array(list_of_images, dtype=np.float64)
    assert images.shape == (number_of_units, height, width)
    return images


def rescale(images):
    assert isinstance(images, np.ndarray)
    images_copy = copy.deepcopy(images).astype(np.float64)
    smallest = float(np.min(images_copy))
    largest = float(np.max(images_copy))
    assert smallest <= largest
    if smallest == largest:
        print("all numbers are equal, so there is nothing to see")
        result = np.zeros(images_copy.shape, dtype=np.float64)
    else:
        result = images_copy - smallest
        result = result / (largest - smallest)
    result = np.clip(result, 0.0, 1.0)
    assert result.shape == images.shape
    assert result.min() >= 0.0 and result.max() <= 1.0
    return result


def tile_images(images, columns):
    if not isinstance(columns, (int, np.integer)):
        raise ValueError("columns must be an int, columns = " + str(columns))
    if columns < 1:
        raise ValueError("columns must be at least 1, columns = " + str(columns))
    assert images.ndim == 3
    number_of_images, height, width = images.shape
    number_of_rows = number_of_images // columns
    if number_of_images % columns > 0:
        number_of_rows = number_of_rows + 1
    big_picture = np.full((number_of_rows * height, columns * width), BLACK, dtype=np.float64)
    image_number = 0
    for row in range(number_of_rows):
        for column in range(columns):
            if image_number < number_of_images:
                top = row * height
                left = column * width
                big_picture[top : top + height, left : left + width] = images[image_number].copy()
                image_number = image_number + 1
    assert image_number == number_of_images
    return big_picture
