"""What the pictures need done beside the student's code: trainings and networks, with plain data going in and out.

Modules and optimizers cannot cross between processes, so whoever trains a model must live where it lives. Each
function takes `modules` (topic -> the student's module) and plain arguments, and returns plain data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from grader.lesson.stacked import Stacked

PIXELS = 28 * 28  # of a digit
HISTORY = ("iters", "losses", "train_acc", "val_acc")
CNN_LAYERS = ("conv1", "ReLU", "pool", "conv2", "ReLU", "pool", "flatten", "fc")


def train_classifier(
    modules: Mapping[str, Any],
    topic: str,
    name: str,
    init: Mapping[str, int],
    train: tuple[Tensor, Tensor],
    validation: tuple[Tensor, Tensor],
    options: Mapping[str, Any],
    seed: int = 0,
) -> dict[str, Any]:
    """Trains the student's model `name` of `topic` with the student's `train`.

    Args:
        init: keyword arguments of the model.
        train, validation: (images, labels).
        options: keyword arguments of `train`.

    Returns:
        "history": the four lists; "state": the trained parameters by name.
    """
    torch.manual_seed(seed)
    model = getattr(modules[topic], name)(**init)
    history = modules["training"].train(model, Stacked.of(*train), Stacked.of(*validation), **options)
    return {
        "history": {key: list(getattr(history, key)) for key in HISTORY},
        "state": {key: value.detach().clone() for key, value in model.state_dict().items()},
    }


def cnn_walk(modules: Mapping[str, Any], state: Mapping[str, Tensor], image: Tensor) -> dict[str, Any]:
    """What stands after each layer of the CNN for one image (1, 1, 28, 28).

    Returns:
        "shapes": of the student's `trace_shapes`, one more than layers; "parameters": of the student's
        `count_parameters`, one for each layer; "maps": the tensors themselves, without the batch axis.
    """
    model = modules["cnn"].CNN()
    model.load_state_dict(dict(state))
    model.eval()
    layers = [model.conv1, nn.ReLU(), model.pool, model.conv2, nn.ReLU(), model.pool, nn.Flatten(), model.fc]
    shapes = modules["shapes"].trace_shapes(layers, tuple(image.shape))
    maps = [image]
    with torch.no_grad():
        for layer in layers:
            maps.append(layer(maps[-1]))
    return {
        "shapes": [tuple(shape) for shape in shapes],
        "parameters": [modules["cnn"].count_parameters(layer) for layer in layers],
        "maps": [tensor[0] for tensor in maps],
    }


def network_from(features: Mapping[str, Tensor]) -> nn.Module:
    """AlexNet with the given weights in its `features`; its `classifier`, 58 million numbers, stays without any."""
    from torchvision.models import alexnet

    with torch.device("meta"):
        network = alexnet()
    network.features.load_state_dict(dict(features), assign=True)
    evaluated: nn.Module = network.eval()
    return evaluated


def alexnet_maps(modules: Mapping[str, Any], features: Mapping[str, Tensor], images: Tensor) -> Any:
    """The student's `first_layer_activations` of the pictures (N, 3, H, W)."""
    return modules["transfer"].first_layer_activations(network_from(features), images)


def transfer_against_pixels(
    modules: Mapping[str, Any],
    features: Mapping[str, Tensor],
    train: tuple[Tensor, Tensor],
    validation: tuple[Tensor, Tensor],
    mean: Sequence[float],
    std: Sequence[float],
    counts: Sequence[int],
    updates: int = 100,
    seed: int = 0,
) -> dict[str, list[float]]:
    """Trains the same small classifier on AlexNet's features and on pixels, with more and more images.

    Args:
        train, validation: (images (N, 1, 28, 28), labels).
        mean, std: of the pictures that AlexNet was trained with, by channel.
        counts: how many of the training images each training gets.
        updates: of each training, in batches of 25.

    Returns:
        "transfer" and "pixels": validation accuracies, one for each count.
    """
    network = network_from(features)
    scale = (torch.tensor(mean).reshape(1, 3, 1, 1), torch.tensor(std).reshape(1, 3, 1, 1))
    inputs = {
        "transfer": [_features(modules, network, images, scale) for images, _ in (train, validation)],
        "pixels": [images.reshape(-1, PIXELS) for images, _ in (train, validation)],
    }
    accuracies: dict[str, list[float]] = {}
    for name, (rows, held_out) in inputs.items():
        centre, spread = rows.mean(dim=0), rows.std(dim=0) + 1e-3  # of the training images
        rows, held_out = (rows - centre) / spread, (held_out - centre) / spread
        accuracies[name] = []
        for count in counts:
            torch.manual_seed(seed)
            size, replaced = rows.shape[1], modules["transfer"].replace_classifier
            classifier = replaced(network, 10, size).classifier if name == "transfer" else nn.Linear(size, 10)
            history = modules["training"].train(
                classifier, Stacked.of(rows[:count], train[1][:count]), Stacked.of(held_out, validation[1]),
                batch_size=25, optimizer="adam", learning_rate=0.002, num_epochs=-(-updates * 25 // count),
            )  # fmt: skip
            accuracies[name].append(float(history.val_acc[-1]))
    return accuracies


def _features(modules: Mapping[str, Any], network: nn.Module, images: Tensor, scale: tuple[Tensor, Tensor]) -> Tensor:
    """Features of grey digits, enlarged to 95 x 95: (N, 256 * 2 * 2). Made once: they stay the same."""
    mean, std = scale
    batches = []
    for batch in images.split(100):
        large = F.interpolate(batch, size=(95, 95), mode="bilinear", align_corners=False).expand(-1, 3, -1, -1)
        answers = modules["transfer"].extract_features(network, (large - mean) / std)
        batches.append(answers.reshape(-1, 256 * 2 * 2))
    return torch.cat(batches)
