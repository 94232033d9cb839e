"""Wrong answers to tile_images."""

import numpy as np

from tests.wrong.base import wrong


@wrong("tile_images", "tiles-like-a-snake", why="Every second row runs backwards: shows with two rows and two columns.")
def tiles_like_a_snake(images, columns):
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width))
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        if row % 2 == 1:
            column = columns - 1 - column
        picture[row * height : (row + 1) * height, column * width : (column + 1) * width] = image
    return picture


@wrong("tile_images", "tiles-filled-with-the-darkest", why="Cells left over have the minimum: shows unless that is 0.")
def tiles_filled_with_the_darkest(images, columns):
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.full((rows * height, columns * width), images.min())
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


@wrong("tile_images", "tiles-start-again", why="Cells left over repeat the first pictures.")
def tiles_start_again(images, columns):
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    cells = images[np.arange(rows * columns) % count].reshape(rows, columns, height, width)
    return cells.transpose(0, 2, 1, 3).reshape(rows * height, columns * width)


@wrong("tile_images", "tiles-repeat-the-last", why="Cells left over repeat the last picture.")
def tiles_repeat_the_last(images, columns):
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    padded = np.pad(images, ((0, rows * columns - count), (0, 0), (0, 0)), mode="edge")
    return padded.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)


@wrong(
    "tile_images",
    "tiles-on-a-used-canvas",
    why="Keeps a canvas for each size: cells left over show an earlier call's pictures.",
)
def tiles_on_a_used_canvas(images, columns):
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    size = (-(-count // columns) * height, columns * width)
    picture = globals().setdefault("_canvases", {}).setdefault(size, np.zeros(size))
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture.copy()


@wrong(
    "tile_images", "tiles-round-the-rows", why="Rows are rounded to the nearest: a last row up to half full is dropped."
)
def tiles_round_the_rows(images, columns):
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = max(round(count / columns), 1)
    picture = np.zeros((rows * height, columns * width))
    for index, image in enumerate(images[: rows * columns]):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


@wrong("tile_images", "tiles-refuse-many-columns", why="columns > count is refused; zeros belong there.")
def tiles_refuse_many_columns(images, columns):
    count, height, width = images.shape
    if not 1 <= columns <= count:
        raise ValueError(f"columns must be from 1 to {count}, got columns={columns}")
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width))
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


@wrong("tile_images", "tiles-refuse-one-column", why="columns=1 is refused.")
def tiles_refuse_one_column(images, columns):
    if columns <= 1:
        raise ValueError(f"columns must be above 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width))
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


@wrong(
    "tile_images", "tiles-accept-no-columns", why="columns=0 raises ZeroDivisionError; only negative ones are refused."
)
def tiles_accept_no_columns(images, columns):
    if columns < 0:
        raise ValueError(f"columns must not be negative, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width))
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


@wrong(
    "tile_images",
    "tiles-accept-negative-columns",
    why="columns=-1 gives something or NumPy's error; only 0 is refused.",
)
def tiles_accept_negative_columns(images, columns):
    if not columns:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width))
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


@wrong("tile_images", "tiles-at-least-one-column", why="columns < 1 silently becomes 1.")
def tiles_at_least_one_column(images, columns):
    columns = max(columns, 1)
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width))
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


@wrong(
    "tile_images",
    "tiles-refused-without-the-value",
    why="The text for columns < 1 names `columns`, but not what it was.",
)
def tiles_refused_without_the_value(images, columns):
    if columns < 1:
        raise ValueError("columns must be positive")
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width))
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


@wrong("tile_images", "tiles-of-whole-numbers", why="The canvas holds whole numbers: fractions are lost.")
def tiles_of_whole_numbers(images, columns):
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width), dtype=np.int64)
    for index, image in enumerate(images):
        top, left = index // columns * height, index % columns * width
        picture[top : top + height, left : left + width] = image
    return picture
