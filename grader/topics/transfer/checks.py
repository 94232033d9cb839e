"""Checks of topic transfer: features, first-layer activations and a new classifier, on small networks like AlexNet."""

from __future__ import annotations

import re
from typing import Any

import torch
import torch.nn.functional as F

from grader.writing import arrays, as_python, networks
from grader.writing.ask import Ask
from grader.writing.check import check
from grader.writing.compare import Tolerance, difference
from grader.writing.reply import Reply
from grader.writing.strategies import st

_SEEDS = st.integers(1, 10_000)
_BATCHES = st.integers(1, 4)


def _network(kind: str, seed: int, pooled: tuple[int, int] = (2, 1)) -> networks.Network:
    """A small network in AlexNet's three parts; `kind` says what its features hold besides a convolution."""
    conv = ["Conv2d", 3, 4, [3, 2], {"stride": [2, 1], "padding": [1, 0]}]
    features: dict[str, list[Any]] = {
        "plain": [conv, ["ReLU"], ["MaxPool2d", 2]],
        "inplace": [
            conv,
            ["ReLU", {"inplace": True}],
            ["MaxPool2d", 2],
            ["Conv2d", 4, 4, 1],
            ["ReLU", {"inplace": True}],
        ],
        "norm": [conv, ["BatchNorm2d", 4], ["ReLU", {"inplace": True}], ["Dropout", 0.5], ["MaxPool2d", 2]],
        "small": [["Conv2d", 3, 4, 2, {"bias": False}]],
        "headless": [conv, ["ReLU"]],
        "nested": [
            ["Conv2d", 3, 4, 2, {"dilation": [2, 1]}],
            ["Group", ["BatchNorm2d", 4], ["Group", ["ReLU", {"inplace": True}], ["Dropout", 0.5]]],
        ],
    }
    pooling: list[Any] = ["AdaptiveAvgPool2d", list(pooled)]
    arriving = _arriving(pooled)
    parts: dict[str, list[Any]] = {
        "features": features[kind],
        "avgpool": [["Conv2d", 4, 4, 1], pooling] if kind == "nested" else [pooling],
        "classifier": [["Dropout", 0.5], ["Linear", arriving, 6], ["ReLU", {"inplace": True}], ["Linear", 6, 5]],
    }
    if kind == "small":
        parts["classifier"] = [["Linear", arriving, 5]]
    if kind == "headless":
        parts["classifier"] = [["Identity"]]
    frozen = ("features.0.weight",) if seed % 3 == 0 else ()
    return networks.three_parts(parts, seed, frozen=frozen, training=seed % 4 != 0, features_training=seed % 2 == 0)


_KINDS = st.sampled_from(["plain", "inplace", "norm", "small", "nested"])


def _arriving(pooled: tuple[int, int]) -> int:
    """How many numbers of an image arrive at the classifier: `pooled` is their height and width, in four channels."""
    return 4 * pooled[0] * pooled[1]


def _images(batch: int, seed: int) -> torch.Tensor:
    return arrays.tensor((batch, 3, 9, 7), seed)


def _asked(function: str, network: networks.Network, images: torch.Tensor) -> tuple[str, dict[str, Any]]:
    """A call to paste, and what the driver is asked."""
    text = f"{network.source}\n{function}(network, {as_python.expression(images)})"
    return text, dict(name=function, network=network.description, images=images)


_ALWAYS = [
    {"kind": "plain", "batch": 2, "seed": 1},
    {"kind": "inplace", "batch": 1, "seed": 2},
    {"kind": "inplace", "batch": 3, "seed": 6},
    {"kind": "norm", "batch": 3, "seed": 3},
    {"kind": "norm", "batch": 2, "seed": 4},
    {"kind": "nested", "batch": 2, "seed": 7},
    {"kind": "nested", "batch": 1, "seed": 8},
    {"kind": "small", "batch": 4, "seed": 5},
]
# AlexNet's features are convolutions, ReLUs that work in place, and pooling; its dropout is in the classifier.
_ALEXNET = [{"kind": "inplace", "batch": 2, "seed": 5}, {"kind": "inplace", "batch": 4, "seed": 9}]


class TestExtractFeatures:
    exercise = "extract_features"

    @check(
        weight=1.5,
        lesson=True,
        smaller={"kind": st.sampled_from(["plain", "inplace"]), "batch": _BATCHES, "seed": _SEEDS},
        always=_ALEXNET,
    )
    def test_gives_the_features(self, ask: Ask, kind: str, batch: int, seed: int) -> None:
        """The features are what network.features gives, as for AlexNet."""
        self.features(ask, kind, batch, seed)

    @check(weight=0.5, about="detaching", kind=_KINDS, batch=_BATCHES, seed=_SEEDS, share=0.2, always=_ALWAYS[:3])
    def test_gives_detached_features(self, ask: Ask, kind: str, batch: int, seed: int) -> None:
        """The features are detached from the graph."""
        reply, expected = self.asked(ask, kind, batch, seed)
        shape = tuple(expected["value"].shape)
        reply.part("value").answered(
            lambda value: isinstance(value, torch.Tensor) and tuple(value.shape) == shape and len(value.unique()) > 1,
            f"features of shape {shape}",
        )
        detached = reply["requires_grad"] is False
        reply.must(
            detached, "The features still require gradients.", expected="detached features", got="requires_grad=True"
        )

    @check(
        weight=1,
        about="networks that compute something else while they are trained",
        kind=_KINDS,
        batch=_BATCHES,
        seed=_SEEDS,
        share=0.5,
        always=_ALWAYS,
    )
    def test_runs_in_evaluation_mode(self, ask: Ask, kind: str, batch: int, seed: int) -> None:
        """The features are those of evaluation mode, whatever mode the network came in, and it is left as it was."""
        reply, expected = self.features(ask, kind, batch, seed)
        reply.unchanged([_given(batch, seed)])
        reply.part("state").equals(expected["state"], message="The network's weights or running statistics changed.")
        judge = "network.features(images) in evaluation mode"
        reply.part("again", _asked_again(reply.text)).equals(expected["again"], judge=judge)

    def features(self, ask: Ask, kind: str, batch: int, seed: int) -> tuple[Reply, Any]:
        reply, expected = self.asked(ask, kind, batch, seed)
        reply.part("value").equals(expected["value"], judge="network.features(images) in evaluation mode")
        return reply, expected

    def asked(self, ask: Ask, kind: str, batch: int, seed: int) -> tuple[Reply, Any]:
        text, asked = _asked("extract_features", _network(kind, seed), _given(batch, seed))
        return ask("features", text=text, **asked), ask.expected("features", **asked)


def _given(batch: int, seed: int) -> torch.Tensor:
    """Images; now and then as they are where somebody looks for the gradient of the pixels."""
    images = _images(batch, seed)
    return (
        as_python.named(images.requires_grad_(), f"({as_python.expression(images)}).requires_grad_()")
        if seed % 5 == 2
        else images
    )


def _asked_again(text: str) -> str:
    """The call to paste, and once more on the same images after their numbers have been turned round."""
    *made, call = text.split("\n")
    name, _, images = call.partition("(network, ")
    turned = "_ = images.data.copy_(images.data.flatten().flip(0).reshape(images.shape))"
    again = f"{name}(network, images)"
    return "\n".join([*made, f"images = {images.removesuffix(')')}", again, turned, again])


class TestFirstLayerActivations:
    exercise = "first_layer_activations"

    @check(
        weight=1.5,
        lesson=True,
        smaller={"kind": st.sampled_from(["plain", "inplace"]), "batch": _BATCHES, "seed": _SEEDS},
        always=_ALEXNET,
    )
    def test_rescales_the_first_convolution_of_alexnet(self, ask: Ask, kind: str, batch: int, seed: int) -> None:
        """The output of features[0] alone, as a NumPy array spread over [0, 1] as a whole."""
        self.activations(ask, kind, batch, seed)

    @check(
        weight=1.5,
        about="other networks, asked again and again",
        kind=_KINDS,
        batch=_BATCHES,
        seed=_SEEDS,
        share=0.5,
        always=_ALWAYS,
    )
    def test_rescales_the_first_convolution(self, ask: Ask, kind: str, batch: int, seed: int) -> None:
        """The same for other networks, whose weights are left as they were."""
        reply, expected = self.activations(ask, kind, batch, seed)
        reply.unchanged([_images(batch, seed)])
        # Who runs all of `features` to catch the first answer on its way moves running statistics; nothing forbids that.
        found = difference(_weights(expected["state"]), _weights(reply["state"]))
        if found is not None:
            reply.differs(found, message="The network's weights changed.")
        message = "A hook stays in the network that was passed in: it has changed. Remove what you register."
        reply.must(reply["hooks"] == 0, message, expected="no hook more than before", got=f"{reply['hooks']} more")
        again = reply.part("again", _asked_again(reply.text))
        again.equals(expected["again"], dtype=False, tolerance=Tolerance(1e-4, 1e-5))

    def activations(self, ask: Ask, kind: str, batch: int, seed: int) -> tuple[Reply, Any]:
        text, asked = _asked("first_layer_activations", _network(kind, seed), _images(batch, seed))
        expected = ask.expected("features", **asked)
        reply = ask("features", text=text, **asked)
        reply.part("value").equals(expected["value"], dtype=False, tolerance=Tolerance(1e-4, 1e-5))
        return reply, expected


def _weights(state: Any) -> Any:
    """What is left of a network's state without running statistics."""
    if not isinstance(state, dict):
        return state
    return {
        name: value for name, value in state.items() if not re.search(r"\.(running_\w+|num_batches_tracked)$", name)
    }


_HEADS: dict[str, Any] = dict(
    kind=_KINDS,
    classes=st.integers(1, 7),
    pooled=st.sampled_from([(2, 1), (1, 1), (2, 2), (1, 3)]),
    seed=_SEEDS,
)
_ALWAYS_HEADS = [
    {"kind": "plain", "classes": 2, "pooled": (2, 1), "seed": 1},
    {"kind": "norm", "classes": 3, "pooled": (2, 2), "seed": 2},
    {"kind": "inplace", "classes": 8, "pooled": (2, 1), "seed": 4},
    {"kind": "small", "classes": 10, "pooled": (1, 1), "seed": 3},
    {"kind": "small", "classes": 5, "pooled": (2, 1), "seed": 5},
    {"kind": "nested", "classes": 4, "pooled": (2, 1), "seed": 6},
    {"kind": "headless", "classes": 3, "pooled": (1, 3), "seed": 7},
]


class TestReplaceClassifier:
    exercise = "replace_classifier"

    @check(
        weight=1.5,
        lesson=True,
        smaller={**_HEADS, "kind": st.sampled_from(["plain", "inplace"])},
        always=[
            {"kind": "inplace", "classes": 2, "pooled": (2, 2), "seed": 1},
            {"kind": "inplace", "classes": 10, "pooled": (2, 1), "seed": 9},
        ],
    )
    def test_puts_a_new_layer_behind_alexnets_features(
        self, ask: Ask, kind: str, classes: int, pooled: tuple[int, int], seed: int
    ) -> None:
        """The features stay, and the classifier is one new nn.Linear of the right size, which can learn."""
        self.gives_logits(ask, kind, classes, pooled, seed)

    @check(weight=0.75, about="freezing or other networks", share=0.5, always=_ALWAYS_HEADS, **_HEADS)
    def test_freezes_all_but_a_new_layer(
        self, ask: Ask, kind: str, classes: int, pooled: tuple[int, int], seed: int
    ) -> None:
        """Every parameter but the new layer's is frozen; the new layer's are not."""
        reply = self.gives_logits(ask, kind, classes, pooled, seed)
        others = reply["frozen"]
        reply.must(
            all(others),
            "Some of the old parameters are not frozen.",
            expected="all of them frozen",
            got=f"{sum(map(bool, others))} of {len(others)} frozen",
        )
        wants = dict(zip(("weight", "bias"), reply["trainable"], strict=False))
        reply.must(
            all(wants.values()),
            "The new layer must be trainable, its weight and its bias.",
            expected="requires_grad=True for both",
            got=", ".join(f"{name}.requires_grad={value}" for name, value in wants.items()),
        )

    @check(
        weight=0.75, about="leaving the network that is passed in as it was", share=0.3, always=_ALWAYS_HEADS, **_HEADS
    )
    def test_leaves_the_network_as_it_was(
        self, ask: Ask, kind: str, classes: int, pooled: tuple[int, int], seed: int
    ) -> None:
        """What comes back is another network; the one that was passed in is as it was."""
        reply = self.replaced(ask, kind, classes, pooled, seed)
        same = not reply["same_object"] and reply["before"] == reply["after"]
        reply.must(same, "The network that was passed in has changed.", expected="the network as it was", got="changed")
        message = (
            "The network that was passed in is in another mode now: training and evaluation mode must be as they were."
        )
        reply.must(reply["modes"] is True, message, expected="the mode that it came in", got="another one")

    def replaced(self, ask: Ask, kind: str, classes: int, pooled: tuple[int, int], seed: int) -> Reply:
        """The network that came back; it must have the right head."""
        network, images, arriving = _network(kind, seed, pooled), _images(2, seed), _arriving(pooled)
        text = f"{network.source}\nreplace_classifier(network, {classes}, {arriving})"
        asked = dict(network=network.description, num_classes=classes, num_features=arriving, images=images)
        reply = ask("replace", text=text, **asked)
        if isinstance(reply.value, dict) and "before" not in reply.value:
            reply.must(False, "This must be a network, an nn.Module.", expected="a network", got=reply["value"])
        self.head(reply, classes, arriving)
        return reply

    def gives_logits(self, ask: Ask, kind: str, classes: int, pooled: tuple[int, int], seed: int) -> Reply:
        """The network that came back; it must give the old features and the new layer's logits, and learn."""
        reply = self.replaced(ask, kind, classes, pooled, seed)
        network, images = _network(kind, seed, pooled), _images(2, seed)
        features, flat = ask.judged(lambda: _through(network, images))
        weight, bias = (reply["head"][name].detach() for name in ("weight", "bias"))
        reply.part("features").equals(features, judge="the features of the network that was passed in")
        reply.part("logits").equals(
            F.linear(flat, weight, bias),
            judge="features, avgpool, flatten, then the new layer",
            tolerance=Tolerance(1e-3, 1e-4),
        )
        if any(reply["trainable"]):
            message = "Training does not reach the new layer: no gradient comes back from the new network's logits."
            reply.must(reply["learns"] is True, message, expected="a gradient for the new layer", got="none")
        return reply

    def head(self, reply: Reply, classes: int, arriving: int) -> None:
        """The classifier must be one nn.Linear of the right size, with its bias."""
        kind = reply["classifier"]
        message = "The classifier must be a single nn.Linear."
        reply.must("head" in reply.value, message, expected=f"nn.Linear({arriving}, {classes})", got=str(kind))
        head = reply["head"]
        shape = tuple(getattr(head["weight"], "shape", ()))
        expected = f"weight of shape ({classes}, {arriving}) and a bias"
        right = shape == (classes, arriving) and isinstance(head["bias"], torch.Tensor)
        got = f"weight of shape {shape}" + ("" if isinstance(head["bias"], torch.Tensor) else " and no bias")
        reply.must(right, "The new layer must be nn.Linear(num_features, num_classes).", expected=expected, got=got)


def _through(network: networks.Network, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The features of a network, and what of them arrives at its classifier."""
    model: Any = network.built().eval()
    with torch.no_grad():
        features = model.features(images)
        return features, torch.flatten(model.avgpool(features.clone()), 1)
