"""The reference of topic convolution against PyTorch's own functions."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from torchvision.transforms.functional import to_tensor

from solutions.convolution import conv2d, max_pool2d, to_nchw


@pytest.mark.parametrize("shape", [(4, 6, 3), (5, 2, 1), (3, 3, 4), (4, 6)])
def test_to_nchw_agrees_with_torchvision(shape):
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    batch = to_nchw(image)
    assert batch.dtype == torch.float32
    assert torch.equal(batch, to_tensor(image).unsqueeze(0))


def test_to_nchw_takes_a_picture_that_was_turned_upside_down():
    image = np.random.default_rng(0).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    assert torch.equal(to_nchw(image[::-1]), to_nchw(image).flip(2))  # its strides are negative


@pytest.mark.parametrize("shape", [(4,), (1, 4, 6, 3)])
def test_to_nchw_refuses_other_ranks(shape):
    with pytest.raises(ValueError, match="image.shape="):
        to_nchw(np.zeros(shape, dtype=np.uint8))


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 2), (2, 4)])
def test_conv2d_agrees_with_pytorch_and_so_do_its_gradients(kernel, stride, padding):
    torch.manual_seed(0)
    arguments = [torch.randn(2, 3, 7, 6), torch.randn(4, 3, *kernel), torch.randn(4)]
    for argument in arguments:
        argument.requires_grad_()
    ours, theirs = (function(*arguments, stride, padding) for function in (conv2d, F.conv2d))
    torch.testing.assert_close(ours, theirs)
    direction = torch.randn_like(theirs)
    for mine, right in zip(
        torch.autograd.grad(ours, arguments, direction), torch.autograd.grad(theirs, arguments, direction), strict=True
    ):
        torch.testing.assert_close(mine, right)
    without_bias = conv2d(*arguments[:2], stride=stride, padding=padding)
    torch.testing.assert_close(without_bias, theirs - arguments[2].reshape(-1, 1, 1))


@pytest.mark.parametrize("stride", [None, 1, 2, 4])
@pytest.mark.parametrize("kernel_size", [1, 2, 3])
def test_max_pool2d_agrees_with_pytorch(kernel_size, stride):
    images = -torch.rand(2, 3, 7, 8) - 1
    assert torch.equal(max_pool2d(images, kernel_size, stride), F.max_pool2d(images, kernel_size, stride))
