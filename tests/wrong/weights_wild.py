"""Wrong answers of topic weights as students really write them."""

import torch
import torchvision

from tests.wrong.base import wrong


@wrong("tile_images", "tiles-by-make-grid", why="make_grid frames each picture", named="frame-around-each-picture")
def tiles_by_make_grid(images, columns):
    if columns < 1:
        raise ValueError(f"columns={columns} must be 1 or more")
    return torchvision.utils.make_grid(torch.tensor(images)[:, None].float(), nrow=columns)[0].numpy()
