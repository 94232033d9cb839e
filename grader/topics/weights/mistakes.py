"""Known mistakes in topic weights: `weights_to_images` and `rescale`. `tile_images` has a file of its own."""

from __future__ import annotations

import numpy as np

from grader.writing.mistake import differs, mistake
from solutions.weights import rescale

# weights_to_images

differs(
    "weights_to_images",
    "transposes-the-weight",
    says="The weight is transposed first, so each picture mixes the numbers of all units.",
    asks="Row i of `weight` belongs to unit i. Which axis should come first before you reshape?",
    instead_of={"reshape(units, height, width)": "T.reshape(units, height, width)"},
)

differs(
    "weights_to_images",
    "swaps-height-and-width",
    says="Height and width have changed places: your pictures are as high as they should be wide.",
    asks="With height=2 and width=3, how many numbers has one line of a picture, and how many lines are there?",
    instead_of={"reshape(units, height, width)": "reshape(units, width, height)"},
)

differs(
    "weights_to_images",
    "not-detached",
    says="NumPy refuses the weight, because it is a parameter that requires gradients.",
    asks="Drawing needs no gradient. Which method gives you the same numbers without the graph?",
    instead_of={".detach()": ""},
)

differs(
    "weights_to_images",
    "assumes-28-by-28",
    says="Your pictures are always 28 x 28, whatever `height` and `width` say.",
    asks="The two arguments are 28 only if nobody gives them. Does your function ever read them?",
    instead_of={"reshape(units, height, width)": "reshape(-1, 28, 28)"},
)

differs(
    "weights_to_images",
    "stays-a-tensor",
    says="The pictures have the right shape, but they are still a tensor.",
    asks="`detach()` takes a tensor out of the graph. What makes a NumPy array of it?",
    instead_of={".numpy()": ""},
)

differs(
    "weights_to_images",
    "refusal-left-to-numpy",
    says="NumPy refuses sizes that do not fit, but its error does not say which of your arguments is at fault.",
    asks="Compare the length of a row with the size of a picture yourself. What would you like to read if they differ?",
    instead_of={"numbers != height * width": "False"},
)

differs(
    "weights_to_images",
    "any-number-of-pictures",
    says="With -1, NumPy works out the number of pictures: some wrong sizes are accepted, others end in an error of NumPy's own.",
    asks="Two rows of 6 numbers are three pictures of 2 x 2. Which unit would the second one belong to?",
    instead_of={
        "numbers != height * width": "False",
        "reshape(units, height, width)": "reshape(-1, height, width)",
    },
)

differs(
    "weights_to_images",
    "any-number-of-pictures-in-pytorch",
    says="With -1, PyTorch works out the number of pictures: some wrong sizes are accepted, others end in an error of its own.",
    asks="A weight of 2 rows has 2 units. With rows of 6 numbers and pictures of 2 x 2, how many pictures do you get?",
    instead_of={
        "numbers != height * width": "False",
        "numpy().reshape(units, height, width)": "reshape(-1, height, width).numpy()",
    },
)

differs(
    "weights_to_images",
    "squeezes-the-pictures",
    says="An axis of size 1 is dropped: the picture of a single unit comes back without the axis that counts units.",
    asks="One unit is one picture in an array of shape (1, height, width). Which call takes the first axis away?",
    instead_of={"reshape(units, height, width)": "reshape(units, height, width).squeeze()"},
)


# rescale


@mistake(
    "rescale",
    "each-picture-alone",
    says="Each entry of the first axis is stretched on its own, with its own smallest and largest number.",
    asks="If one picture is pale and the next one strong, can you still tell afterwards?",
)
def each_picture_alone(images: np.ndarray) -> np.ndarray:
    return np.array([rescale(image) for image in images])


differs(
    "rescale",
    "divides-by-the-maximum",
    says="The numbers are divided by the largest one, and the smallest one is never subtracted.",
    asks="Try it on [-2, 0, 2]: which number becomes 0, and which one should?",
    instead_of={
        "rescaled: np.ndarray = (images - low) / (high - low)": (
            'with np.errstate(divide="ignore", invalid="ignore"):\n    rescaled = images / high'
        )
    },
)

differs(
    "rescale",
    "divides-by-the-old-maximum",
    says="The smallest number is subtracted, and then you divide by the largest one as it was before.",
    asks="After the shift, [2, 3, 6] is [0, 1, 4]. Does dividing by 6 make the largest one 1?",
    instead_of={
        "rescaled: np.ndarray = (images - low) / (high - low)": (
            'with np.errstate(divide="ignore"):\n    rescaled = (images - low) / high'
        )
    },
)

differs(
    "rescale",
    "works-in-place",
    says="Your function writes into the caller's array, and that may hold the model's own weights.",
    asks="Does `-=` make a new array, or does it change the one that it is given? And `/=`?",
    instead_of={
        "images = images.astype(np.float64)": "",
        "rescaled: np.ndarray = (images - low) / (high - low)": "images -= low\nimages /= high - low",
        "return rescaled": "return images",
    },
)

differs(
    "rescale",
    "constant-becomes-nan",
    says="Where all numbers are equal, 0 is divided by 0, and the result is NaN.",
    asks="What is the largest number minus the smallest, for [7, 7, 7]? Which answer does the exercise want there?",
    instead_of={
        "low == high": "False",
        "rescaled: np.ndarray = (images - low) / (high - low)": (
            'with np.errstate(invalid="ignore"):\n    rescaled = (images - low) / (high - low)'
        ),
    },
)

differs(
    "rescale",
    "constant-stays",
    says="An array in which all numbers are equal comes back as it was.",
    asks="Is [7, 7, 7] between 0 and 1? Which answer does the exercise want there?",
    instead_of={"np.zeros_like(images)": "images"},
)

differs(
    "rescale",
    "standardises",
    says="The numbers are shifted by their mean and divided by their standard deviation.",
    asks="That makes the mean 0 and the spread 1. What are the smallest and the largest number of your result?",
    instead_of={"(images - low) / (high - low)": "(images - images.mean()) / images.std()"},
)

differs(
    "rescale",
    "clips",
    says="Numbers outside of the range from 0 to 1 are cut off, not brought into it.",
    asks="What becomes of -3 and of -1 in your result? Can you still tell which one was smaller?",
    instead_of={
        "low == high": "False",
        "(images - low) / (high - low)": "images.clip(0, 1)",
    },
)

differs(
    "rescale",
    "zero-becomes-grey",
    says="Zero becomes 0.5 here, and the other numbers lie around it.",
    asks="In [-1, 0, 4], what do the smallest and the largest number become? What should they?",
    instead_of={"(images - low) / (high - low)": "images / np.abs(images).max() / 2 + 0.5"},
)
