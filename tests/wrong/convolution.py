"""Wrong answers of topic convolution: `to_nchw`. The others have files of their own."""

import numpy as np
import torch

from tests.wrong.base import wrong


def with_channels(image):
    """(H, W) or (H, W, C) as (H, W, C); any other rank is refused, as it should be."""
    if image.ndim not in (2, 3):
        raise ValueError(f"image must have rank 2 or 3, got image.shape={image.shape}")
    return image[:, :, None] if image.ndim == 2 else image


def batch_of_one(pixels):
    """The right batch of an (H, W, C) array, unscaled."""
    return torch.tensor(pixels, dtype=torch.float32).permute(2, 0, 1)[None]


@wrong("to_nchw", "nchw-scaled-by-256", why="/ 256: off by 0.4 percent")
def scaled_by_256(image):
    return batch_of_one(with_channels(image)) / 256


@wrong("to_nchw", "nchw-scaled-by-the-largest", why="/ image.max(): right where a pixel is 255")
def scaled_by_the_largest(image):
    return batch_of_one(with_channels(image)) / max(1, int(image.max()))


@wrong("to_nchw", "nchw-scaled-min-max", why="the darkest pixel becomes 0: right where 0 and 255 occur")
def scaled_min_max(image):
    batch = batch_of_one(with_channels(image))
    low, high = batch.min(), batch.max()
    return (batch - low) / (high - low) if low < high else batch / 255


@wrong("to_nchw", "nchw-scaled-only-if-above-one", why="an image of zeros and ones is taken for scaled already")
def scaled_only_if_above_one(image):
    batch = batch_of_one(with_channels(image))
    return batch / 255 if batch.max() > 1 else batch


@wrong("to_nchw", "nchw-inverted", why="255 - image: white becomes 0, as on paper")
def inverted(image):
    return batch_of_one(255 - with_channels(image)) / 255


@wrong("to_nchw", "nchw-between-minus-one-and-one", why="values in [-1, 1]: right only for 255")
def between_minus_one_and_one(image):
    return batch_of_one(with_channels(image)) / 127.5 - 1


@wrong("to_nchw", "nchw-uint8-overflow", why="2 * image in uint8 wraps: right up to 127")
def uint8_overflow(image):
    return batch_of_one(with_channels(image) * np.uint8(2)) / 510


@wrong("to_nchw", "nchw-signed-bytes", why="read as int8: right up to 127, negative above")
def signed_bytes(image):
    return batch_of_one(with_channels(image).astype(np.int8)) / 255


@wrong("to_nchw", "nchw-two-decimals", why="rounded to two decimals: off by up to 0.005")
def two_decimals(image):
    return batch_of_one(np.round(with_channels(image) / 255, 2))


@wrong("to_nchw", "nchw-float16", why="the dtype is float16: always")
def float16(image):
    return (batch_of_one(with_channels(image)) / 255).half()


@wrong("to_nchw", "nchw-square-turned", why="a square image is transposed; the shape says nothing")
def square_turned(image):
    batch = batch_of_one(with_channels(image)) / 255
    return batch.transpose(2, 3) if batch.shape[2] == batch.shape[3] else batch


@wrong("to_nchw", "nchw-upside-down", why="the first row is taken for the lowest: shows for H > 1")
def upside_down(image):
    return batch_of_one(with_channels(image)).flip(2) / 255


@wrong("to_nchw", "nchw-channels-reversed", why="RGB becomes BGR: right for C = 1")
def channels_reversed(image):
    return batch_of_one(with_channels(image)).flip(1) / 255


@wrong("to_nchw", "nchw-grey-axis-in-front", why="greyscale becomes (1, W, 1, H): the new axis is in front")
def grey_axis_in_front(image):
    with_channels(image)
    return batch_of_one(image[None] if image.ndim == 2 else image) / 255


@wrong("to_nchw", "nchw-grey-turned", why="greyscale alone is transposed: .T in place of permute")
def grey_turned(image):
    return batch_of_one(with_channels(image.T if image.ndim == 2 else image)) / 255


@wrong("to_nchw", "nchw-grey-refused", why="(H, W) is a ValueError, though it is legal")
def grey_refused(image):
    if image.ndim != 3:
        raise ValueError(f"image must have rank 3, got image.shape={image.shape}")
    return batch_of_one(image) / 255


@wrong("to_nchw", "nchw-alpha-dropped", why="four channels become three")
def alpha_dropped(image):
    return batch_of_one(with_channels(image)[:, :, :3]) / 255


@wrong("to_nchw", "nchw-alpha-unscaled", why="channels beyond the third are not divided: shows for C = 4")
def alpha_unscaled(image):
    batch = batch_of_one(with_channels(image))
    batch[:, :3] /= 255
    return batch


@wrong("to_nchw", "nchw-second-of-two-dropped", why="grey with transparency: the second channel is dropped, C = 2")
def second_of_two_dropped(image):
    pixels = with_channels(image)
    return batch_of_one(pixels[:, :, :1] if pixels.shape[2] == 2 else pixels) / 255


@wrong("to_nchw", "nchw-three-wide-grey-as-colours", why="a grey image 3 wide is taken for one column of colours")
def three_wide_grey_as_colours(image):
    pixels = with_channels(image)
    return batch_of_one(image[:, None, :] if image.ndim == 2 and image.shape[1] == 3 else pixels) / 255


@wrong("to_nchw", "nchw-one-channel-refused", why="(H, W, 1) is a ValueError, though it is legal")
def one_channel_refused(image):
    pixels = with_channels(image)
    if image.ndim == 3 and image.shape[2] == 1:
        raise ValueError(f"image must be (H, W) if it is grey, got image.shape={image.shape}")
    return batch_of_one(pixels) / 255


@wrong("to_nchw", "nchw-guesses-channels-first", why="an image 3 high is taken for (C, H, W)")
def guesses_channels_first(image):
    pixels = with_channels(image)
    if image.ndim == 3 and image.shape[0] == 3:
        return torch.tensor(image, dtype=torch.float32)[None] / 255
    return batch_of_one(pixels) / 255


@wrong("to_nchw", "nchw-sizes-of-one-squeezed", why="squeeze() first: a colour image one high or one wide becomes grey")
def sizes_of_one_squeezed(image):
    with_channels(image)
    return batch_of_one(with_channels(image.squeeze() if image.squeeze().ndim in (2, 3) else image)) / 255


@wrong("to_nchw", "nchw-rank-four-accepted", why="the first of a batch (N, H, W, C) is taken, no refusal")
def rank_four_accepted(image):
    return batch_of_one(with_channels(image[0] if image.ndim == 4 else image)) / 255


@wrong("to_nchw", "nchw-rank-one-accepted", why="a row of pixels becomes (1, 1, 1, W), no refusal")
def rank_one_accepted(image):
    return batch_of_one(with_channels(np.atleast_2d(image))) / 255


@wrong("to_nchw", "nchw-low-ranks-break", why="rank 1 is an IndexError, only higher ranks are refused")
def low_ranks_break(image):
    if image.ndim > 3:
        raise ValueError(f"image must have rank 2 or 3, got image.shape={image.shape}")
    return batch_of_one(image if image.ndim == 3 else image[:, :, None]) / 255


@wrong("to_nchw", "nchw-high-ranks-break", why="rank 4 is permute's RuntimeError, only lower ranks are refused")
def high_ranks_break(image):
    if image.ndim < 2:
        raise ValueError(f"image must have rank 2 or 3, got image.shape={image.shape}")
    return batch_of_one(image[:, :, None] if image.ndim == 2 else image) / 255


@wrong("to_nchw", "nchw-refusal-without-value", why="the ValueError gives neither shape nor rank")
def refusal_without_value(image):
    if image.ndim not in (2, 3):
        raise ValueError("image is neither colour nor greyscale")
    return batch_of_one(with_channels(image)) / 255


@wrong("to_nchw", "nchw-refuses-by-type-error", why="another rank is a TypeError")
def refuses_by_type_error(image):
    if image.ndim not in (2, 3):
        raise TypeError(f"image must have rank 2 or 3, got image.shape={image.shape}")
    return batch_of_one(with_channels(image)) / 255


@wrong("to_nchw", "nchw-reshapes-the-callers-grey-image", why="the caller's (H, W) array is (H, W, 1) afterwards")
def reshapes_the_callers_grey_image(image):
    with_channels(image)
    if image.ndim == 2:
        image.shape = (*image.shape, 1)
    return batch_of_one(image) / 255


@wrong("to_nchw", "nchw-numpy-array", why="the right values in an array, not in a tensor: always")
def numpy_array(image):
    return (batch_of_one(with_channels(image)) / 255).numpy()
