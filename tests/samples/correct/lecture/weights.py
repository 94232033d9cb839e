"""Pictures of the weights, as the lecture draws them."""

import numpy as np
import torch
import torch.nn as nn


def weights_to_images(weight, height=28, width=28):
    w = weight.detach().numpy()
    if w.shape[1] != height * width:
        raise ValueError("weight of shape {} does not give pictures of height {} and width {}".format(
            w.shape, height, width))
    return np.reshape(w, [-1, height, width])


def rescale(images):
    w_min, w_max = np.min(images), np.max(images)
    if w_min == w_max:
        return np.zeros(images.shape)
    # float, because the difference of two uint8 may not fit
    return (images - float(w_min)) / (float(w_max) - float(w_min))


def tile_images(images, columns):
    if columns < 1:
        raise ValueError("columns must be at least 1, and it is %d" % columns)
    rows = []
    for i in range(0, images.shape[0], columns):
        row = list(images[i:i + columns])
        while len(row) < columns:
            row.append(np.zeros_like(images[0]))
        rows.append(np.concatenate(row, axis=1))
    return np.concatenate(rows, axis=0)
