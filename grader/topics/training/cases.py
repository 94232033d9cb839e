"""Cases for topic training: small networks that show their mode, and datasets whose images are numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from grader.writing import as_python
from grader.writing.arrays import noise
from grader.writing.networks import Network
from grader.writing.strategies import st

PIXELS = (1, 2, 3)
VECTORS = (6,)
FEW_LABELS = 20

Options = dict[str, Any] | list[Any]  # of a call: by name, or by position


def pixels_of(layers: list[Any]) -> tuple[int, ...]:
    """The shape of one image for a network: one that begins with a linear layer takes vectors."""
    return VECTORS if layers[0][0] == "Linear" else PIXELS


def linear(classes: int, pixels: tuple[int, ...] = PIXELS) -> list[Any]:
    """A linear classifier."""
    return [["Flatten"], ["Linear", _count(pixels), classes]]


def normed(classes: int, hidden: int = 5, pixels: tuple[int, ...] = PIXELS) -> list[Any]:
    """An MLP with batch norm, which computes something else in evaluation mode.

    No bias stands before the norm: its gradient would be pure rounding noise, which Adam blows up.
    """
    return [
        ["Flatten"], ["Linear", _count(pixels), hidden, {"bias": False}], ["BatchNorm1d", hidden], ["ReLU"],
        ["Linear", hidden, classes],
    ]  # fmt: skip


def dropped(classes: int, hidden: int = 6, pixels: tuple[int, ...] = PIXELS) -> list[Any]:
    """An MLP with dropout, which is random in training mode."""
    return [
        ["Flatten"], ["Linear", _count(pixels), hidden], ["Dropout", 0.5], ["ReLU"], ["Linear", hidden, classes],
    ]  # fmt: skip


def mlp(classes: int, hidden: int) -> list[Any]:
    """The lesson's MLP, on small pictures."""
    return [["Flatten"], ["Linear", _count(PIXELS), hidden], ["ReLU"], ["Linear", hidden, classes]]


def convolved(classes: int) -> list[Any]:
    """A small CNN, which takes images as they are."""
    return [["Conv2d", 1, 2, [1, 2]], ["ReLU"], ["Flatten"], ["Linear", 8, classes]]


def on_vectors(classes: int) -> list[Any]:
    """A linear classifier of vectors, which have one axis."""
    return [["Linear", _count(VECTORS), classes]]


def dropped_whole(classes: int) -> list[Any]:
    """An MLP whose dropout leaves nothing in training mode, so that no randomness hides whether it is on."""
    return [["Flatten"], ["Linear", _count(PIXELS), 4], ["Dropout", 1.0], ["ReLU"], ["Linear", 4, classes]]


def half_frozen(classes: int) -> list[Any]:
    """An MLP whose first layer is frozen."""
    return [["Flatten"], ["Frozen", ["Linear", _count(PIXELS), 4]], ["ReLU"], ["Linear", 4, classes]]


def _count(pixels: tuple[int, ...]) -> int:
    return torch.Size(pixels).numel()


@dataclass(frozen=True)
class Data:
    """A dataset's description for the other process, and the lines of Python that make it."""

    description: dict[str, Any]
    making_images: tuple[str, ...]
    making_labels: str

    def source(self, name: str) -> str:
        """The lines that make it, under a name."""
        kinds = {
            "list": "list(zip(images, labels))",
            "pairs": "torch.utils.data.StackDataset(images, labels)",
            "tensors": "torch.utils.data.TensorDataset(images, torch.tensor(labels))",
        }
        made = f"{name} = {kinds[self.description['kind']]}"
        return "\n".join([*self.making_images, f"labels = {self.making_labels}", made])


def _data(kind: str, images: torch.Tensor, labels: list[int], making_labels: str) -> Data:
    """A dataset of numbered images; few labels are written out, many by how they are made."""
    shown = str(labels) if len(labels) <= FEW_LABELS else making_labels
    making = (as_python.source_of(images), f"images.flatten(1)[:, 0] = torch.arange({len(labels)}) / 1000")
    return Data({"kind": kind, "images": images, "labels": labels}, making, shown)


def _numbered(count: int, seed: int, pixels: tuple[int, ...]) -> torch.Tensor:
    """Images whose first pixel is their number in thousandths, remembering how they were drawn."""
    images = noise((count, *pixels), seed)
    drawn = f"images = {as_python.expression(images)}"
    images.view(count, -1)[:, 0] = torch.arange(count) / 1000
    return as_python.named(images, drawn)


def dataset(kind: str, count: int, classes: int, seed: int, pixels: tuple[int, ...] = PIXELS) -> Data:
    """A dataset with random labels."""
    labels = torch.randint(0, classes, (count,), generator=torch.Generator().manual_seed(seed + 1)).tolist()
    making = f"torch.randint(0, {classes}, ({count},), generator=torch.Generator().manual_seed({seed + 1})).tolist()"
    return _data(kind, _numbered(count, seed, pixels), labels, making)


def empty_dataset(kind: str) -> Data:
    """A dataset without images."""
    images = as_python.named(torch.empty(0, *PIXELS), f"images = torch.empty(0, {', '.join(map(str, PIXELS))})")
    return Data({"kind": kind, "images": images, "labels": []}, (as_python.source_of(images),), "[]")


def judged_dataset(kind: str, count: int, right: int, network: Network, seed: int, *, last: bool = False) -> Data:
    """A dataset of which the network classifies just the first `right` images correctly, or the `last` ones."""
    images = _numbered(count, seed, pixels_of(network.description["layers"]))
    with torch.no_grad():
        logits = network.built().eval()(images)
    predicted = logits.argmax(1)
    others = logits.shape[1] - 1
    wrong = (predicted + 1 + torch.arange(count) % others) % (others + 1)
    places = torch.arange(count)
    labels = torch.where(places >= count - right if last else places < right, predicted, wrong).tolist()
    making = (
        "model.eval()(images).argmax(1)\n"
        f"wrong = (labels + 1 + torch.arange({count}) % {others}) % {others + 1}\n"
        f"labels = torch.where(torch.arange({count}) {f'>= {count - right}' if last else f'< {right}'}, labels, wrong).tolist()"
        + ("\nmodel.train()" if network.description["training"] else "")
    )
    return _data(kind, images, labels, making)


KINDS = st.sampled_from(["list", "pairs", "tensors"])


def text(function: str, network: Network, data: dict[str, Data], options: Options) -> str:
    """A call of get_accuracy or train, to paste: the network and the datasets, by their names, and the call.

    The options are a dict by name, or a list by position.
    """
    args = options if isinstance(options, list) else []
    names = [as_python.Source(name) for name in ("model", *data)]
    given = as_python.call(function, [*names, *args], {} if isinstance(options, list) else options)
    return "\n".join([network.source, *(one.source(name) for name, one in data.items()), given])
