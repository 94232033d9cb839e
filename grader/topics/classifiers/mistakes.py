"""Known mistakes in topic classifiers: `flatten_images`. The two models have files of their own."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "flatten_images",
    "moves-channels-last",
    says="The channels are moved to the end before flattening, so the numbers of a row come in another order.",
    asks="Which axis runs fastest in your row? The last axis of the pictures as they came should.",
    instead_of={"images.reshape": "images.permute(0, 2, 3, 1).reshape"},
)

differs(
    "flatten_images",
    "all-in-one-row",
    says="All pictures of the batch end up in one long row.",
    asks="After this, where does one picture end and the next one begin? Which axis has to survive?",
    instead_of={"reshape(images.shape[0], -1)": "flatten()"},
)

differs(
    "flatten_images",
    "assumes-784-pixels",
    says="Each row gets 784 numbers, whatever the size of the pictures.",
    asks="784 is 28 * 28. Which number do you know from the input for sure, so that the other one can be worked out?",
    instead_of={"images.shape[0], -1": "-1, 28 * 28"},
)

differs(
    "flatten_images",
    "assumes-64-pictures",
    says="There are always 64 rows, whatever the number of pictures in the batch.",
    asks="The last batch of a dataset is often smaller. Where can you read how many pictures there are?",
    instead_of={"images.shape[0], -1": "64, -1"},
)

differs(
    "flatten_images",
    "squeezes-first",
    says="`squeeze()` drops every axis of size 1. In a batch of one picture, that is the batch axis too.",
    asks="Squeeze a tensor of shape (1, 3, 2, 2): which of the three axes left counts the pictures?",
    instead_of={"reshape(images.shape[0], -1)": "squeeze().flatten(1)"},
)

differs(
    "flatten_images",
    "views-instead-of-reshaping",
    says="`view` refuses a tensor whose numbers do not lie in memory in order, such as a transposed one.",
    asks="`view` never copies. Which method copies, but only where it must?",
    instead_of={"reshape": "view"},
)

differs(
    "flatten_images",
    "starts-at-axis-two",
    says="Flattening starts one axis too late: the axis after the batch is still there.",
    asks="Axes are counted from 0, and axis 0 is the batch. Which is the first one that should disappear?",
    instead_of={"reshape(images.shape[0], -1)": "flatten(2)"},
)

differs(
    "flatten_images",
    "squeezes-the-rows",
    says="A single picture comes back as numbers without a batch axis: an axis of size 1 has been dropped.",
    asks="One picture is a batch of one: shape (1, D). Is there a `squeeze()` behind your flattening?",
    instead_of={"reshape(images.shape[0], -1)": "flatten(1).squeeze()"},
)
