"""Wrong answers to rescale."""

import numpy as np

from tests.wrong.base import wrong


@wrong("rescale", "rescale-each-image", why="Extremes of each picture: shows where pictures have different ones.")
def rescale_each_image(images):
    images = images.astype(np.float64)
    axes = tuple(range(1, images.ndim)) or None
    low, high = images.min(axis=axes, keepdims=True), images.max(axis=axes, keepdims=True)
    return (images - low) / np.where(high > low, high - low, 1)


@wrong(
    "rescale", "rescale-by-the-first-image", why="Extremes of the first picture, clipped: shows for several pictures."
)
def rescale_by_the_first_image(images):
    images = images.astype(np.float64)
    first = images[0] if images.ndim == 3 else images
    low, high = first.min(), first.max()
    if low == high:
        return np.zeros_like(images)
    return ((images - low) / (high - low)).clip(0, 1)


@wrong("rescale", "rescale-from-zero", why="The low end is at most 0: shows where all numbers are positive.")
def rescale_from_zero(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    low = min(low, 0)
    return (images - low) / (high - low)


@wrong("rescale", "rescale-up-to-zero", why="The high end is at least 0: shows where all numbers are negative.")
def rescale_up_to_zero(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    return (images - low) / (max(high, 0) - low)


@wrong("rescale", "rescale-to-minus-one", why="From -1 to 1.")
def rescale_to_minus_one(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    return 2 * (images - low) / (high - low) - 1


@wrong("rescale", "rescale-percentiles", why="Cuts off one in a hundred at either end, as plots of photos do.")
def rescale_percentiles(images):
    images = images.astype(np.float64)
    low, high = np.percentile(images, [1, 99])
    if low == high:
        return np.zeros_like(images)
    return ((images - low) / (high - low)).clip(0, 1)


@wrong("rescale", "rescale-256-levels", why="Rounded to levels of 1/255: shows on most numbers in between.")
def rescale_256_levels(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    return np.round((images - low) / (high - low) * 255) / 255


@wrong("rescale", "rescale-in-the-given-type", why="Casts back: whole numbers become 0 and 1; floats are right.")
def rescale_in_the_given_type(images):
    low, high = float(images.min()), float(images.max())
    if low == high:
        return np.zeros_like(images)
    return ((images - low) / (high - low)).astype(images.dtype)


@wrong(
    "rescale",
    "rescale-small-integers-overflow",
    why="max - min in int8 overflows: shows for int8 from -100 to 100.",
    allowed="8-bit signed pictures do not occur in the lesson",
)
def rescale_small_integers_overflow(images):
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros(images.shape)
    return (images - low) / (high - low)


@wrong(
    "rescale",
    "rescale-float64-in-place",
    why="asarray copies no float64 array, so the caller's is changed; float32 is safe.",
    named="works-in-place",
)
def rescale_float64_in_place(images):
    images = np.asarray(images, dtype=np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    images -= low
    images /= high - low
    return images


@wrong("rescale", "rescale-float32-in-place", why="The caller's array is changed where it is float32, as weights are.")
def rescale_float32_in_place(images):
    images = images.astype(np.float32, copy=False)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    images -= low
    images /= high - low
    return images


@wrong(
    "rescale",
    "rescale-constant-in-place",
    why="Writes the zeros into the caller's constant array; other arrays are safe.",
)
def rescale_constant_in_place(images):
    low, high = images.min(), images.max()
    if low == high:
        images.fill(0)
        return images.astype(np.float64)
    return (images.astype(np.float64) - low) / (float(high) - float(low))


@wrong("rescale", "rescale-constant-is-one", why="A constant array becomes ones.")
def rescale_constant_is_one(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.ones_like(images)
    return (images - low) / (high - low)


@wrong("rescale", "rescale-constant-is-half", why="A constant array becomes 0.5.")
def rescale_constant_is_half(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.full_like(images, 0.5)
    return (images - low) / (high - low)


@wrong("rescale", "rescale-constant-clipped", why="A constant array is clipped to [0, 1]: shows where it is positive.")
def rescale_constant_clipped(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    return (images - low) / (high - low) if low != high else images.clip(0, 1)


@wrong(
    "rescale",
    "rescale-constant-loses-its-shape",
    why="A constant array becomes one row of zeros: shows from two axes on.",
)
def rescale_constant_loses_its_shape(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros(images.size)
    return (images - low) / (high - low)


@wrong(
    "rescale",
    "rescale-constant-by-its-spread",
    why="The std of 0.1, 0.1, 0.1 is rounded and not 0: NaN for that constant.",
)
def rescale_constant_by_its_spread(images):
    images = images.astype(np.float64)
    if images.std() == 0:
        return np.zeros_like(images)
    with np.errstate(invalid="ignore"):
        return (images - images.min()) / (images.max() - images.min())


@wrong(
    "rescale", "rescale-with-epsilon", why="1e-6 in the denominator: the largest is below 1 where the range is small."
)
def rescale_with_epsilon(images):
    images = images.astype(np.float64)
    return (images - images.min()) / (images.max() - images.min() + 1e-6)


@wrong(
    "rescale",
    "rescale-nearly-constant",
    why="isclose counts as constant: shows for tiny numbers, or for 1 and 1.000001.",
    allowed="showing it takes numbers so close together that float32 cannot tell them apart either",
)
def rescale_nearly_constant(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if np.isclose(low, high):
        return np.zeros_like(images)
    return (images - low) / (high - low)


@wrong(
    "rescale", "rescale-leaves-good-ones", why="Numbers within [0, 1] already are not stretched: shows from 0.2 to 0.6."
)
def rescale_leaves_good_ones(images):
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    if low >= 0 and high <= 1:
        return images
    return (images - low) / (high - low)


@wrong("rescale", "rescale-needs-three-axes", why="Unpacks three sizes: raises for one or two axes.")
def rescale_needs_three_axes(images):
    count, height, width = images.shape
    numbers = images.astype(np.float64).reshape(-1)
    low, high = numbers.min(), numbers.max()
    spread = numbers - low if low == high else (numbers - low) / (high - low)
    return spread.reshape(count, height, width)


@wrong("rescale", "rescale-by-absolute-values", why="Takes absolute values first: shows on mixed signs.")
def rescale_by_absolute_values(images):
    images = np.abs(images.astype(np.float64))
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    return (images - low) / (high - low)


@wrong(
    "rescale",
    "rescale-remembers-extremes",
    why="The range of all calls so far: a second array with smaller numbers is wrong.",
)
def rescale_remembers_extremes(images):
    images = images.astype(np.float64)
    if images.min() == images.max():
        return np.zeros_like(images)
    extremes = globals().setdefault("_extremes", [images.min(), images.max()])
    extremes[:] = min(extremes[0], images.min()), max(extremes[1], images.max())
    return (images - extremes[0]) / (extremes[1] - extremes[0])
