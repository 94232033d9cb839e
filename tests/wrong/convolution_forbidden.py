"""Wrong answers of topic convolution that call PyTorch's own: right numbers, but the exercise rules this out."""

from concurrent.futures import ThreadPoolExecutor

import torch
from torch import nn
from torch.func import functional_call, vmap
from torch.nn import functional as F
from torch.nn.functional import conv2d as borrowed

from tests.wrong.base import wrong


def by_hand(images, weight, bias, stride, padding):
    """The right convolution."""
    height, width = weight.shape[2:]
    padded = F.pad(images, (padding, padding, padding, padding))
    windows = padded.unfold(2, height, stride).unfold(3, width, stride)
    output = torch.einsum("nchwij,ocij->nohw", windows, weight)
    return output if bias is None else output + bias[:, None, None]


class Hidden(nn.Conv2d):
    """A layer under another name."""


class Filter(nn.Module):
    """A layer inside another."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, images):
        return self.inner(images)


@wrong("conv2d", "conv2d-calls-functional", why="forbidden: F.conv2d")
def calls_functional(images, weight, bias=None, stride=1, padding=0):
    return F.conv2d(images, weight, bias, stride, padding)


@wrong("conv2d", "conv2d-calls-a-borrowed-name", why="forbidden: imported under another name at the top of the file")
def calls_a_borrowed_name(images, weight, bias=None, stride=1, padding=0):
    return borrowed(images, weight, bias, stride, padding)


@wrong("conv2d", "conv2d-calls-a-default-argument", why="forbidden: bound in the signature, before any watch is set")
def calls_a_default_argument(images, weight, bias=None, stride=1, padding=0, compute=torch.conv2d):
    return compute(images, weight, bias, stride, padding)


@wrong("conv2d", "conv2d-calls-by-a-spelled-name", why="forbidden: getattr with a name put together")
def calls_by_a_spelled_name(images, weight, bias=None, stride=1, padding=0):
    return getattr(torch, "co" + "nv" + "2d")(images, weight, bias, stride, padding)


@wrong("conv2d", "conv2d-calls-aten", why="forbidden: torch.ops.aten.convolution.default")
def calls_aten(images, weight, bias=None, stride=1, padding=0):
    convolution = torch.ops.aten.convolution.default
    return convolution(images, weight, bias, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1)


@wrong("conv2d", "conv2d-calls-the-layer", why="forbidden: nn.Conv2d with the parameters put into it")
def calls_the_layer(images, weight, bias=None, stride=1, padding=0):
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], tuple(weight.shape[2:]), stride, padding, bias=bias is not None)
    parameters = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    return functional_call(layer, parameters, images)


@wrong("conv2d", "conv2d-calls-a-subclass", why="forbidden: a subclass of nn.Conv2d inside another module")
def calls_a_subclass(images, weight, bias=None, stride=1, padding=0):
    layer = Filter(Hidden(weight.shape[1], weight.shape[0], tuple(weight.shape[2:]), stride, padding, bias=False))
    output = functional_call(layer, {"inner.weight": weight}, images)
    return output if bias is None else output + bias[:, None, None]


@wrong("conv2d", "conv2d-calls-the-one-dimensional", why="forbidden: F.conv1d with a kernel of 1 as a matrix product")
def calls_the_one_dimensional(images, weight, bias=None, stride=1, padding=0):
    columns = F.unfold(images, tuple(weight.shape[2:]), padding=padding, stride=stride)
    output = F.conv1d(columns, weight.flatten(1)[:, :, None], bias)
    rows = (images.shape[2] + 2 * padding - weight.shape[2]) // stride + 1
    return output.reshape(len(images), len(weight), rows, -1)


@wrong("conv2d", "conv2d-calls-the-three-dimensional", why="forbidden: F.conv3d with a depth of 1")
def calls_the_three_dimensional(images, weight, bias=None, stride=1, padding=0):
    options = (1, stride, stride), (0, padding, padding)
    return F.conv3d(images[:, :, None], weight[:, :, None], bias, *options)[:, :, 0]


@wrong("conv2d", "conv2d-calls-the-transposed", why="forbidden: F.conv_transpose2d with a turned filter, for stride 1")
def calls_the_transposed(images, weight, bias=None, stride=1, padding=0):
    height, width = weight.shape[2:]
    turned = weight.flip(2, 3).transpose(0, 1)
    full = F.conv_transpose2d(F.pad(images, (padding,) * 4), turned)
    valid = full[:, :, height - 1 : full.shape[2] - height + 1, width - 1 : full.shape[3] - width + 1]
    output = valid[:, :, ::stride, ::stride]
    return output if bias is None else output + bias[:, None, None]


@wrong("conv2d", "conv2d-calls-an-average-pooling", why="forbidden: products, then F.avg_pool3d times their number")
def calls_an_average_pooling(images, weight, bias=None, stride=1, padding=0):
    height, width = weight.shape[2:]
    windows = F.pad(images, (padding,) * 4).unfold(2, height, stride).unfold(3, width, stride)
    products = windows[:, None] * weight[None, :, :, None, None]
    flat = products.permute(0, 1, 3, 4, 2, 5, 6).flatten(0, 3)
    sums = F.avg_pool3d(flat[:, None], tuple(flat.shape[1:])).flatten() * flat[0].numel()
    output = sums.reshape(len(images), len(weight), *windows.shape[2:4])
    return output if bias is None else output + bias[:, None, None]


@wrong("conv2d", "conv2d-calls-under-vmap", why="forbidden: F.conv2d for each image, under torch.func.vmap")
def calls_under_vmap(images, weight, bias=None, stride=1, padding=0):
    return vmap(lambda image: F.conv2d(image, weight, bias, stride, padding))(images)


@wrong("conv2d", "conv2d-calls-in-a-thread", why="forbidden: F.conv2d in another thread, where no watch may be set")
def calls_in_a_thread(images, weight, bias=None, stride=1, padding=0):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(F.conv2d, images, weight, bias, stride, padding).result()


@wrong(
    "conv2d", "conv2d-calls-for-one-case-only", why="forbidden: by hand but for stride 2 and more, where it is called"
)
def calls_for_one_case_only(images, weight, bias=None, stride=1, padding=0):
    if stride > 1:
        return torch.convolution(images, weight, bias, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1)
    return by_hand(images, weight, bias, stride, padding)


@wrong("conv2d", "conv2d-calls-and-falls-back", why="forbidden: tries F.conv2d, and by hand where that raises anything")
def calls_and_falls_back(images, weight, bias=None, stride=1, padding=0):
    try:
        return F.conv2d(images, weight, bias, stride, padding)
    except Exception:
        return by_hand(images, weight, bias, stride, padding)


@wrong("conv2d", "conv2d-calls-for-the-shape", why="forbidden: by hand, but its sizes from F.conv2d on the meta device")
def calls_for_the_shape(images, weight, bias=None, stride=1, padding=0):
    shape = F.conv2d(images.to("meta"), weight.to("meta"), None, stride, padding).shape
    return by_hand(images, weight, bias, stride, padding).reshape(shape)


@wrong("max_pool2d", "pool2d-calls-functional", why="forbidden: F.max_pool2d")
def pool_calls_functional(images, kernel_size, stride=None):
    return F.max_pool2d(images, kernel_size, stride)


@wrong("max_pool2d", "pool2d-calls-the-layer", why="forbidden: nn.MaxPool2d")
def pool_calls_the_layer(images, kernel_size, stride=None):
    return nn.MaxPool2d(kernel_size, stride)(images)


@wrong("max_pool2d", "pool2d-calls-for-the-places", why="forbidden: F.max_pool2d_with_indices, then gather")
def pool_calls_for_the_places(images, kernel_size, stride=None):
    _, places = F.max_pool2d_with_indices(images, kernel_size, stride)
    return images.flatten(2).gather(2, places.flatten(2)).reshape(places.shape)


@wrong("max_pool2d", "pool2d-calls-aten", why="forbidden: torch.ops.aten.max_pool2d_with_indices")
def pool_calls_aten(images, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    return torch.ops.aten.max_pool2d_with_indices(images, [kernel_size] * 2, [stride] * 2)[0]


@wrong("max_pool2d", "pool2d-calls-the-one-dimensional", why="forbidden: F.max_pool1d along rows, then along columns")
def pool_calls_the_one_dimensional(images, kernel_size, stride=None):
    rows = F.max_pool1d(images.flatten(1, 2), kernel_size, stride).unflatten(1, images.shape[1:3])
    columns = F.max_pool1d(rows.transpose(2, 3).flatten(1, 2), kernel_size, stride)
    return columns.unflatten(1, (images.shape[1], rows.shape[3])).transpose(2, 3)


@wrong("max_pool2d", "pool2d-calls-the-three-dimensional", why="forbidden: torch.max_pool3d with a depth of 1")
def pool_calls_the_three_dimensional(images, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    return torch.max_pool3d(images[:, :, None], (1, kernel_size, kernel_size), (1, stride, stride))[:, :, 0]


@wrong("max_pool2d", "pool2d-calls-the-adaptive", why="forbidden: F.adaptive_max_pool2d to 1 by 1, window by window")
def pool_calls_the_adaptive(images, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    windows = images.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    return F.adaptive_max_pool2d(windows.flatten(1, 3), 1).reshape(windows.shape[:4])


@wrong(
    "max_pool2d", "pool2d-calls-without-overlap-only", why="forbidden: by hand but for stride=None, where it is called"
)
def pool_calls_without_overlap_only(images, kernel_size, stride=None):
    if stride is None:
        return torch.max_pool2d(images, kernel_size)
    return images.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).amax((-2, -1))


@wrong(
    "max_pool2d",
    "pool2d-calls-and-falls-back",
    why="forbidden: tries the layer, and by hand where that raises anything",
)
def pool_calls_and_falls_back(images, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    try:
        return nn.Sequential(nn.MaxPool2d(kernel_size, stride))(images)
    except BaseException:
        return images.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).amax((-2, -1))
