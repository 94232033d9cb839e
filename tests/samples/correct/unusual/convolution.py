"""Convolution as a matrix (Toeplitz) for small kernels and as a product of spectra for large ones; pooling by halves."""

import functools

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


def to_nchw(image: np.ndarray) -> Tensor:
    try:
        rearrange = {2: lambda: image[None, None], 3: lambda: np.rollaxis(image, 2)[None]}[image.ndim]
    except KeyError:
        raise ValueError("image", image.shape) from None
    return torch.true_divide(torch.as_tensor(np.array(rearrange(), np.float32)), 255)


class Convolution:
    """A callable object in two strategies, each in double precision."""

    LARGE = 6

    def __call__(self, images, weight, bias=None, stride=1, padding=0):
        strategy = self.by_spectra if weight[0, 0].numel() >= self.LARGE else self.by_matrix
        one = functools.partial(strategy, weight=weight.double(), stride=stride, padding=padding)
        result = torch.vmap(one)(images.double())
        if bias is not None:
            result = result + bias.double().unsqueeze(-1).unsqueeze(-1)
        return result.type(images.dtype)

    def by_matrix(self, image, weight, stride, padding):
        """Unrolls the filters into one matrix that takes all pixels to all outputs."""
        (c, h, w), (o, _, k, l) = image.shape, weight.shape
        down, right = self.selection(h, k, stride, padding), self.selection(w, l, stride, padding)
        matrix = torch.einsum("ocab,iay,jbx->oijcyx", weight, down, right)
        return (matrix.flatten(3).flatten(0, 2) @ image.flatten()).reshape(o, len(down), len(right))

    @staticmethod
    def selection(size, kernel, stride, padding):
        """(output, place in the kernel, pixel): 1 where that output sees that pixel at that place."""
        outputs = (size + 2 * padding - kernel) // stride + 1
        seen = torch.arange(outputs)[:, None] * stride + torch.arange(kernel) - padding
        return (seen.unsqueeze(-1) == torch.arange(size)).double()

    def by_spectra(self, image, weight, stride, padding):
        """Correlation is a product with the conjugate spectrum."""
        padded = F.pad(image, (padding,) * 4)
        size = padded.shape[-2:]
        spectrum = torch.fft.rfft2(padded) * torch.fft.rfft2(weight, s=size).conj()
        everywhere = torch.fft.irfft2(spectrum.sum(-3), s=size)
        height, width = (n - k + 1 for n, k in zip(size, weight.shape[-2:]))
        return everywhere[:, :height:stride, :width:stride]


conv2d = Convolution()


def running_max(images: Tensor, window: int, axis: int) -> Tensor:
    """The maximum of each run along an axis: of two overlapping runs of half the length."""
    if window == 1:
        return images
    half = -(-window // 2)
    halves = running_max(images, half, axis)
    count = images.size(axis) - window + 1
    return torch.maximum(halves.narrow(axis, 0, count), halves.narrow(axis, window - half, count))


def max_pool2d(images: Tensor, kernel_size: int, *rest, **named) -> Tensor:
    (stride,) = [*rest, *named.values()] or [None]
    everywhere = functools.reduce(lambda x, axis: running_max(x, kernel_size, axis), (-1, -2), images)
    return everywhere[..., :: stride or kernel_size, :: stride or kernel_size]
