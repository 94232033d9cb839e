"""Pictures of weights, pixel by pixel."""

import numpy as np
import torch
from torch import Tensor, nn


def weights_to_images(weight, height=28, width=28):
    units = len(weight)
    for unit in range(units):
        if len(weight[unit]) != height * width:
            raise ValueError(f"weight: unit {unit} has {len(weight[unit])} numbers, not height={height} times width={width}")
    numbers = weight.tolist()
    images = np.zeros((units, height, width))
    for unit in range(units):
        for y in range(height):
            for x in range(width):
                images[unit, y, x] = numbers[unit][y * width + x]
    return images


def rescale(images):
    low = None
    high = None
    for value in images.ravel().tolist():
        if low is None or value < low:
            low = value
        if high is None or value > high:
            high = value
    numbers = []
    for value in images.ravel().tolist():
        if low == high:
            numbers.append(0.0)
        else:
            numbers.append((value - low) / (high - low))
    return np.array(numbers).reshape(images.shape)


def tile_images(images, columns):
    if columns < 1:
        raise ValueError(f"columns = {columns} is less than 1")
    count = len(images)
    height = len(images[0])
    width = len(images[0][0])
    rows = 0
    while rows * columns < count:
        rows += 1
    picture = np.zeros((rows * height, columns * width))
    for i in range(count):
        for y in range(height):
            for x in range(width):
                picture[(i // columns) * height + y][(i % columns) * width + x] = images[i][y][x]
    return picture
