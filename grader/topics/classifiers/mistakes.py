"""Known mistakes in topic classifiers: `flatten_images`. The two models have files of their own."""

from __future__ import annotations

from torch import Tensor

from grader.writing.mistake import mistake


@mistake(
    "flatten_images",
    "moves-channels-last",
    says="The channels are moved to the end before flattening, so the numbers of a row come in another order.",
    asks="Which axis runs fastest in your row? The last axis of the pictures as they came should.",
)
def moves_channels_last(images: Tensor) -> Tensor:
    return images.permute(0, 2, 3, 1).reshape(images.shape[0], -1)


@mistake(
    "flatten_images",
    "all-in-one-row",
    says="All pictures of the batch end up in one long row.",
    asks="After this, where does one picture end and the next one begin? Which axis has to survive?",
)
def all_in_one_row(images: Tensor) -> Tensor:
    return images.flatten()


@mistake(
    "flatten_images",
    "assumes-784-pixels",
    says="Each row gets 784 numbers, whatever the size of the pictures.",
    asks="784 is 28 * 28. Which number do you know from the input for sure, so that the other one can be worked out?",
)
def assumes_784_pixels(images: Tensor) -> Tensor:
    return images.reshape(-1, 28 * 28)


@mistake(
    "flatten_images",
    "assumes-64-pictures",
    says="There are always 64 rows, whatever the number of pictures in the batch.",
    asks="The last batch of a dataset is often smaller. Where can you read how many pictures there are?",
)
def assumes_64_pictures(images: Tensor) -> Tensor:
    return images.reshape(64, -1)


@mistake(
    "flatten_images",
    "squeezes-first",
    says="`squeeze()` drops every axis of size 1. In a batch of one picture, that is the batch axis too.",
    asks="Squeeze a tensor of shape (1, 3, 2, 2): which of the three axes left counts the pictures?",
)
def squeezes_first(images: Tensor) -> Tensor:
    return images.squeeze().flatten(1)


@mistake(
    "flatten_images",
    "views-instead-of-reshaping",
    says="`view` refuses a tensor whose numbers do not lie in memory in order, such as a transposed one.",
    asks="`view` never copies. Which method copies, but only where it must?",
)
def views_instead_of_reshaping(images: Tensor) -> Tensor:
    return images.view(images.shape[0], -1)


@mistake(
    "flatten_images",
    "starts-at-axis-two",
    says="Flattening starts one axis too late: the axis after the batch is still there.",
    asks="Axes are counted from 0, and axis 0 is the batch. Which is the first one that should disappear?",
)
def starts_at_axis_two(images: Tensor) -> Tensor:
    return images.flatten(2)


@mistake(
    "flatten_images",
    "squeezes-the-rows",
    says="A single picture comes back as numbers without a batch axis: an axis of size 1 has been dropped.",
    asks="One picture is a batch of one: shape (1, D). Is there a `squeeze()` behind your flattening?",
)
def squeezes_the_rows(images: Tensor) -> Tensor:
    return images.flatten(1).squeeze()
