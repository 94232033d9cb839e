"""Wrong answers of topic convolution as students really write them."""

from torch.nn import functional as F

from tests.wrong.base import wrong


@wrong("max_pool2d", "pool2d-gives-a-pair", why="max over an axis: values and places", named="max-gives-a-pair")
def pool2d_gives_a_pair(images, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    windows = images.unfold(2, kernel_size, step).unfold(3, kernel_size, step)
    return windows.reshape(*windows.shape[:4], -1).max(dim=-1)


@wrong(
    "conv2d", "conv2d-view-for-transpose", why="view exchanges no axes: windows are torn", named="reshapes-the-columns"
)
def conv2d_view_for_transpose(images, weight, bias=None, stride=1, padding=0):
    batch, _, height, width = images.shape
    maps, _, rows, columns = weight.shape
    unfolded = F.unfold(images, (rows, columns), padding=padding, stride=stride)
    result = unfolded.view(batch, unfolded.shape[-1], -1) @ weight.view(maps, -1).t()
    if bias is not None:
        result = result + bias
    high, wide = (height + 2 * padding - rows) // stride + 1, (width + 2 * padding - columns) // stride + 1
    return result.transpose(1, 2).reshape(batch, maps, high, wide)
