"""Wrong answers of topic transfer as students really write them."""

import copy

from torch import nn

from tests.wrong.base import wrong


@wrong(
    "replace_classifier",
    "classifier-behind-a-dropout",
    why="the new layer stands in a container, behind a dropout",
    named="head-of-several-layers",
)
def classifier_behind_a_dropout(network, num_classes, num_features):
    mine = copy.deepcopy(network).requires_grad_(False)
    mine.classifier = nn.Sequential(nn.Dropout(), nn.Linear(num_features, num_classes))
    return mine


@wrong(
    "replace_classifier",
    "classifier-with-another-attribute",
    why="out_features is set on the old layer, whose weight stays as it is",
    named="keeps-the-old-classifier",
)
def classifier_with_another_attribute(network, num_classes, num_features):
    mine = copy.deepcopy(network)
    mine.classifier[-1].out_features = num_classes
    return mine
