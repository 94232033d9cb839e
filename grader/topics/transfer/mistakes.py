"""Known mistakes in topic transfer: the features and the first layer. `replace_classifier` has a file of its own."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from grader.writing.mistake import mistake

# extract_features


@mistake(
    "extract_features",
    "in-training-mode",
    says="The features are computed in training mode, where dropout and batch norm do something else.",
    asks="Ask a network with dropout twice for the features of one picture: are they the same? Which switch decides?",
)
def in_training_mode(network: nn.Module, images: Tensor) -> Tensor:
    features: Tensor = network.features(images).detach()  # type: ignore[operator]
    return features


@mistake(
    "extract_features",
    "not-detached",
    says="The features still hang on the old network: they require gradients.",
    asks="You will train a new classifier on these numbers. Should its gradients flow back into the old network?",
)
def not_detached(network: nn.Module, images: Tensor) -> Tensor:
    network.eval()
    features: Tensor = network.features(images)  # type: ignore[operator]
    return features


@mistake(
    "extract_features",
    "neither-eval-nor-detached",
    says="The features are computed in training mode, and they still require gradients.",
    asks="Two things are missing. Which switch do dropout and batch norm look at? And who cuts a tensor off from its graph?",
)
def neither_eval_nor_detached(network: nn.Module, images: Tensor) -> Tensor:
    features: Tensor = network.features(images)  # type: ignore[operator]
    return features


@mistake(
    "extract_features",
    "pools-as-well",
    says="The features have gone through `network.avgpool` as well.",
    asks="Of the network's three parts, which one alone is asked for?",
)
def pools_as_well(network: nn.Module, images: Tensor) -> Tensor:
    network.eval()
    features: Tensor = network.avgpool(network.features(images)).detach()  # type: ignore[operator]
    return features


@mistake(
    "extract_features",
    "runs-the-whole-network",
    says="This is the answer of the whole network, its old classifier included.",
    asks="The old classes are of no use for a new task. Which of the network's three parts comes before them?",
)
def runs_the_whole_network(network: nn.Module, images: Tensor) -> Tensor:
    network.eval()
    features: Tensor = network(images).detach()
    return features


@mistake(
    "extract_features",
    "flattens",
    says="The numbers are right, but each picture's features are one flat row.",
    asks="Which shape does `network.features(images)` have? Whoever wants rows can flatten later.",
)
def flattens(network: nn.Module, images: Tensor) -> Tensor:
    network.eval()
    features: Tensor = network.features(images).flatten(1).detach()  # type: ignore[operator]
    return features


@mistake(
    "extract_features",
    "all-before-the-classifier",
    says="This is all that comes before the classifier: the features, then `avgpool`, then one flat row for each picture.",
    asks="Of the network's three parts, which one alone is asked for? How many axes does its answer have?",
)
def all_before_the_classifier(network: nn.Module, images: Tensor) -> Tensor:
    network.eval()
    features: Tensor = network.avgpool(network.features(images)).flatten(1).detach()  # type: ignore[operator]
    return features


@mistake(
    "extract_features",
    "squeezes-the-features",
    says="An axis of size 1 is dropped from the features: a batch of one picture comes back without its batch axis.",
    asks="What is the shape of `network.features(images)` for one picture? Which call takes its first axis away?",
)
def squeezes_the_features(network: nn.Module, images: Tensor) -> Tensor:
    network.eval()
    features: Tensor = network.features(images).detach().squeeze()  # type: ignore[operator]
    return features


# first_layer_activations


def _stretched(array: np.ndarray) -> np.ndarray:
    stretched: np.ndarray = (array - array.min()) / (array.max() - array.min())
    return stretched


def _first_layer(network: nn.Module, images: Tensor) -> np.ndarray:
    """What the first convolution answers, as an array."""
    activations: np.ndarray = network.features[0](images).detach().numpy()  # type: ignore[index, operator]
    return activations


@mistake(
    "first_layer_activations",
    "relu-applied",
    says="A ReLU comes after the first convolution here, so its negative answers are gone.",
    asks="`features[0]` alone is asked for. What becomes of [-4, -2, 4] if a ReLU comes before the rescaling?",
)
def relu_applied(network: nn.Module, images: Tensor) -> np.ndarray:
    return _stretched(_first_layer(network, images).clip(0))


@mistake(
    "first_layer_activations",
    "two-layers",
    says="The layer behind the first convolution has been applied as well.",
    asks="`features[:2]` are two layers. If the second is a ReLU, where are the negative answers of the first?",
)
def two_layers(network: nn.Module, images: Tensor) -> np.ndarray:
    return _stretched(network.features[:2](images).detach().numpy())  # type: ignore[index, operator]


@mistake(
    "first_layer_activations",
    "overwritten-in-place",
    says="Negative answers are missing where an in-place ReLU comes next: it has overwritten the tensor that you kept.",
    asks="`nn.ReLU(inplace=True)` writes into its input. Do the layers after the first one have to run at all?",
)
def overwritten_in_place(network: nn.Module, images: Tensor) -> np.ndarray:
    network.eval()
    kept = network.features[0](images).detach()  # type: ignore[index, operator]
    network.features[1:](kept)  # type: ignore[index, operator]
    return _stretched(kept.numpy())


@mistake(
    "first_layer_activations",
    "each-map-alone",
    says="Each map of each picture is stretched on its own.",
    asks="If one filter answers strongly and another hardly at all, can you still tell from your pictures?",
)
def each_map_alone(network: nn.Module, images: Tensor) -> np.ndarray:
    activations = _first_layer(network, images)
    low, high = activations.min((2, 3), keepdims=True), activations.max((2, 3), keepdims=True)
    stretched: np.ndarray = (activations - low) / (high - low)
    return stretched


@mistake(
    "first_layer_activations",
    "each-picture-alone",
    says="Each picture of the batch is stretched on its own.",
    asks="How many zeros and ones are there in your result for a batch of three? How many should there be in all?",
)
def each_picture_alone(network: nn.Module, images: Tensor) -> np.ndarray:
    return np.stack([_stretched(activations) for activations in _first_layer(network, images)])


@mistake(
    "first_layer_activations",
    "not-rescaled",
    says="These are the convolution's answers as they are, and they do not lie between 0 and 1.",
    asks="Which number of the array should become 0, and which one 1?",
)
def not_rescaled(network: nn.Module, images: Tensor) -> np.ndarray:
    return _first_layer(network, images)


@mistake(
    "first_layer_activations",
    "divides-by-the-maximum",
    says="The answers are divided by the largest one, and the smallest one is never subtracted.",
    asks="A convolution's answers may be negative. What becomes of [-4, -2, 4] in your function?",
)
def divides_by_the_maximum(network: nn.Module, images: Tensor) -> np.ndarray:
    activations = _first_layer(network, images)
    stretched: np.ndarray = activations / activations.max()
    return stretched


@mistake(
    "first_layer_activations",
    "not-detached",
    says="NumPy refuses the answers, because they require gradients.",
    asks="A picture needs no gradient. Which method gives you the same numbers without the graph?",
)
def activations_not_detached(network: nn.Module, images: Tensor) -> np.ndarray:
    return _stretched(network.features[0](images).numpy())  # type: ignore[index, operator]


@mistake(
    "first_layer_activations",
    "first-picture-only",
    says="Only the first picture of the batch comes back, without a batch axis.",
    asks="How many pictures went in? The result has a place for each of them.",
)
def first_picture_only(network: nn.Module, images: Tensor) -> np.ndarray:
    return _stretched(_first_layer(network, images)[0])


@mistake(
    "first_layer_activations",
    "squeezes-the-maps",
    says="An axis of size 1 is dropped from the maps: a batch of one picture comes back without its batch axis.",
    asks="What is the shape of `network.features[0](images)` for one picture? Which call takes its first axis away?",
)
def squeezes_the_maps(network: nn.Module, images: Tensor) -> np.ndarray:
    return _stretched(_first_layer(network, images).squeeze())
