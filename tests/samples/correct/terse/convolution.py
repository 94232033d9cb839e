"""Convolution in as few lines as it will go."""
import numpy as np, torch, torch.nn.functional as F

def to_nchw(image):
    if (rank := image.ndim) not in (2, 3): raise ValueError(f"{image.ndim = }")
    return torch.tensor(image if rank == 3 else image[..., None]).permute(2, 0, 1)[None] / 255

def conv2d(images, weight, bias=None, stride=1, padding=0):
    (o, _, k, l), (h, w) = weight.shape, (s + 2 * padding for s in images.shape[2:])
    y = weight.flatten(1) @ F.unfold(images, (k, l), padding=padding, stride=stride)
    return (y if bias is None else y + bias[:, None]).unflatten(2, ((h - k) // stride + 1, (w - l) // stride + 1))

max_pool2d = lambda images, kernel_size, stride=None: images.unfold(2, kernel_size, s := stride or kernel_size).unfold(3, kernel_size, s).flatten(4).max(4)[0]
