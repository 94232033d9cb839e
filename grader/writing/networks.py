"""Networks for cases: built from descriptions with weights that follow from a seed, and the source that builds them.

A description such as `["Conv2d", 3, 4, [3, 2], {"padding": 1}]` is what crosses to the process of the student's code;
the source beside it is what a student pastes into Python to get the very same network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from grader.sandbox.inner import builders
from grader.writing import as_python


@dataclass(frozen=True)
class Network:
    """A network's description for the other process, and the lines of Python that make it."""

    description: dict[str, Any]
    source: str

    def built(self) -> nn.Module:
        """The network itself."""
        return builders.network(self.description)


def sequential(layers: list[Any], seed: int, *, training: bool = True) -> Network:
    """Layers one after the other, with normal random weights."""
    source = [f"model = {sequential_source(layers)}"]
    if not training:
        source.append("model.eval()")
    return _seeded({"layers": layers, "training": training}, seed, "model", source)


def three_parts(parts: dict[str, list[Any]], seed: int, *, frozen: tuple[str, ...] = (), **modes: bool) -> Network:
    """A network like AlexNet, with normal random weights; `modes` are `training` and `features_training`."""
    source = ["network = nn.Module()", "network.temperature = nn.Parameter(torch.ones(1))"]
    head = parts["classifier"]
    source.append(f"network.classifier = {layer_source(head[0]) if len(head) == 1 else sequential_source(head)}")
    source += [f"network.{part} = {sequential_source(parts[part])}" for part in ("avgpool", "features")]
    source += _freezing("network", frozen)
    if not modes.get("training", True):
        source.append("network.eval()")
    if modes.get("features_training"):
        source.append("network.features.train()")
    return _seeded({**parts, "frozen": list(frozen), **modes}, seed, "network", source)


def _seeded(description: dict[str, Any], seed: int, name: str, source: list[str]) -> Network:
    """The description with weights from the seed, and the source that draws the same ones, in the same order."""
    model = builders.network(description)
    state = {key: value for key, value in model.state_dict().items() if not value.is_floating_point()}
    generator = torch.Generator().manual_seed(seed)
    state |= {key: torch.randn(value.shape, generator=generator) for key, value in model.named_parameters()}
    drawing = [
        f"generator = torch.Generator().manual_seed({seed})",
        as_python.drawn(name, "torch.randn(p.shape, generator=generator)"),
    ]
    named = {key for key, _ in model.named_parameters()}
    spreads = [(key, value) for key, value in model.named_buffers() if value.is_floating_point()]
    if spreads:
        state |= {key: torch.rand(value.shape, generator=generator) + 0.5 for key, value in spreads}
        named |= {key for key, _ in spreads}
        drawn = "torch.rand(b.shape, generator=generator) + 0.5"
        drawing.append(f"weights |= {{n: {drawn} for n, b in {name}.named_buffers() if b.is_floating_point()}}")
    complete = model.state_dict().keys() == named
    drawing.append(f"{name}.load_state_dict(weights{'' if complete else ', strict=False'})")
    return Network({**description, "state": state}, "\n".join([*source, *drawing]))


def _freezing(name: str, frozen: tuple[str, ...]) -> list[str]:
    return [f"{name}.get_parameter({parameter!r}).requires_grad = False" for parameter in frozen]


def sequential_source(layers: list[Any]) -> str:
    """Source of an nn.Sequential of the described layers."""
    return f"nn.Sequential({', '.join(map(layer_source, layers))})"


def layer_source(description: list[Any]) -> str:
    """Source of one layer of PyTorch's."""
    name, *arguments = description
    if name == "Group":
        return sequential_source(arguments)
    if name == "Frozen":
        return f"{layer_source(arguments[0])}.requires_grad_(False)"
    keywords = arguments.pop() if arguments and isinstance(arguments[-1], dict) else {}
    keywords = {key: builders.as_tuple(value) for key, value in keywords.items()}
    return "nn." + as_python.call(name, [builders.as_tuple(argument) for argument in arguments], keywords)
