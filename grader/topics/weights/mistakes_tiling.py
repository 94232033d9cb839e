"""Known mistakes in topic weights: `tile_images`."""

from __future__ import annotations

import numpy as np

from grader.writing.mistake import differs, mistake

differs(
    "tile_images",
    "column-by-column",
    says="The pictures run down the columns, and not along the rows.",
    asks="With 2 columns, picture 1 stands to the right of picture 0. Where is it in yours?",
    instead_of={"index // columns * height, index % columns * width": "index % rows * height, index // rows * width"},
)

differs(
    "tile_images",
    "drops-the-last-row",
    says="A last row that is not full is left out.",
    asks="How many rows do 7 pictures need, 3 to a row? What does `7 // 3` give?",
    instead_of={
        "-(-count // columns)": "count // columns",
        "enumerate(images)": "enumerate(images[: rows * columns])",
    },
)

differs(
    "tile_images",
    "one-row-too-many",
    says="Where the last row is full, an empty one comes after it.",
    asks="How many rows do 6 pictures need, 3 to a row? What does `6 // 3 + 1` give?",
    instead_of={"-(-count // columns)": "count // columns + 1"},
)


@mistake(
    "tile_images",
    "reshapes-only",
    says="The shape is right, but the pictures are torn: a reshape keeps all pixels in the order that they had.",
    asks="In the big picture, what comes right after the first line of picture 0? And in the array of pictures?",
)
def reshapes_only(images: np.ndarray, columns: int) -> np.ndarray:
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got columns={columns}")
    count, height, width = images.shape
    rows = -(-count // columns)
    empty = np.zeros((rows * columns - count, height, width))
    return np.concatenate([images, empty]).reshape(rows * height, columns * width)


differs(
    "tile_images",
    "narrower-for-few-pictures",
    says="With fewer pictures than columns, your big picture is narrower than `columns` pictures.",
    asks="What belongs into cells that no picture is left for?",
    instead_of={
        "count, height, width = images.shape": "count, height, width = images.shape\ncolumns = min(columns, count)"
    },
)

differs(
    "tile_images",
    "left-over-cells-are-ones",
    says="Cells that are left over in the last row are filled with ones.",
    asks="Which number should a cell without a picture hold? Which function makes an array full of it?",
    instead_of={"np.zeros": "np.ones"},
)

differs(
    "tile_images",
    "steps-down-by-the-width",
    says="The next row of pictures begins `width` pixels further down, which is right for squares alone.",
    asks="Take pictures 2 high and 3 wide. In which line of pixels does the second row of pictures begin?",
    instead_of={"columns * height, index": "columns * width, index"},
)

differs(
    "tile_images",
    "lines-between-the-pictures",
    says="There is a line of one pixel between neighbouring pictures, so the big picture is too large.",
    asks="How many pixels wide are 3 pictures of 28 pixels side by side? And what does the exercise put between them?",
    instead_of={
        "(rows * height, columns * width)": "(rows * (height + 1) - 1, columns * (width + 1) - 1)",
        "// columns * height": "// columns * (height + 1)",
        "% columns * width": "% columns * (width + 1)",
    },
)

differs(
    "tile_images",
    "line-behind-each-picture",
    says="There is a line of one pixel to the right of each picture and below it, so the big picture is too large.",
    asks="How many pixels wide are 3 pictures of 28 pixels side by side? And what does the exercise put between them?",
    instead_of={
        "(rows * height, columns * width)": "(rows * (height + 1), columns * (width + 1))",
        "// columns * height": "// columns * (height + 1)",
        "% columns * width": "% columns * (width + 1)",
    },
)

differs(
    "tile_images",
    "frame-around-each-picture",
    says="There is a frame around each picture, as `make_grid` draws it, so the big picture is too large.",
    asks="How many pixels wide are 3 pictures of 28 pixels side by side? And what does the exercise put around them?",
    instead_of={
        "count, height, width = images.shape": (
            "count, height, width = images.shape\nif count == 1:\n    return images[0]\ncolumns = min(columns, count)"
        ),
        "(rows * height, columns * width)": "(rows * (height + 2) + 2, columns * (width + 2) + 2)",
        "// columns * height": "// columns * (height + 2) + 2",
        "% columns * width": "% columns * (width + 2) + 2",
    },
)
