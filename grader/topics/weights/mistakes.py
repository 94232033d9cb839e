"""Known mistakes in topic weights: `weights_to_images` and `rescale`. `tile_images` has a file of its own."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from grader.writing.mistake import mistake
from solutions.weights import rescale

# weights_to_images


def _refuse_other_sizes(weight: Tensor, height: int, width: int) -> None:
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit a row of {weight.shape[1]} numbers")


@mistake(
    "weights_to_images",
    "transposes-the-weight",
    says="The weight is transposed first, so each picture mixes the numbers of all units.",
    asks="Row i of `weight` belongs to unit i. Which axis should come first before you reshape?",
)
def transposes_the_weight(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    _refuse_other_sizes(weight, height, width)
    return weight.detach().numpy().T.reshape(-1, height, width)


@mistake(
    "weights_to_images",
    "swaps-height-and-width",
    says="Height and width have changed places: your pictures are as high as they should be wide.",
    asks="With height=2 and width=3, how many numbers has one line of a picture, and how many lines are there?",
)
def swaps_height_and_width(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    _refuse_other_sizes(weight, height, width)
    return weight.detach().numpy().reshape(-1, width, height)


@mistake(
    "weights_to_images",
    "not-detached",
    says="NumPy refuses the weight, because it is a parameter that requires gradients.",
    asks="Drawing needs no gradient. Which method gives you the same numbers without the graph?",
)
def not_detached(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    _refuse_other_sizes(weight, height, width)
    return weight.numpy().reshape(-1, height, width)


@mistake(
    "weights_to_images",
    "assumes-28-by-28",
    says="Your pictures are always 28 x 28, whatever `height` and `width` say.",
    asks="The two arguments are 28 only if nobody gives them. Does your function ever read them?",
)
def assumes_28_by_28(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    _refuse_other_sizes(weight, height, width)
    return weight.detach().numpy().reshape(-1, 28, 28)


@mistake(
    "weights_to_images",
    "stays-a-tensor",
    says="The pictures have the right shape, but they are still a tensor.",
    asks="`detach()` takes a tensor out of the graph. What makes a NumPy array of it?",
)
def stays_a_tensor(weight: Tensor, height: int = 28, width: int = 28) -> Tensor:
    _refuse_other_sizes(weight, height, width)
    return weight.detach().reshape(-1, height, width)


@mistake(
    "weights_to_images",
    "refusal-left-to-numpy",
    says="NumPy refuses sizes that do not fit, but its error does not say which of your arguments is at fault.",
    asks="Compare the length of a row with the size of a picture yourself. What would you like to read if they differ?",
)
def refusal_left_to_numpy(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    return weight.detach().numpy().reshape(len(weight), height, width)


@mistake(
    "weights_to_images",
    "any-number-of-pictures",
    says="With -1, NumPy works out the number of pictures: some wrong sizes are accepted, others end in an error of NumPy's own.",
    asks="Two rows of 6 numbers are three pictures of 2 x 2. Which unit would the second one belong to?",
)
def any_number_of_pictures(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    return weight.detach().numpy().reshape(-1, height, width)


@mistake(
    "weights_to_images",
    "any-number-of-pictures-in-pytorch",
    says="With -1, PyTorch works out the number of pictures: some wrong sizes are accepted, others end in an error of its own.",
    asks="A weight of 2 rows has 2 units. With rows of 6 numbers and pictures of 2 x 2, how many pictures do you get?",
)
def any_number_of_pictures_in_pytorch(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    return weight.detach().reshape(-1, height, width).numpy()


@mistake(
    "weights_to_images",
    "squeezes-the-pictures",
    says="An axis of size 1 is dropped: the picture of a single unit comes back without the axis that counts units.",
    asks="One unit is one picture in an array of shape (1, height, width). Which call takes the first axis away?",
)
def squeezes_the_pictures(weight: Tensor, height: int = 28, width: int = 28) -> np.ndarray:
    _refuse_other_sizes(weight, height, width)
    return weight.detach().numpy().reshape(-1, height, width).squeeze()


# rescale


def _stretched(images: np.ndarray, low: float, high: float) -> np.ndarray:
    """From `low` to `high` becomes from 0 to 1; a constant array becomes zeros, as it should."""
    images = images.astype(np.float64)
    if images.min() == images.max():
        return np.zeros_like(images)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (images - low) / (high - low)


@mistake(
    "rescale",
    "each-picture-alone",
    says="Each entry of the first axis is stretched on its own, with its own smallest and largest number.",
    asks="If one picture is pale and the next one strong, can you still tell afterwards?",
)
def each_picture_alone(images: np.ndarray) -> np.ndarray:
    return np.array([rescale(image) for image in images])


@mistake(
    "rescale",
    "divides-by-the-maximum",
    says="The numbers are divided by the largest one, and the smallest one is never subtracted.",
    asks="Try it on [-2, 0, 2]: which number becomes 0, and which one should?",
)
def divides_by_the_maximum(images: np.ndarray) -> np.ndarray:
    return _stretched(images, 0, float(images.max()))


@mistake(
    "rescale",
    "divides-by-the-old-maximum",
    says="The smallest number is subtracted, and then you divide by the largest one as it was before.",
    asks="After the shift, [2, 3, 6] is [0, 1, 4]. Does dividing by 6 make the largest one 1?",
)
def divides_by_the_old_maximum(images: np.ndarray) -> np.ndarray:
    low, high = float(images.min()), float(images.max())
    return _stretched(images, low, low + high)


@mistake(
    "rescale",
    "works-in-place",
    says="Your function writes into the caller's array, and that may hold the model's own weights.",
    asks="Does `-=` make a new array, or does it change the one that it is given? And `/=`?",
)
def works_in_place(images: np.ndarray) -> np.ndarray:
    low, high = images.min(), images.max()
    if low == high:
        return np.zeros_like(images)
    images -= low
    images /= high - low
    return images


@mistake(
    "rescale",
    "constant-becomes-nan",
    says="Where all numbers are equal, 0 is divided by 0, and the result is NaN.",
    asks="What is the largest number minus the smallest, for [7, 7, 7]? Which answer does the exercise want there?",
)
def constant_becomes_nan(images: np.ndarray) -> np.ndarray:
    images = images.astype(np.float64)
    with np.errstate(invalid="ignore"):
        stretched: np.ndarray = (images - images.min()) / (images.max() - images.min())
        return stretched


@mistake(
    "rescale",
    "constant-stays",
    says="An array in which all numbers are equal comes back as it was.",
    asks="Is [7, 7, 7] between 0 and 1? Which answer does the exercise want there?",
)
def constant_stays(images: np.ndarray) -> np.ndarray:
    return rescale(images) if images.min() != images.max() else images.astype(np.float64)


@mistake(
    "rescale",
    "standardises",
    says="The numbers are shifted by their mean and divided by their standard deviation.",
    asks="That makes the mean 0 and the spread 1. What are the smallest and the largest number of your result?",
)
def standardises(images: np.ndarray) -> np.ndarray:
    mean = float(images.mean())
    return _stretched(images, mean, mean + float(images.std()))


@mistake(
    "rescale",
    "clips",
    says="Numbers outside of the range from 0 to 1 are cut off, not brought into it.",
    asks="What becomes of -3 and of -1 in your result? Can you still tell which one was smaller?",
)
def clips(images: np.ndarray) -> np.ndarray:
    return images.astype(np.float64).clip(0, 1)


@mistake(
    "rescale",
    "zero-becomes-grey",
    says="Zero becomes 0.5 here, and the other numbers lie around it.",
    asks="In [-1, 0, 4], what do the smallest and the largest number become? What should they?",
)
def zero_becomes_grey(images: np.ndarray) -> np.ndarray:
    reach = float(np.abs(images).max())
    return _stretched(images, -reach, reach)
