"""The reference of topic weights."""

import numpy as np
import pytest
import torch
from torch import nn

from solutions.weights import rescale, tile_images, weights_to_images


def test_weights_to_images_puts_each_row_into_a_picture():
    weight = nn.Linear(15, 4).weight
    pictures = weights_to_images(weight, height=3, width=5)
    assert pictures.shape == (4, 3, 5) and weight.requires_grad
    assert torch.equal(torch.tensor(pictures).flatten(1), weight.detach())
    with pytest.raises(ValueError, match="height=5 and width=5"):
        weights_to_images(weight, height=5, width=5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int8, np.uint8])
def test_rescale_stretches_to_the_unit_range_and_leaves_its_input(dtype):
    images = np.array([[[-100, 3]], [[100, 4]]]).astype(dtype)
    before = images.copy()
    scaled = rescale(images)
    assert scaled.min() == 0 and scaled.max() == 1 and scaled.shape == images.shape
    exact = images.astype(float)
    np.testing.assert_allclose(scaled, (exact - exact.min()) / np.ptp(exact))
    assert np.array_equal(images, before)
    assert rescale(images[:1, :, :1]).tolist() == [[[0.0]]]


@pytest.mark.parametrize("columns", [1, 2, 3, 5, 7])
def test_tile_images_lays_pictures_row_by_row(columns):
    images = np.arange(1.0, 5 * 2 * 3 + 1).reshape(5, 2, 3)
    picture = tile_images(images, columns)
    rows = picture.shape[0] // 2
    assert picture.shape == (rows * 2, columns * 3) and (rows - 1) * columns < 5 <= rows * columns
    cells = picture.reshape(rows, 2, columns, 3).swapaxes(1, 2).reshape(-1, 2, 3)
    assert np.array_equal(cells[:5], images) and not cells[5:].any()


def test_tile_images_refuses_less_than_one_column():
    with pytest.raises(ValueError, match="columns=0"):
        tile_images(np.ones((1, 2, 2)), 0)
