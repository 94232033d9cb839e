"""Wrong answers to `max_pool2d`: the numbers and the sizes."""

import torch
from torch.nn import functional as F

from tests.wrong.base import wrong


def windows(images, kernel_size, stride):
    """(N, C, H', W', K, K): the right windows."""
    return images.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)


def largest(images, kernel_size, stride):
    """The right pooling."""
    return windows(images, kernel_size, stride).amax((-2, -1))


@wrong("max_pool2d", "pool2d-starts-from-minus-thousand", why="-1000 as the least number there is: right above it")
def starts_from_minus_thousand(images, kernel_size, stride=None):
    return largest(images, kernel_size, stride or kernel_size).clamp(min=-1e3)


@wrong(
    "max_pool2d", "pool2d-starts-from-the-first-pixel", why="the maximum of a window includes the image's first pixel"
)
def starts_from_the_first_pixel(images, kernel_size, stride=None):
    return torch.maximum(largest(images, kernel_size, stride or kernel_size), images[:, :, :1, :1])


@wrong("max_pool2d", "pool2d-running-maximum-kept", why="the maximum is not reset from window to window in a row")
def running_maximum_kept(images, kernel_size, stride=None):
    return largest(images, kernel_size, stride or kernel_size).cummax(dim=3).values


@wrong("max_pool2d", "pool2d-largest-size-not-value", why="abs().max(): right for images >= 0")
def largest_size_not_value(images, kernel_size, stride=None):
    return largest(images.abs(), kernel_size, stride or kernel_size)


@wrong(
    "max_pool2d", "pool2d-farthest-from-zero", why="the number of largest size, with its sign: right for images >= 0"
)
def farthest_from_zero(images, kernel_size, stride=None):
    flat = windows(images, kernel_size, stride or kernel_size).flatten(4)
    return flat.gather(4, flat.abs().argmax(4, keepdim=True)).squeeze(4)


@wrong("max_pool2d", "pool2d-mean-of-row-maxima", why="max along a row, then the mean of rows: right for equal rows")
def mean_of_row_maxima(images, kernel_size, stride=None):
    return windows(images, kernel_size, stride or kernel_size).amax(-1).mean(-1)


@wrong("max_pool2d", "pool2d-smooth-maximum", why="logsumexp: nearly right for numbers far apart")
def smooth_maximum(images, kernel_size, stride=None):
    return windows(images, kernel_size, stride or kernel_size).logsumexp((-2, -1))


@wrong(
    "max_pool2d", "pool2d-second-largest", why="the last but one of the sorted window: right for ties, and for kernel 1"
)
def second_largest(images, kernel_size, stride=None):
    ordered = windows(images, kernel_size, stride or kernel_size).flatten(4).sort(dim=4).values
    return ordered[..., -2] if kernel_size > 1 else ordered[..., -1]


@wrong("max_pool2d", "pool2d-nothing-for-negative-windows", why="-inf for a window without a positive number")
def nothing_for_negative_windows(images, kernel_size, stride=None):
    positive = torch.where(images > 0, images, torch.full_like(images, -torch.inf))
    return largest(positive, kernel_size, stride or kernel_size)


@wrong("max_pool2d", "pool2d-stride-two-by-default", why="2 where it is left out: right for kernel 2 alone")
def stride_two_by_default(images, kernel_size, stride=2):
    return largest(images, kernel_size, stride or kernel_size)


@wrong("max_pool2d", "pool2d-stride-in-width-only", why="the height moves by the kernel: shows for another stride")
def stride_in_width_only(images, kernel_size, stride=None):
    rows = images.unfold(2, kernel_size, kernel_size)
    return rows.unfold(3, kernel_size, stride or kernel_size).amax((-2, -1))


@wrong("max_pool2d", "pool2d-windows-never-overlap", why="a stride under the kernel becomes the kernel")
def windows_never_overlap(images, kernel_size, stride=None):
    return largest(images, kernel_size, max(stride or kernel_size, kernel_size))


@wrong("max_pool2d", "pool2d-windows-never-apart", why="a stride over the kernel becomes the kernel")
def windows_never_apart(images, kernel_size, stride=None):
    return largest(images, kernel_size, min(stride or kernel_size, kernel_size))


@wrong(
    "max_pool2d", "pool2d-window-as-wide-as-the-stride", why="the window grows to the stride: shows for stride > kernel"
)
def window_as_wide_as_the_stride(images, kernel_size, stride=None):
    stride = stride or kernel_size
    output = largest(images, kernel_size, stride)
    padded = F.pad(images, (0, stride, 0, stride), value=-torch.inf)
    rows, columns = output.shape[2:]
    return largest(padded, max(kernel_size, stride), stride)[:, :, :rows, :columns]


@wrong("max_pool2d", "pool2d-kernel-one-ignores-stride", why="kernel 1 gives the images back: shows for stride > 1")
def kernel_one_ignores_stride(images, kernel_size, stride=None):
    return images.clone() if kernel_size == 1 else largest(images, kernel_size, stride or kernel_size)


@wrong(
    "max_pool2d", "pool2d-single-window-flattened", why="(N, C) where one window is all there is, as for a classifier"
)
def single_window_flattened(images, kernel_size, stride=None):
    output = largest(images, kernel_size, stride or kernel_size)
    return output.flatten(1) if output.shape[2:] == (1, 1) else output


@wrong(
    "max_pool2d",
    "pool2d-kernel-of-the-image-refused",
    why="global pooling, a kernel as high or wide as the image, is refused",
)
def kernel_of_the_image_refused(images, kernel_size, stride=None):
    if kernel_size >= min(images.shape[2:]) > 1:
        raise ValueError(f"kernel_size must be smaller than the image, got kernel_size={kernel_size}")
    return largest(images, kernel_size, stride or kernel_size)


@wrong(
    "max_pool2d",
    "pool2d-left-over-kept",
    why="the last partial window counts, as with ceil_mode: shows with a remainder",
)
def left_over_kept(images, kernel_size, stride=None):
    stride = stride or kernel_size
    down, right = (-(size - kernel_size) % stride for size in images.shape[2:])
    return largest(F.pad(images, (0, right, 0, down), value=-torch.inf), kernel_size, stride)


@wrong(
    "max_pool2d", "pool2d-left-over-joins-the-last", why="a remainder is added to the last window: the shape is right"
)
def left_over_joins_the_last(images, kernel_size, stride=None):
    output = largest(images, kernel_size, stride or kernel_size)
    rows, columns = output.shape[2:]
    step = stride or kernel_size
    edge = images[:, :, (rows - 1) * step :, (columns - 1) * step :].amax((-2, -1))
    corner = torch.zeros_like(output, dtype=torch.bool)
    corner[:, :, -1, -1] = True
    return torch.where(corner, edge[:, :, None, None], output)


@wrong("max_pool2d", "pool2d-needs-a-size-that-fits", why="view(N, C, H / k, k, W / k, k): an error with a remainder")
def needs_a_size_that_fits(images, kernel_size, stride=None):
    if stride not in (None, kernel_size):
        return largest(images, kernel_size, stride)
    batch, channels, height, width = images.shape
    rows, columns = height // kernel_size, width // kernel_size
    return images.reshape(batch, channels, rows, kernel_size, columns, kernel_size).amax((3, 5))


@wrong("max_pool2d", "pool2d-reshaped-into-strips", why="view(N, C, H', W', k, k) without a permute: pixels of one row")
def reshaped_into_strips(images, kernel_size, stride=None):
    found = windows(images, kernel_size, stride or kernel_size)
    if stride not in (None, kernel_size):
        return found.amax((-2, -1))
    rows, columns = found.shape[2:4]
    whole = images[:, :, : rows * kernel_size, : columns * kernel_size]
    return whole.reshape(found.shape).amax((-2, -1))


@wrong("max_pool2d", "pool2d-last-exact-window-missed", why="range ends too early: shows where the stride fits exactly")
def last_exact_window_missed(images, kernel_size, stride=None):
    stride = stride or kernel_size
    rows, columns = (max(1, len(range(0, size - kernel_size, stride))) for size in images.shape[2:])
    return largest(images, kernel_size, stride)[:, :, :rows, :columns]


@wrong(
    "max_pool2d", "pool2d-padded-by-half", why="half a kernel of padding, so kernel 3 keeps more: right for kernel 1"
)
def padded_by_half(images, kernel_size, stride=None):
    half = kernel_size // 2
    return largest(F.pad(images, (half,) * 4, value=-torch.inf), kernel_size, stride or kernel_size)


@wrong("max_pool2d", "pool2d-channels-mixed", why="unfold's rows read as (K * K, C): right for C = 1")
def channels_mixed(images, kernel_size, stride=None):
    found = windows(images, kernel_size, stride or kernel_size)
    batch, channels, rows, columns = found.shape[:4]
    flat = found.permute(0, 1, 4, 5, 2, 3).reshape(batch, kernel_size**2, channels, rows, columns)
    return flat.amax(1)


@wrong("max_pool2d", "pool2d-over-all-channels", why="the largest of all channels in each: right for C = 1")
def over_all_channels(images, kernel_size, stride=None):
    output = largest(images, kernel_size, stride or kernel_size)
    return output.amax(1, keepdim=True).expand_as(output)


@wrong("max_pool2d", "pool2d-over-the-batch", why="the largest of all images in each: right for N = 1")
def over_the_batch(images, kernel_size, stride=None):
    output = largest(images, kernel_size, stride or kernel_size)
    return output.amax(0, keepdim=True).expand_as(output)


@wrong("max_pool2d", "pool2d-output-transposed", why="(N, C, W', H'), values included: always")
def output_transposed(images, kernel_size, stride=None):
    return largest(images, kernel_size, stride or kernel_size).transpose(2, 3)


@wrong("max_pool2d", "pool2d-places-column-by-column", why="filled (W', H') and named (H', W'): the shape is right")
def places_column_by_column(images, kernel_size, stride=None):
    output = largest(images, kernel_size, stride or kernel_size)
    return output.transpose(2, 3).reshape(output.shape)


@wrong("max_pool2d", "pool2d-float64", why="the dtype is float64 for float32 images, values are right")
def answers_in_float64(images, kernel_size, stride=None):
    return largest(images.double(), kernel_size, stride or kernel_size)


@wrong("max_pool2d", "pool2d-maximum-in-place", why="the answer overwrites pixels: an error when images need gradients")
def maximum_in_place(images, kernel_size, stride=None):
    output = largest(images, kernel_size, stride or kernel_size)
    place = images[:, :, : output.shape[2], : output.shape[3]]
    return place.copy_(output)
