"""Modules, optimizers and datasets built from plain descriptions, beside the student's code and beside the reference.

A network is described by `{"layers": [[name, *arguments], ...], "state": {...}}`; a dataset by
`{"kind": ..., "images": tensor, "labels": [...]}`. Nothing here knows an answer.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn


class Shifted(nn.Module):
    """Adds a trainable shift that is a plain parameter, not a layer."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(size))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.shift


class Headed(Shifted):
    """A module that has a parameter of its own and a layer beside it."""

    def __init__(self, size: int, outputs: int) -> None:
        super().__init__(size)
        self.head = nn.Linear(size, outputs)


class Nested(nn.Module):
    """Layers held in every container that PyTorch has."""

    def __init__(self) -> None:
        super().__init__()
        self.listed = nn.ModuleList([nn.Linear(2, 3), nn.Linear(3, 1, bias=False)])
        self.named = nn.ModuleDict({"inner": nn.Sequential(nn.Conv2d(2, 3, (1, 2)), nn.PReLU(3))})
        self.scales = nn.ParameterList([nn.Parameter(torch.ones(2, 2)), nn.Parameter(torch.tensor(1.0))])


class SquaredError(nn.Module):
    """A loss that is no cross-entropy: how far each image's own logit is from 1, and the others from 0."""

    def forward(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return (logits - nn.functional.one_hot(labels, logits.shape[1])).square().mean()


def _tied(size: int) -> nn.Module:
    """Two linear layers that share one weight."""
    first, second = nn.Linear(size, size), nn.Linear(size, size)
    second.weight = first.weight
    return nn.Sequential(first, nn.ReLU(), second)


def _twice(size: int) -> nn.Module:
    """One linear layer that stands at two places."""
    layer = nn.Linear(size, size)
    return nn.Sequential(layer, nn.ReLU(), layer)


def _frozen(description: list[Any]) -> nn.Module:
    return layer(description).requires_grad_(False)


def _half_frozen(inputs: int, outputs: int) -> nn.Module:
    linear = nn.Linear(inputs, outputs)
    linear.weight.requires_grad_(False)
    return linear


_OWN: dict[str, Callable[..., nn.Module]] = {
    "Shifted": Shifted,
    "SquaredError": SquaredError,
    "Headed": Headed,
    "Nested": Nested,
    "Tied": _tied,
    "Twice": _twice,
    "Frozen": _frozen,
    "HalfFrozen": _half_frozen,
    "Group": lambda *descriptions: nn.Sequential(*map(layer, descriptions)),
}


def layer(description: list[Any]) -> nn.Module:
    """One layer from its description, such as `["Linear", 4, 3]` or `["Conv2d", 1, 2, 3, {"padding": 1}]`."""
    name, *arguments = description
    keywords = arguments.pop() if arguments and isinstance(arguments[-1], dict) else {}
    if name in _OWN:
        return _OWN[name](*arguments, **keywords)
    built: nn.Module = getattr(nn, name)(
        *map(as_tuple, arguments), **{key: as_tuple(value) for key, value in keywords.items()}
    )
    return built


def as_tuple(value: Any) -> Any:
    """A pair that crossed as a list, as the tuple that it is; anything else as it is."""
    return tuple(value) if isinstance(value, list) else value


class ThreeParts(nn.Module):
    """A small network with AlexNet's three parts and AlexNet's forward pass, and one parameter beside them."""

    def __init__(self, features: nn.Module, avgpool: nn.Module, classifier: nn.Module) -> None:
        super().__init__()
        self.classifier, self.avgpool, self.features = classifier, avgpool, features
        self.temperature = nn.Parameter(torch.ones(1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.classifier(torch.flatten(self.avgpool(self.features(images)), 1))
        return logits


def network(description: dict[str, Any], kind: type[nn.Sequential] = nn.Sequential) -> nn.Module:
    """A network with its initial weights, in training mode unless the description says `"training": False`.

    `"features_training": True` puts its features alone back in training mode, `"frozen"` names frozen parameters.
    Where it is a list of layers, `kind` is the class that holds them.
    """
    if "features" in description:
        features, avgpool, head = (list(map(layer, description[p])) for p in ("features", "avgpool", "classifier"))
        classifier = head[0] if len(head) == 1 else nn.Sequential(*head)
        model: nn.Module = ThreeParts(nn.Sequential(*features), nn.Sequential(*avgpool), classifier)
    else:
        model = kind(*map(layer, description["layers"]))
    if "state" in description:
        model.load_state_dict(description["state"])
    for name, parameter in model.named_parameters():
        if name in description.get("frozen", ()):
            parameter.requires_grad_(False)
    model.train(description.get("training", True))
    if description.get("features_training"):
        model.features.train()  # type: ignore[union-attr]  # to PyTorch's types, it may be a tensor
    return model


@dataclass
class Notes:
    """What is noted of a network while somebody uses it, and of its copies. It is not part of the network."""

    passes: list[tuple[bool, bool, list[int]]] = field(default_factory=list)
    weights: list[tuple[bool, float, float]] = field(
        default_factory=list
    )  # with the mode, where gradients are recorded
    came_back: list[bool] = field(default_factory=list)  # a gradient, to what a pass gave


def watched(description: dict[str, Any]) -> tuple[nn.Module, Notes]:
    """A network from its description, and what will be noted of it.

    For each forward pass that is its mode, the gradient switch and which images it was given: the first pixel of an
    image is its number in thousandths. For passes that record gradients it is also where the weights stand.
    """
    notes = Notes()

    class Sequential(nn.Sequential):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            numbers: list[int] = []
            with contextlib.suppress(Exception):  # under vmap or while it is traced, nothing can be read
                numbers = (images.detach().reshape(len(images), -1)[:, 0] * 1000).round().int().tolist()
                if _grad_enabled():
                    notes.weights.append((self.training, *standing(self)))
            notes.passes.append((self.training, _grad_enabled(), numbers))
            logits: torch.Tensor = super().forward(images)  # type: ignore[no-untyped-call]  # PyTorch's has no types
            with contextlib.suppress(Exception):
                if logits.requires_grad:
                    # Without types, too.
                    logits.register_hook(lambda gradient: notes.came_back.append(True))
            return logits

        def __deepcopy__(self, memo: dict[int, Any]) -> nn.Module:
            copied = memo[id(self)] = type(self).__new__(type(self))
            vars(copied).update(copy.deepcopy(vars(self), memo))
            return copied

        def __copy__(self) -> nn.Module:
            copied = type(self).__new__(type(self))
            vars(copied).update(vars(self))
            return copied

        def __reduce_ex__(self, protocol: Any) -> Any:  # in a file, it is the network alone
            plain = nn.Sequential()
            vars(plain).update(vars(self))
            return plain.__reduce_ex__(protocol)

    return network(description, Sequential), notes


def standing(model: nn.Module) -> tuple[float, float]:
    """Where the weights stand: their sum and the sum of their squares."""
    values = torch.cat([torch.zeros(1), *(parameter.detach().reshape(-1) for parameter in parameters(model))])
    return float(values.sum()), float(values.square().sum())


# What a network holds, read from where PyTorch keeps it: methods of a student's class may say anything.


def parts(model: nn.Module) -> list[nn.Module]:
    """A network and all that is in it, as `modules()`: each once."""
    return list({id(part): part for _, part in _named_parts(model)}.values())


def parameters(model: nn.Module) -> list[nn.Parameter]:
    """A network's parameters in their order, as `parameters()`: each once."""
    found = (value for part in parts(model) for value in _held(part)["_parameters"].values() if value is not None)
    return list({id(value): value for value in found}.values())


def tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    """A network's parameters and buffers by name, as in `state_dict()`: one that has two names comes twice."""
    found: dict[str, torch.Tensor] = {}
    for prefix, part in _named_parts(model):
        held = _held(part)
        kept = [(n, b) for n, b in held["_buffers"].items() if n not in held["_non_persistent_buffers_set"]]
        found |= {prefix + name: value for name, value in (*held["_parameters"].items(), *kept) if value is not None}
    return found


def state(model: nn.Module) -> dict[str, torch.Tensor]:
    """Copies of a network's parameters and buffers by name."""
    return {name: _as_tensor(value).detach().clone() for name, value in tensors(model).items()}


def is_trainable(value: torch.Tensor) -> bool:
    """`requires_grad`, whatever the tensor's own class makes of it."""
    with torch._C.DisableTorchFunctionSubclass():
        return bool(torch.Tensor.requires_grad.__get__(value))  # type: ignore[attr-defined]


def has_graph(value: torch.Tensor) -> bool:
    """Whether a tensor leads back to what it was computed from."""
    with torch._C.DisableTorchFunctionSubclass():
        return torch.Tensor.grad_fn.__get__(value) is not None  # type: ignore[union-attr]


def _as_tensor(value: torch.Tensor) -> torch.Tensor:
    with torch._C.DisableTorchFunctionSubclass():
        return torch.Tensor.as_subclass(value, torch.Tensor)


def _held(part: nn.Module) -> dict[str, Any]:
    held: dict[str, Any] = object.__getattribute__(part, "__dict__")
    return held


def _named_parts(model: nn.Module, prefix: str = "", above: tuple[int, ...] = ()) -> Iterator[tuple[str, nn.Module]]:
    """Every place of a network with its prefix; one that stands at two places comes twice."""
    if id(model) in above:
        return
    yield prefix, model
    for name, part in _held(model)["_modules"].items():
        if part is not None:
            yield from _named_parts(part, f"{prefix}{name}.", (*above, id(model)))


def dataset(description: dict[str, Any]) -> Any:
    """A dataset: "list" of pairs as in the lecture, "tensors" (a TensorDataset), or "pairs", whose labels are ints."""
    images, labels = description["images"], description["labels"]
    if description["kind"] == "list":
        return [(image, label) for image, label in zip(images, labels, strict=True)]
    if description["kind"] == "pairs":
        return torch.utils.data.StackDataset(images, labels)
    return torch.utils.data.TensorDataset(images, torch.tensor(labels, dtype=torch.long))


def criterion(description: list[Any]) -> nn.Module:
    """A loss, such as `["CrossEntropyLoss", {"label_smoothing": 0.2}]`."""
    return layer(description)


def optimizer(description: list[Any], parameters: Any) -> torch.optim.Optimizer:
    """An optimizer, such as `["SGD", {"lr": 0.1, "momentum": 0.9}]`."""
    name, options = description
    built: torch.optim.Optimizer = getattr(torch.optim, name)(parameters, **options)
    return built


_grad_enabled = torch.is_grad_enabled  # bound early: what a submission patches later does not count
