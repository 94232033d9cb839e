"""Topic convolution: compute by hand what the layers compute.

The fifth topic of the lesson. After the sizes (topic `shapes`) come the numbers. While the
functions `conv2d` and `max_pool2d` run, PyTorch's own convolution and pooling (`nn.Conv2d`,
`F.conv2d`, `F.max_pool2d` and the like, by whatever name) are off limits. `F.unfold`,
`nn.Unfold`, `Tensor.unfold` and `F.pad` are fine, and so are plain loops. Elsewhere in the file,
say to compare, you may use anything.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


def to_nchw(image: np.ndarray) -> Tensor:
    """Make a photo a batch that a convolution takes.

    Image files give (height, width, channel) with whole numbers from 0 to 255. Layers want
    (batch, channel, height, width) with small floats. The axes change places (a reshape would
    shuffle the pixels), and 255 becomes 1.0.

    Args:
        image: uint8 array of shape (H, W, C), or (H, W) for greyscale. It is left as it was.

    Returns:
        float32 tensor of shape (1, C, H, W) with values in [0, 1]; greyscale has C = 1.

    Raises:
        ValueError: an array of any other rank. The text names `image` and its shape or rank.

    >>> image = np.array([[[255, 0, 51], [0, 102, 51]]], dtype=np.uint8)  # 1 high, 2 wide, RGB
    >>> batch = to_nchw(image)
    >>> batch.shape
    torch.Size([1, 3, 1, 2])
    >>> batch[0, :, 0]  # one row for each channel
    tensor([[1.0000, 0.0000],
            [0.0000, 0.4000],
            [0.2000, 0.2000]])
    """
    ### BEGIN SOLUTION
    if image.ndim not in (2, 3):
        raise ValueError(f"image must be (H, W, C) or (H, W), got image.shape={image.shape}")
    if image.ndim == 2:
        image = image[:, :, np.newaxis]
    return torch.tensor(np.ascontiguousarray(image), dtype=torch.float32).permute(2, 0, 1).unsqueeze(0) / 255
    ### END SOLUTION


def conv2d(images: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    """Compute what `nn.Conv2d` computes, without it.

    Each output pixel is a sum of products: a window of the padded input, over all its channels,
    times the filter. The filter is not flipped (a mathematician would say cross-correlation).
    Padding adds zeros at all four sides. Window (i, j) starts at padded pixel
    (i * stride, j * stride). The bias is added once for each output channel.

    PyTorch's own convolution and pooling are off limits here; `F.unfold`, `nn.Unfold` and
    `F.pad` are fine. Gradients must flow through the result to images, weight and bias, so stay
    with tensor operations.

    Args:
        images: shape (N, C_in, H, W).
        weight: shape (C_out, C_in, KH, KW); a kernel may be higher than wide, or wider.
        bias: shape (C_out,), or None for none.
        stride, padding: ints, the same for both axes.

    Returns:
        Tensor of shape (N, C_out, H', W') with the sizes of `conv2d_output_shape`.

    >>> images = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> weight = torch.tensor([[[[1.0, 0.0], [0.0, -2.0]]]])
    >>> conv2d(images, weight, bias=torch.tensor([0.5])).tolist()  # 1 - 2*5 + 0.5, 2 - 2*6 + 0.5
    [[[[-8.5, -9.5]]]]
    >>> conv2d(images, weight, stride=2, padding=1).tolist()
    [[[[-2.0, -6.0], [0.0, 5.0]]]]
    """
    ### BEGIN SOLUTION
    kernel_height, kernel_width = weight.shape[2:]
    padded = F.pad(images, (padding, padding, padding, padding))
    # (N, C_in, H', W', KH, KW): for each place of the output, the window it looks at
    windows = padded.unfold(2, kernel_height, stride).unfold(3, kernel_width, stride)
    output = torch.einsum("nchwij,ocij->nohw", windows, weight)
    return output if bias is None else output + bias.reshape(-1, 1, 1)
    ### END SOLUTION


def max_pool2d(images: Tensor, kernel_size: int, stride: int | None = None) -> Tensor:
    """Compute what `nn.MaxPool2d` computes, without it.

    Each output pixel is the largest number of its window, in each channel alone. Only windows
    that fit count: rows and columns left over at the far end are dropped. Inputs may be negative.
    Gradients flow back through the result, each to the number that was the largest of its window.

    PyTorch's own convolution and pooling are off limits here; `F.unfold`, `nn.Unfold` and
    `F.pad` are fine.

    Args:
        images: shape (N, C, H, W).
        kernel_size: int, the window's height and width.
        stride: int, or None for a stride as large as the window.

    Returns:
        Tensor of shape (N, C, H', W') with the sizes of `max_pool2d_output_shape`.

    >>> images = torch.tensor([[[[-4.0, -1.0, 7.0], [-3.0, -2.0, 9.0]]]])
    >>> max_pool2d(images, kernel_size=2).tolist()
    [[[[-1.0]]]]
    >>> max_pool2d(images, kernel_size=2, stride=1).tolist()
    [[[[-1.0, 9.0]]]]
    """
    ### BEGIN SOLUTION
    if stride is None:
        stride = kernel_size
    windows = images.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    return windows.amax(dim=(-2, -1))
    ### END SOLUTION
