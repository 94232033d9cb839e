"""Cases for topic training: small networks that show their mode, and datasets whose images are numbered."""

from __future__ import annotations

from typing import Any

import torch
from hypothesis import strategies as st

from grader.checks.arrays import noise
from grader.grading import words
from grader.sandbox import builders

PIXELS = (1, 2, 3)


def network(layers: list, seed: int, **options: Any) -> dict[str, Any]:
    """The description of a network with its initial weights."""
    model = builders.network({"layers": layers})
    state = {}
    for place, (name, value) in enumerate(model.state_dict().items()):
        if not value.is_floating_point():
            state[name] = value
        elif "running_var" in name:
            state[name] = noise(value.shape, seed + place).abs() + 0.5
        else:
            state[name] = noise(value.shape, seed + place) * 0.7
    return {"layers": layers, "state": state, **options}


def linear(classes: int, pixels: tuple[int, ...] = PIXELS) -> list:
    """A linear classifier."""
    return [["Flatten"], ["Linear", _count(pixels), classes]]


def normed(classes: int, hidden: int = 5, pixels: tuple[int, ...] = PIXELS) -> list:
    """An MLP with batch norm, which computes something else in evaluation mode.

    No bias stands before the norm: its gradient would be pure rounding noise, which Adam blows up.
    """
    return [
        ["Flatten"], ["Linear", _count(pixels), hidden, {"bias": False}], ["BatchNorm1d", hidden], ["ReLU"],
        ["Linear", hidden, classes],
    ]  # fmt: skip


def dropped(classes: int, hidden: int = 6, pixels: tuple[int, ...] = PIXELS) -> list:
    """An MLP with dropout, which is random in training mode."""
    return [
        ["Flatten"], ["Linear", _count(pixels), hidden], ["Dropout", 0.5], ["ReLU"], ["Linear", hidden, classes],
    ]  # fmt: skip


def _count(pixels: tuple[int, ...]) -> int:
    return torch.Size(pixels).numel()


def images(count: int, seed: int, pixels: tuple[int, ...] = PIXELS) -> torch.Tensor:
    """Images whose first pixel is their number in thousandths."""
    values = noise((count, *pixels), seed)
    values.view(count, -1)[:, 0] = torch.arange(count) / 1000
    return values


def dataset(kind: str, count: int, classes: int, seed: int) -> dict[str, Any]:
    """A dataset with random labels."""
    labels = torch.randint(0, classes, (count,), generator=torch.Generator().manual_seed(seed + 1)).tolist()
    return {"kind": kind, "images": images(count, seed), "labels": labels}


def judged_dataset(kind: str, count: int, right: int, model: dict[str, Any], seed: int) -> dict[str, Any]:
    """A dataset of which the network classifies just the first `right` images correctly."""
    given = images(count, seed)
    built = builders.network(model).eval()
    with torch.no_grad():
        logits = built(given)
    predicted = logits.argmax(1)
    wrong = (predicted + 1 + torch.arange(count) % (logits.shape[1] - 1)) % logits.shape[1]
    labels = torch.where(torch.arange(count) < right, predicted, wrong).tolist()
    return {"kind": kind, "images": given, "labels": labels}


KINDS = st.sampled_from(["list", "pairs", "tensors"])


def describe(data: dict[str, Any]) -> str:
    """A dataset in words."""
    kinds = {"list": "a list of {} pairs", "pairs": "a dataset of {} pairs", "tensors": "a TensorDataset of {} pairs"}
    return f"<{kinds[data['kind']].format(len(data['labels']))}>"


def describe_network(model: dict[str, Any]) -> str:
    """A network in words."""
    names = [layer[0] for layer in model["layers"]]
    return f"<network of {', '.join(names)}>"


def text(function: str, model: dict[str, Any], *data: dict[str, Any], **options: Any) -> str:
    """A call of get_accuracy or train in words."""
    parts = [describe_network(model), *map(describe, data), *(f"{k}={words.expression(v)}" for k, v in options.items())]
    return f"{function}({', '.join(parts)})"
