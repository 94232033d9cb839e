"""Wrong answers to weights_to_images."""

import numpy as np

from tests.wrong.base import wrong


@wrong(
    "weights_to_images", "images-freeze-the-weight", why="The parameter loses its requires_grad: look at it afterwards."
)
def images_freeze_the_weight(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return weight.requires_grad_(False).numpy().reshape(-1, height, width)


@wrong(
    "weights_to_images",
    "images-thaw-the-weight",
    why="Sets requires_grad to True at the end: a frozen parameter is frozen no more.",
)
def images_thaw_the_weight(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    weight.requires_grad_(False)
    images = weight.numpy().reshape(-1, height, width)
    weight.requires_grad_(True)
    return images


@wrong("weights_to_images", "images-column-by-column", why="Fills each picture column by column: shows with H, W > 1.")
def images_column_by_column(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return weight.detach().numpy().reshape(-1, width, height).transpose(0, 2, 1)


@wrong(
    "weights_to_images", "images-width-comes-first", why="The parameters' order: shows for sizes by position, H not W."
)
def images_width_comes_first(weight, width=28, height=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return weight.detach().numpy().reshape(-1, height, width)


@wrong("weights_to_images", "images-lose-a-single-unit", why="(height, width) for one unit.")
def images_lose_a_single_unit(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    images = weight.detach().numpy().reshape(-1, height, width)
    return images[0] if len(images) == 1 else images


@wrong("weights_to_images", "images-of-ten-units", why="The first ten units only: shows for more.")
def images_of_ten_units(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return weight[:10].detach().numpy().reshape(-1, height, width)


@wrong(
    "weights_to_images", "images-as-squares", why="Takes the square root and not the sizes: wrong where they differ."
)
def images_as_squares(weight, height=28, width=28):
    side = int(weight.shape[1] ** 0.5)
    if side * side != weight.shape[1]:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return weight.detach().numpy().reshape(-1, side, side)


@wrong(
    "weights_to_images",
    "images-in-halves",
    why="Sizes whose product divides a row are accepted: more pictures than units.",
)
def images_in_halves(weight, height=28, width=28):
    if weight.shape[1] % (height * width) != 0:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return weight.detach().numpy().reshape(-1, height, width)


@wrong(
    "weights_to_images",
    "images-from-several-rows",
    why="Only the total must divide: two rows can make one picture.",
    named="any-number-of-pictures",
)
def images_from_several_rows(weight, height=28, width=28):
    if weight.numel() % (height * width) != 0:
        raise ValueError(f"height={height} and width={width} do not fit {weight.numel()} numbers")
    return weight.detach().numpy().reshape(weight.numel() // (height * width), height, width)


@wrong("weights_to_images", "images-cut-to-size", why="Rows that are too long are cut, not refused.")
def images_cut_to_size(weight, height=28, width=28):
    if weight.shape[1] < height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return weight.detach().numpy()[:, : height * width].reshape(-1, height, width)


@wrong("weights_to_images", "images-filled-with-zeros", why="Rows that are too short are filled up, not refused.")
def images_filled_with_zeros(weight, height=28, width=28):
    missing = height * width - weight.shape[1]
    if missing < 0:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    return np.pad(weight.detach().numpy(), ((0, 0), (0, missing))).reshape(-1, height, width)


@wrong("weights_to_images", "images-refused-by-pytorch", why="PyTorch's RuntimeError instead of a ValueError.")
def images_refused_by_pytorch(weight, height=28, width=28):
    return weight.detach().view(len(weight), height, width).numpy()


@wrong("weights_to_images", "images-assert-the-size", why="An AssertionError instead of a ValueError.")
def images_assert_the_size(weight, height=28, width=28):
    assert weight.shape[1] == height * width, f"height={height} and width={width} do not fit {weight.shape[1]} numbers"
    return weight.detach().numpy().reshape(-1, height, width)


@wrong(
    "weights_to_images", "images-refused-without-values", why="The text names the arguments but none of their values."
)
def images_refused_without_values(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError("height and width do not fit the rows of weight")
    return weight.detach().numpy().reshape(-1, height, width)


@wrong("weights_to_images", "images-refused-without-names", why="The text has numbers, but does not say whose.")
def images_refused_without_names(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"a row of {weight.shape[1]} numbers makes no picture of {height} x {width}")
    return weight.detach().numpy().reshape(-1, height, width)


@wrong(
    "weights_to_images",
    "images-refused-for-the-wrong-value",
    why="The text gives the width as the height: shows where they differ.",
)
def images_refused_for_the_wrong_value(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"height={width} does not fit")
    return weight.detach().numpy().reshape(-1, height, width)


@wrong(
    "weights_to_images",
    "images-of-the-first-call",
    why="Remembers pictures by shape: other weights of that shape get the old ones.",
)
def images_of_the_first_call(weight, height=28, width=28):
    if weight.shape[1] != height * width:
        raise ValueError(f"height={height} and width={width} do not fit {weight.shape[1]} numbers")
    remembered = globals().setdefault("_images_by_shape", {})
    key = (len(weight), height, width)
    if key not in remembered:
        remembered[key] = weight.detach().numpy().reshape(key).copy()
    return remembered[key]
