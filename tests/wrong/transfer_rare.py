"""Wrong answers of topic transfer: frozen in place of detached, and a new layer that is not what was asked for."""

import copy

import torch
from torch import nn

from tests.wrong.base import wrong


def frozen_copy(network):
    """A copy with every parameter frozen, as it should be."""
    return copy.deepcopy(network).requires_grad_(False)


def with_classifier(network, classifier):
    network.classifier = classifier
    return network


@wrong(
    "extract_features", "features-frozen-not-detached", why="frozen instead: shows for images that require gradients"
)
def frozen_not_detached(network, images):
    network.eval().requires_grad_(False)
    return network.features(images)


@wrong(
    "replace_classifier",
    "classifier-features-of-the-first-linear",
    why="in_features of the old first nn.Linear: raises without one",
)
def features_of_the_first_linear(network, num_classes, num_features):
    old = next(layer for layer in network.classifier.modules() if isinstance(layer, nn.Linear))
    return with_classifier(frozen_copy(network), nn.Linear(old.in_features, num_classes))


@wrong("replace_classifier", "classifier-lazy", why="nn.LazyLinear: num_features is ignored, there are no weights yet")
def lazy(network, num_classes, num_features):
    return with_classifier(frozen_copy(network), nn.LazyLinear(num_classes))


@wrong(
    "replace_classifier", "classifier-tried-in-training-mode", why="a trial run of the copy moves its running averages"
)
def tried_in_training_mode(network, num_classes, num_features):
    replaced = frozen_copy(network).train()
    replaced.features(torch.zeros(2, 3, 64, 64))
    return with_classifier(replaced, nn.Linear(num_features, num_classes))


@wrong(
    "replace_classifier",
    "classifier-eval-of-the-original",
    why="eval() before the copy: its mode is not as it was",
)
def evaluates_the_original(network, num_classes, num_features):
    return with_classifier(frozen_copy(network.eval()), nn.Linear(num_features, num_classes))


@wrong(
    "replace_classifier", "classifier-runs-without-gradients", why="forward under no_grad: the new layer cannot learn"
)
def runs_without_gradients(network, num_classes, num_features):
    class Replaced(nn.Module):
        def __init__(self):
            super().__init__()
            self.features, self.avgpool = frozen_copy(network.features), frozen_copy(network.avgpool)
            self.classifier = nn.Linear(num_features, num_classes)

        @torch.no_grad()
        def forward(self, images):
            return self.classifier(self.avgpool(self.features(images)).flatten(1))

    return Replaced()
