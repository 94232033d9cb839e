"""Known mistakes in topic weights: `tile_images`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.writing.mistake import mistake
from solutions.weights import tile_images


def _refuse_less_than_one(columns: int) -> None:
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")


def _laid_out(
    images: np.ndarray, rows: int, columns: int, cell: Callable[[int], tuple[int, int]], fill: float = 0.0
) -> np.ndarray:
    """A big picture of rows by columns cells, where `cell` says which row and column an index goes to."""
    _, height, width = images.shape
    picture = np.full((rows * height, columns * width), fill)
    for index, image in enumerate(images):
        row, column = cell(index)
        picture[row * height : (row + 1) * height, column * width : (column + 1) * width] = image
    return picture


@mistake(
    "tile_images",
    "column-by-column",
    says="The pictures run down the columns, and not along the rows.",
    asks="With 2 columns, picture 1 stands to the right of picture 0. Where is it in yours?",
)
def column_by_column(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    rows = -(-len(images) // columns)
    return _laid_out(images, rows, columns, lambda index: (index % rows, index // rows))


@mistake(
    "tile_images",
    "drops-the-last-row",
    says="A last row that is not full is left out.",
    asks="How many rows do 7 pictures need, 3 to a row? What does `7 // 3` give?",
)
def drops_the_last_row(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    rows = len(images) // columns
    return _laid_out(images[: rows * columns], rows, columns, lambda index: divmod(index, columns))


@mistake(
    "tile_images",
    "one-row-too-many",
    says="Where the last row is full, an empty one comes after it.",
    asks="How many rows do 6 pictures need, 3 to a row? What does `6 // 3 + 1` give?",
)
def one_row_too_many(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    return _laid_out(images, len(images) // columns + 1, columns, lambda index: divmod(index, columns))


@mistake(
    "tile_images",
    "reshapes-only",
    says="The shape is right, but the pictures are torn: a reshape keeps all pixels in the order that they had.",
    asks="In the big picture, what comes right after the first line of picture 0? And in the array of pictures?",
)
def reshapes_only(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    count, height, width = images.shape
    rows = -(-count // columns)
    empty = np.zeros((rows * columns - count, height, width))
    return np.concatenate([images, empty]).reshape(rows * height, columns * width)


@mistake(
    "tile_images",
    "narrower-for-few-pictures",
    says="With fewer pictures than columns, your big picture is narrower than `columns` pictures.",
    asks="What belongs into cells that no picture is left for?",
)
def narrower_for_few_pictures(images: np.ndarray, columns: int) -> np.ndarray:
    return tile_images(images, min(columns, len(images)))


@mistake(
    "tile_images",
    "left-over-cells-are-ones",
    says="Cells that are left over in the last row are filled with ones.",
    asks="Which number should a cell without a picture hold? Which function makes an array full of it?",
)
def left_over_cells_are_ones(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    return _laid_out(images, -(-len(images) // columns), columns, lambda index: divmod(index, columns), fill=1.0)


@mistake(
    "tile_images",
    "steps-down-by-the-width",
    says="The next row of pictures begins `width` pixels further down, which is right for squares alone.",
    asks="Take pictures 2 high and 3 wide. In which line of pixels does the second row of pictures begin?",
)
def steps_down_by_the_width(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    count, height, width = images.shape
    picture = np.zeros((-(-count // columns) * height, columns * width))
    for index, image in enumerate(images):
        top, left = index // columns * width, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


def _with_lines(
    images: np.ndarray, columns: int, start: Callable[[int, int], int], size: Callable[[int, int], int]
) -> np.ndarray:
    """The pictures with lines of zeros: where the picture at a place of a row starts, and how long a row of them is."""
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((size(rows, height), size(columns, width)))
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        top, left = start(row, height), start(column, width)
        picture[top : top + height, left : left + width] = image
    return picture


@mistake(
    "tile_images",
    "lines-between-the-pictures",
    says="There is a line of one pixel between neighbouring pictures, so the big picture is too large.",
    asks="How many pixels wide are 3 pictures of 28 pixels side by side? And what does the exercise put between them?",
)
def lines_between_the_pictures(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    return _with_lines(images, columns, lambda place, side: place * (side + 1), lambda n, side: n * (side + 1) - 1)


@mistake(
    "tile_images",
    "line-behind-each-picture",
    says="There is a line of one pixel to the right of each picture and below it, so the big picture is too large.",
    asks="How many pixels wide are 3 pictures of 28 pixels side by side? And what does the exercise put between them?",
)
def line_behind_each_picture(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    return _with_lines(images, columns, lambda place, side: place * (side + 1), lambda n, side: n * (side + 1))


@mistake(
    "tile_images",
    "frame-around-each-picture",
    says="There is a frame around each picture, as `make_grid` draws it, so the big picture is too large.",
    asks="How many pixels wide are 3 pictures of 28 pixels side by side? And what does the exercise put around them?",
)
def frame_around_each_picture(images: np.ndarray, columns: int) -> np.ndarray:
    _refuse_less_than_one(columns)
    if len(images) == 1:
        picture: np.ndarray = images[0]
        return picture
    columns = min(columns, len(images))
    return _with_lines(images, columns, lambda place, side: place * (side + 2) + 2, lambda n, side: n * (side + 2) + 2)
