"""Wrong answers of topic transfer: `replace_classifier`."""

import copy

import torch
from torch import nn

from tests.wrong.base import wrong


def frozen_copy(network):
    """A copy with every parameter frozen, as it should be."""
    replaced = copy.deepcopy(network)
    replaced.requires_grad_(False)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-original-frozen",
    why="frozen first, copied afterwards: the original stays frozen",
    named="original-changes-too",
)
def original_frozen(network, num_classes, num_features):
    replaced = copy.deepcopy(network.requires_grad_(False))
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-original-thawed",
    why="frozen for the copy, then all thawed: shows if some was frozen",
)
def original_thawed(network, num_classes, num_features):
    replaced = copy.deepcopy(network.requires_grad_(False))
    network.requires_grad_(True)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-shared-features-frozen",
    why="the parts are the original's own: freezing them freezes it",
)
def shared_features_frozen(network, num_classes, num_features):
    replaced = copy.deepcopy(network)
    replaced.features, replaced.avgpool = network.features, network.avgpool
    replaced.requires_grad_(False)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-original-loses-its-own",
    why="the original gets the new classifier, too",
    named="original-changes-too",
)
def original_loses_its_own(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.classifier = network.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-weights-frozen-only",
    why="biases and batch norms stay trainable",
    named="freezes-only-a-part",
)
def weights_frozen_only(network, num_classes, num_features):
    replaced = copy.deepcopy(network)
    for parameter in replaced.parameters():
        parameter.requires_grad_(parameter.dim() < 2)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-parts-frozen-only",
    why="what a network has beside its three parts stays trainable",
    named="freezes-only-a-part",
)
def parts_frozen_only(network, num_classes, num_features):
    replaced = copy.deepcopy(network)
    replaced.features.requires_grad_(False)
    replaced.avgpool.requires_grad_(False)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-known-layers-frozen-only",
    why="linear and convolution are frozen, batch norm is not",
    named="freezes-only-a-part",
)
def known_layers_frozen_only(network, num_classes, num_features):
    replaced = copy.deepcopy(network)
    for module in replaced.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.requires_grad_(False)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-first-layer-frozen-only",
    why="features[0] is frozen, later layers are not",
    named="freezes-only-a-part",
)
def first_layer_frozen_only(network, num_classes, num_features):
    replaced = copy.deepcopy(network)
    replaced.features[0].requires_grad_(False)
    replaced.avgpool.requires_grad_(False)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong("replace_classifier", "classifier-new-bias-frozen", why="of the new layer, only the weight is trainable")
def new_bias_frozen(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.classifier = nn.Linear(num_features, num_classes)
    replaced.classifier.bias.requires_grad_(False)
    return replaced


@wrong(
    "replace_classifier", "classifier-kept-where-it-fits", why="an old nn.Linear of the same sizes is kept, and frozen"
)
def kept_where_it_fits(network, num_classes, num_features):
    replaced, old = frozen_copy(network), network.classifier
    sizes = getattr(old, "in_features", None), getattr(old, "out_features", None)
    if sizes != (num_features, num_classes):
        replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong("replace_classifier", "classifier-ten-classes", why="always 10 classes")
def ten_classes(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.classifier = nn.Linear(num_features, 10)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-features-of-the-last-linear",
    why="in_features of the old last layer: AlexNet's is 4096",
)
def features_of_the_last_linear(network, num_classes, num_features):
    replaced = frozen_copy(network)
    linear = [module for module in network.classifier.modules() if isinstance(module, nn.Linear)]
    replaced.classifier = nn.Linear(linear[-1].in_features if linear else num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-last-layer-of-a-sequential",
    why="only classifier[-1] is new where there are several",
)
def last_layer_of_a_sequential(network, num_classes, num_features):
    replaced = frozen_copy(network)
    if isinstance(replaced.classifier, nn.Sequential):
        replaced.classifier[-1] = nn.Linear(num_features, num_classes)
    else:
        replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong("replace_classifier", "classifier-without-bias", why="nn.Linear without a bias: always")
def without_bias(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.classifier = nn.Linear(num_features, num_classes, bias=False)
    return replaced


@wrong(
    "replace_classifier", "classifier-under-a-new-name", why="the new layer is network.head, the old classifier stays"
)
def under_a_new_name(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.head = nn.Linear(num_features, num_classes)
    return replaced


@wrong("replace_classifier", "classifier-returned-alone", why="only the new layer is returned: no features")
def returned_alone(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced.classifier


@wrong("replace_classifier", "classifier-returns-none", why="the return is missing")
def returns_none(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.classifier = nn.Linear(num_features, num_classes)


@wrong("replace_classifier", "classifier-features-start-anew", why="reset_parameters(): what was learnt is lost")
def features_start_anew(network, num_classes, num_features):
    replaced = frozen_copy(network)
    for module in replaced.features.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.reset_parameters()
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier", "classifier-running-means-reset", why="batch norm's averages start anew, parameters are kept"
)
def running_means_reset(network, num_classes, num_features):
    replaced = frozen_copy(network)
    for module in replaced.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong("replace_classifier", "classifier-without-last-feature-layer", why="features end one layer earlier")
def without_last_feature_layer(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.features = replaced.features[:-1]
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier", "classifier-average-of-alexnet", why="avgpool becomes AlexNet's 6 by 6: others have their own"
)
def average_of_alexnet(network, num_classes, num_features):
    replaced = frozen_copy(network)
    replaced.avgpool = nn.AdaptiveAvgPool2d((6, 6))
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong("replace_classifier", "classifier-weights-rounded", why="copied by way of float16: the features' numbers change")
def weights_rounded(network, num_classes, num_features):
    replaced = frozen_copy(network).half().float()
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced


@wrong(
    "replace_classifier",
    "classifier-copies-by-architecture",
    why="a second network of the same layers gets the first one's weights",
)
def copies_by_architecture(network, num_classes, num_features, copies={}):  # noqa: B006 - the defect
    kind = str(network)
    if kind not in copies:
        copies[kind] = {name: value.clone() for name, value in network.state_dict().items()}
    replaced = frozen_copy(network)
    with torch.no_grad():
        replaced.load_state_dict(copies[kind])
    replaced.classifier = nn.Linear(num_features, num_classes)
    return replaced
