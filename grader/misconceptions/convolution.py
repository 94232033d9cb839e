"""Known mistakes in topic convolution."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from grader.misconceptions.base import mistake
from solutions.convolution import conv2d, max_pool2d, to_nchw

# to_nchw


def _pixels(image):
    """The image as a float32 tensor (H, W, C), unscaled; other ranks are refused."""
    if image.ndim not in (2, 3):
        raise ValueError(f"image must be (H, W, C) or (H, W), got image.shape={image.shape}")
    return torch.tensor(image[:, :, np.newaxis] if image.ndim == 2 else image, dtype=torch.float32)


@mistake(
    "to_nchw",
    "reshapes-instead-of-permuting",
    says="The numbers fill the new shape in their old order, so the colours of the pixels are mixed up.",
    asks="In the file, a pixel's red, green and blue are neighbours. Are they neighbours in (C, H, W)?",
)
def reshapes_instead_of_permuting(image):
    height, width, channels = _pixels(image).shape
    return _pixels(image).reshape(1, channels, height, width) / 255


@mistake(
    "to_nchw",
    "turns-height-and-width",
    says="Height and width have changed places: your picture lies on its side.",
    asks="`permute(2, 1, 0)` puts old axis 2 first, then 1, then 0. What are their names, in that order?",
)
def turns_height_and_width(image):
    return _pixels(image).permute(2, 1, 0).unsqueeze(0) / 255


@mistake(
    "to_nchw",
    "channels-last",
    says="The channels still come last in your batch.",
    asks="PyTorch wants (N, C, H, W). In which order are the axes of your image, and which of them has to move?",
)
def channels_last(image):
    return _pixels(image).unsqueeze(0) / 255


@mistake(
    "to_nchw",
    "no-batch-axis",
    says="The batch axis is missing: this is a picture, not a batch with one picture in it.",
    asks="How many axes has (1, C, H, W)? Which method of a tensor adds an axis of size 1?",
)
def no_batch_axis(image):
    return to_nchw(image).squeeze(0)


@mistake(
    "to_nchw",
    "not-scaled",
    says="Your values still go from 0 to 255.",
    asks="White is 255 in the file and 1.0 in the batch. What happens to all numbers on the way?",
)
def not_scaled(image):
    return _pixels(image).permute(2, 0, 1).unsqueeze(0)


@mistake(
    "to_nchw",
    "scaled-twice",
    says="Your values are divided by 255 twice.",
    asks="Print the smallest and the largest value of your batch after each line. Where does 1.0 become 0.0039?",
)
def scaled_twice(image):
    return to_nchw(image) / 255


@mistake(
    "to_nchw",
    "divides-into-whole-numbers",
    says="The division by 255 leaves whole numbers: everything below 255 has become 0.",
    asks="What should 128 become? Which comes first then, the floats or the division?",
)
def divides_into_whole_numbers(image):
    return _pixels(image // 255).permute(2, 0, 1).unsqueeze(0)


@mistake(
    "to_nchw",
    "keeps-uint8",
    says="Your batch holds the bytes of the file: uint8, from 0 to 255.",
    asks="A layer's weights are float32. Which dtype do your pixels need, and which number should 255 become?",
)
def keeps_uint8(image):
    return _pixels(image).permute(2, 0, 1).unsqueeze(0).to(torch.uint8)


@mistake(
    "to_nchw",
    "returns-float64",
    says="Your numbers are right, but they are float64.",
    asks="Dividing a NumPy array of bytes gives float64. Which dtype do the weights of a layer have?",
)
def returns_float64(image):
    return _pixels(image).double().permute(2, 0, 1).unsqueeze(0) / 255


@mistake(
    "to_nchw",
    "grey-without-channel-axis",
    says="A greyscale picture has no channel axis in your batch.",
    asks="Grey is one channel. What are the four numbers of the shape for 5 rows of 4 grey pixels?",
)
def grey_without_channel_axis(image):
    return to_nchw(image)[0] if image.ndim == 2 else to_nchw(image)


@mistake(
    "to_nchw",
    "grey-not-supported",
    says="A greyscale picture of shape (H, W) ends in an error here.",
    asks="It has two axes, and your permutation wants three. Which axis could you give it first?",
)
def grey_not_supported(image):
    if image.ndim not in (2, 3):
        raise ValueError(f"image must be (H, W, C) or (H, W), got image.shape={image.shape}")
    return torch.tensor(image, dtype=torch.float32).permute(2, 0, 1).unsqueeze(0) / 255


@mistake(
    "to_nchw",
    "refuses-nothing",
    says="An array that is no picture is not refused here.",
    asks="Which numbers of axes can a picture have? Which error should all others give, and what must its text name?",
)
def refuses_nothing(image):
    if image.ndim == 2:
        image = image[:, :, np.newaxis]
    return torch.tensor(image, dtype=torch.float32).permute(2, 0, 1).unsqueeze(0) / 255


# conv2d


def _slide(padded, weight, bias, stride):
    """A convolution without padding, window by window."""
    kernel_height, kernel_width = weight.shape[2:]
    rows = (padded.shape[2] - kernel_height) // stride + 1
    columns = (padded.shape[3] - kernel_width) // stride + 1
    output = torch.zeros(len(padded), len(weight), rows, columns)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = padded[:, :, top : top + kernel_height, left : left + kernel_width]
            output[:, :, i, j] = torch.einsum("ncij,ocij->no", window, weight)
    return output if bias is None else output + bias.reshape(-1, 1, 1)


@mistake(
    "conv2d",
    "flips-the-kernel",
    says="Your filter is turned around in both directions, as mathematicians do it.",
    asks="PyTorch's filter is not turned. Which number of the filter meets the first pixel of the window?",
)
def flips_the_kernel(images, weight, bias=None, stride=1, padding=0):
    return conv2d(images, weight.flip(2, 3), bias, stride, padding)


@mistake(
    "conv2d",
    "forgets-the-bias",
    says="The bias is never added.",
    asks="Of your five arguments, which one is not used? How many numbers does it have, and what are they for?",
)
def forgets_the_bias(images, weight, bias=None, stride=1, padding=0):
    return conv2d(images, weight, None, stride, padding)


@mistake(
    "conv2d",
    "needs-a-bias",
    says="A convolution without a bias ends in an error here.",
    asks="`bias=None` is the default. What should be added to the sums then, and where do you ask whether there is one?",
)
def needs_a_bias(images, weight, bias=None, stride=1, padding=0):
    return conv2d(images, weight, bias[:], stride, padding)


@mistake(
    "conv2d",
    "bias-per-input-channel",
    says="The bias is added once for each input channel.",
    asks="An output pixel is one sum over all input channels. Is your bias inside of that sum or behind it?",
)
def bias_per_input_channel(images, weight, bias=None, stride=1, padding=0):
    return conv2d(images, weight, None if bias is None else bias * images.shape[1], stride, padding)


@mistake(
    "conv2d",
    "bias-along-the-width",
    says="Your bias lies along the width: shape (C_out,) is matched with the last axis.",
    asks="Each number of the bias belongs to a channel, axis 1 of the output. Which shape lines up with it?",
)
def bias_along_the_width(images, weight, bias=None, stride=1, padding=0):
    output = conv2d(images, weight, None, stride, padding)
    return output if bias is None else output + bias


@mistake(
    "conv2d",
    "asks-whether-bias-is-true",
    says="`if bias:` asks a whole tensor whether it is true, and a tensor of several numbers has no answer.",
    asks="You want to know whether there is a bias at all. What is `bias` if there is none? Ask for that.",
)
def asks_whether_bias_is_true(images, weight, bias=None, stride=1, padding=0):
    return conv2d(images, weight, bias if bias else None, stride, padding)


@mistake(
    "conv2d",
    "first-channel-only",
    says="Your filter looks at the first input channel alone.",
    asks="A filter has a slice for each input channel. What becomes of the products with green and blue?",
)
def first_channel_only(images, weight, bias=None, stride=1, padding=0):
    return conv2d(images[:, :1], weight[:, :1], bias, stride, padding)


@mistake(
    "conv2d",
    "ignores-stride",
    says="The window moves on by one pixel here, whatever the stride.",
    asks="With stride 2, every second place is left out. How many rows of output are left then?",
)
def ignores_stride(images, weight, bias=None, stride=1, padding=0):
    return conv2d(images, weight, bias, 1, padding)


@mistake(
    "conv2d",
    "steps-by-one",
    says="The size is right, but your windows start one pixel apart, whatever the stride.",
    asks="With stride 3, at which pixel does the window of output pixel 1 start, and that of output pixel 2?",
)
def steps_by_one(images, weight, bias=None, stride=1, padding=0):
    rows, columns = conv2d(images, weight, bias, stride, padding).shape[2:]
    return conv2d(images, weight, bias, 1, padding)[:, :, :rows, :columns]


@mistake(
    "conv2d",
    "ignores-padding",
    says="The images are not padded here.",
    asks="With padding 1, where does the first window start, and which numbers does it see outside of the image?",
)
def ignores_padding(images, weight, bias=None, stride=1, padding=0):
    return _slide(images, weight, bias, stride)


@mistake(
    "conv2d",
    "pads-one-end",
    says="The padding is added at the top and at the left, and nothing at the bottom and at the right.",
    asks="A padded row has two ends, and a column, too. How many pixels high is an image of 4 rows with padding 1?",
)
def pads_one_end(images, weight, bias=None, stride=1, padding=0):
    return _slide(F.pad(images, (padding, 0, padding, 0)), weight, bias, stride)


@mistake(
    "conv2d",
    "pads-the-width-only",
    says="Your rows become longer, but no rows are added above and below.",
    asks="`F.pad` takes two numbers for each axis, the last axis first. How many numbers does it need for two axes?",
)
def pads_the_width_only(images, weight, bias=None, stride=1, padding=0):
    return _slide(F.pad(images, (padding, padding)), weight, bias, stride)


@mistake(
    "conv2d",
    "pads-with-the-edge",
    says="Your padding repeats the pixels of the edge.",
    asks="Which number does `nn.Conv2d` see outside of the image, if you do not tell it anything else?",
)
def pads_with_the_edge(images, weight, bias=None, stride=1, padding=0):
    return _slide(F.pad(images, (padding,) * 4, mode="replicate"), weight, bias, stride)


@mistake(
    "conv2d",
    "slices-to-minus-zero",
    says="The slice from p to -p is the place of the image, but not where the padding p is 0.",
    asks="What is -0 in Python, and what does `[1, 2, 3][0:-0]` give?",
)
def slices_to_minus_zero(images, weight, bias=None, stride=1, padding=0):
    batch, channels, height, width = images.shape
    padded = torch.zeros(batch, channels, height + 2 * padding, width + 2 * padding)
    padded[:, :, padding:-padding, padding:-padding] = images
    return _slide(padded, weight, bias, stride)


@mistake(
    "conv2d",
    "kernel-height-for-both",
    says="Your window is as wide as it is high, whatever the filter's width.",
    asks="A weight has the shape (C_out, C_in, KH, KW). Which of these numbers says how wide the window is?",
)
def kernel_height_for_both(images, weight, bias=None, stride=1, padding=0):
    kernel, padded = weight.shape[2], F.pad(images, (padding,) * 4)
    rows, columns = ((size - kernel) // stride + 1 for size in padded.shape[2:])
    output = torch.zeros(len(images), len(weight), rows, columns)
    for n, o, i, j in np.ndindex(*output.shape):
        window = padded[n, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
        output[n, o, i, j] = (window * weight[o]).sum() + (0 if bias is None else bias[o])
    return output


@mistake(
    "conv2d",
    "misses-the-last-window",
    says="The last row and the last column of windows are left out.",
    asks="A filter as large as the padded image cannot take a single step. In how many places does it stand?",
)
def misses_the_last_window(images, weight, bias=None, stride=1, padding=0):
    rows, columns = ((n + 2 * padding - k) // stride for n, k in zip(images.shape[2:], weight.shape[2:], strict=True))
    return conv2d(images, weight, bias, stride, padding)[:, :, :rows, :columns]


@mistake(
    "conv2d",
    "leaves-the-graph",
    says="Your numbers have lost their graph, so no gradient flows through them.",
    asks="`.item()`, `.detach()`, NumPy and `torch.tensor(...)` keep only numbers. Where do yours leave the graph?",
)
def leaves_the_graph(images, weight, bias=None, stride=1, padding=0):
    return conv2d(images, weight, bias, stride, padding).detach()


@mistake(
    "conv2d",
    "computes-in-numpy",
    says="A tensor becomes a NumPy array here, and that is not possible where gradients are wanted.",
    asks="NumPy records no graph. Which of your steps could be done with tensors instead?",
)
def computes_in_numpy(images, weight, bias=None, stride=1, padding=0):
    return conv2d(torch.from_numpy(images.numpy()), torch.from_numpy(weight.numpy()), bias, stride, padding)


# max_pool2d


@mistake(
    "max_pool2d",
    "starts-from-zero",
    says="No maximum is below 0 here, as if each window held a zero as well.",
    asks="What is the largest of -4 and -1? Which number should your search for the largest start from?",
)
def starts_from_zero(images, kernel_size, stride=None):
    return max_pool2d(images, kernel_size, stride).clamp(min=0)


@mistake(
    "max_pool2d",
    "stride-defaults-to-one",
    says="Without a stride, your window moves on by one pixel.",
    asks="That is what a convolution does. What does a pooling take where `stride` is None?",
)
def stride_defaults_to_one(images, kernel_size, stride=None):
    return max_pool2d(images, kernel_size, 1 if stride is None else stride)


@mistake(
    "max_pool2d",
    "ignores-stride",
    says="Your windows always lie side by side, whatever the stride.",
    asks="With a kernel of 3 and stride 1, where does the second window start? May windows overlap?",
)
def pool_ignores_stride(images, kernel_size, stride=None):
    return max_pool2d(images, kernel_size)


@mistake(
    "max_pool2d",
    "steps-by-one",
    says="The size is right, but your windows start one pixel apart.",
    asks="With stride 2, at which pixel does the window of output pixel 1 start, and that of output pixel 2?",
)
def pool_steps_by_one(images, kernel_size, stride=None):
    rows, columns = max_pool2d(images, kernel_size, stride).shape[2:]
    return max_pool2d(images, kernel_size, 1)[:, :, :rows, :columns]


@mistake(
    "max_pool2d",
    "averages-each-window",
    says="This is the mean of each window.",
    asks="Which number of a window does max-pooling keep, and which of them does it not look at any more?",
)
def averages_each_window(images, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    return images.unfold(2, kernel_size, step).unfold(3, kernel_size, step).mean(dim=(-2, -1))


@mistake(
    "max_pool2d",
    "places-not-values",
    says="Your numbers say where in its window the largest one is, not which number it is.",
    asks="`argmax` gives a place, and `max` a value. Which of the two does a pooling give?",
)
def places_not_values(images, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    return images.unfold(2, kernel_size, step).unfold(3, kernel_size, step).flatten(4).argmax(4).to(images.dtype)


@mistake(
    "max_pool2d",
    "pools-over-channels",
    says="The largest number is looked for in all channels together.",
    asks="How many channels should come out? Over which two axes of a window is the maximum taken?",
)
def pools_over_channels(images, kernel_size, stride=None):
    return max_pool2d(images, kernel_size, stride).amax(dim=1, keepdim=True)


@mistake(
    "max_pool2d",
    "one-maximum-for-all",
    says="One maximum is taken over all images and all channels, and given to each of them.",
    asks="`window.max()` looks at every number of its tensor. Over which axes should the maximum be taken?",
)
def one_maximum_for_all(images, kernel_size, stride=None):
    output = max_pool2d(images, kernel_size, stride)
    return output.amax(dim=(0, 1), keepdim=True).expand_as(output)


@mistake(
    "max_pool2d",
    "keeps-partial-windows",
    says="Windows that stick out at the far end are pooled, too.",
    asks="Five pixels in windows of 2: which of the places 0, 2 and 4 hold a whole window?",
)
def keeps_partial_windows(images, kernel_size, stride=None):
    more = kernel_size - 1
    return max_pool2d(F.pad(images, (0, more, 0, more), value=-torch.inf), kernel_size, stride)


@mistake(
    "max_pool2d",
    "misses-the-last-window",
    says="The last row and the last column of windows are left out.",
    asks="A window as large as the image cannot take a single step. In how many places does it stand?",
)
def pool_misses_the_last_window(images, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    rows, columns = ((size - kernel_size) // step for size in images.shape[2:])
    return max_pool2d(images, kernel_size, stride)[:, :, :rows, :columns]


@mistake(
    "max_pool2d",
    "leaves-the-graph",
    says="Your numbers have lost their graph, so no gradient flows through them.",
    asks="`.item()`, `.detach()`, NumPy and `torch.tensor(...)` keep only numbers. Where do yours leave the graph?",
)
def pool_leaves_the_graph(images, kernel_size, stride=None):
    return max_pool2d(images, kernel_size, stride).detach()
