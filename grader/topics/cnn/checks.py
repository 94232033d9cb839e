"""Checks of topic cnn: the forward pass of the lecture's network, and counting parameters."""

from __future__ import annotations

from typing import Any

import torch

from grader.writing import arrays, as_python, networks
from grader.writing.ask import Ask
from grader.writing.check import check
from grader.writing.forwards import gradients_match, logits_match
from grader.writing.strategies import st

_SHAPES = {
    "conv1.weight": (4, 1, 3, 3), "conv1.bias": (4,), "conv2.weight": (8, 4, 3, 3), "conv2.bias": (8,),
    "fc.weight": (10, 392), "fc.bias": (10,),
}  # fmt: skip


class TestCNNForward:
    exercise = "CNN.forward"

    @check(
        weight=2,
        lesson=True,
        smaller={"batch": st.sampled_from([2, 3]), "seed": st.integers(1, 1000)},
        always=[{"batch": 32, "seed": 1}, {"batch": 8, "seed": 2}],
    )
    def test_gives_logits_for_a_batch(self, ask: Ask, batch: int, seed: int) -> None:
        """conv1, ReLU, pool, conv2, ReLU, pool, flatten, fc: ten logits for each image of a batch of MNIST."""
        images = arrays.noise((batch, 1, 28, 28), seed)
        self.logits(ask, as_python.named(images.sigmoid(), f"{as_python.operand(images)}.sigmoid()"), seed)

    @check(
        weight=1,
        about="single images and other numbers",
        batch=st.sampled_from([1, 2, 3, 5]),
        seed=arrays.seeds,
        share=0.4,
        always=[{"batch": 1, "seed": 1}, {"batch": 3, "seed": 2}, {"batch": 8, "seed": 3}, {"batch": 10, "seed": 4}],
    )
    def test_gives_logits(self, ask: Ask, batch: int, seed: int) -> None:
        """Ten logits for each image, be it a single one, and whatever its numbers."""
        self.logits(ask, arrays.tensor((batch, 1, 28, 28), seed), seed)

    def logits(self, ask: Ask, images: torch.Tensor, seed: int) -> None:
        weights = arrays.weights(_SHAPES, seed, small=True)
        state, text = weights.state, f"model = CNN()\n{weights.source}\nmodel({as_python.expression(images)})"
        asked = dict(name="CNN", init={}, state=state, images=images, training=seed % 2 == 0)
        logits_match(ask, text, asked)

    @check(weight=1, about="gradients", seed=arrays.seeds, share=0.15, always=[{"seed": 5}])
    def test_lets_gradients_through(self, ask: Ask, seed: int) -> None:
        """Every parameter of the network receives its gradient."""
        # Noise, since there may be no ties in a window and no exact zeros: their gradients are a matter of taste.
        images, upstream = arrays.noise((2, 1, 28, 28), seed), arrays.tensor((2, 10), seed + 1)
        weights = arrays.random_weights(_SHAPES, seed)
        asked = dict(name="CNN", init={}, state=weights.state, images=images, upstream=upstream)
        text = arrays.gradient_source("CNN()", weights, images, upstream)
        gradients_match(ask, text, asked)


_SIZES = st.integers(1, 5)
_PLAIN = st.one_of(
    st.builds(lambda i, o: ["Linear", i, o], _SIZES, _SIZES),
    st.builds(lambda i, o: ["Conv2d", i, o, 3], _SIZES, _SIZES),
)
_TRAINABLE = st.one_of(
    st.builds(lambda i, o, b: ["Linear", i, o, {"bias": b}], _SIZES, _SIZES, st.booleans()),
    st.builds(lambda i, o, k: ["Conv2d", i, o, [k, 2]], _SIZES, _SIZES, _SIZES),
    st.builds(lambda g, k: ["Conv2d", 2 * g, 4 * g, k, {"groups": g}], st.integers(2, 3), _SIZES),
    st.builds(lambda c: ["BatchNorm2d", c], _SIZES),
    st.builds(lambda c: ["Shifted", c], _SIZES),
    st.builds(lambda s: ["Tied", s], _SIZES),
    st.builds(lambda s: ["Twice", s], _SIZES),
    st.builds(lambda i, o: ["Group", ["Linear", i, o], ["ReLU"], ["Group", ["Conv2d", i, o, 2]]], _SIZES, _SIZES),
    st.just(["Nested"]),
    st.builds(lambda i, o: ["Headed", i, o], _SIZES, _SIZES),
    st.just(["MaxPool2d", 2]),
    st.builds(lambda n, d: ["Embedding", n, d], _SIZES, _SIZES),
)
_FROZEN = st.one_of(
    st.builds(lambda i, o: ["Frozen", ["Linear", i, o]], _SIZES, _SIZES),
    st.builds(lambda i, o: ["HalfFrozen", i, o], _SIZES, _SIZES),
    st.builds(lambda i, o: ["Linear", i, o], _SIZES, _SIZES),
)


class TestCountParameters:
    exercise = "count_parameters"

    @check(
        weight=1.5,
        lesson=True,
        smaller={"layers": st.lists(_PLAIN, min_size=1, max_size=2)},
        always=[
            {"layers": layers}
            for layers in (
                [["Flatten"], ["Linear", 784, 10]],
                [["Flatten"], ["Linear", 784, 30], ["ReLU"], ["Linear", 30, 10]],
                [["Conv2d", 1, 4, 3, {"padding": 1}], ["ReLU"], ["MaxPool2d", 2, 2], ["Conv2d", 4, 8, 3, {"padding": 1}],
                 ["ReLU"], ["MaxPool2d", 2, 2], ["Flatten"], ["Linear", 392, 10]],
            )
        ],
    )  # fmt: skip
    def test_counts_the_lessons_networks(self, ask: Ask, layers: list[Any]) -> None:
        """The numbers of the lesson's linear model, MLP and CNN."""
        self.counts(ask, layers)

    @check(
        weight=0.5,
        about="shared parameters, buffers and other modules",
        layers=st.lists(_TRAINABLE, max_size=4),
        always=[
            {"layers": layers}
            for layers in (
                [["Linear", 2, 3]], [["Conv2d", 3, 4, 2]], [["ReLU"]], [], [["Nested"]], [["Shifted", 4]],
                [["BatchNorm2d", 3]], [["Tied", 3]], [["Twice", 3]],
                [["Conv2d", 4, 6, 3, {"groups": 2}]], [["Linear", 3, 2, {"bias": False}]],
                [["Group", ["Group", ["Linear", 2, 2], ["BatchNorm1d", 2]]], ["Linear", 2, 2]],
                [["Linear", 2, 2], ["Linear", 2, 2]], [["Conv2d", 1, 4, 3], ["Conv2d", 4, 8, 3], ["Linear", 392, 10]],
                [["PReLU"]], [["BatchNorm2d", 3], ["BatchNorm2d", 3]], [["Headed", 3, 2]],
                [["Linear", 1, 2], ["Nested"]],
            )
        ],
    )  # fmt: skip
    def test_counts_each_trainable_number_once(self, ask: Ask, layers: list[Any]) -> None:
        """Every trainable number counts, in whatever module, a shared parameter once, a buffer never."""
        self.counts(ask, layers)

    @check(
        weight=1,
        about="frozen parameters",
        layers=st.lists(_FROZEN, min_size=1, max_size=3),
        share=0.5,
        always=[
            {"layers": [["Frozen", ["Linear", 2, 3]], ["Linear", 3, 1]]},
            {"layers": [["HalfFrozen", 3, 2]]},
            {"layers": [["Linear", 2, 2], ["Frozen", ["Conv2d", 1, 2, 3]]]},
        ],
    )
    def test_leaves_out_what_is_frozen(self, ask: Ask, layers: list[Any]) -> None:
        """A frozen parameter does not count, be it frozen from the start or later."""
        self.counts(ask, layers)
        made, model = _making(layers)
        again = ["count_parameters(model)", "_ = model.requires_grad_(False)", "count_parameters(model)"]
        asked = {"network": _network(layers), "freeze": True}
        reply = ask("count", text="\n".join([*made, f"model = {model}", *again]), **asked)
        expected = ask.expected("count", **asked)["value"]
        reply.part("value").equals(expected, message="All of it was frozen, then it was counted again.")

    def counts(self, ask: Ask, layers: list[Any]) -> None:
        network = _network(layers)
        expected = ask.expected("count", network=network)
        reply = ask("count", text=_source(layers), network=network)
        reply.part("value").equals(expected["value"])
        reply.kept_trainable()


def _network(layers: list[Any]) -> dict[str, Any]:
    return {"layers": layers, "training": len(layers) % 2 == 1}


_MODULE = """class {name}(nn.Module):
    def __init__(self):
        super().__init__()
        {body}
"""  # the empty line after it is what tells a REPL that the class is over
_MAKING = {
    "Shifted": "self.shift = nn.Parameter(torch.zeros({0}))",
    "Headed": "self.shift = nn.Parameter(torch.zeros({0})); self.head = nn.Linear({0}, {1})",
    "Nested": "self.listed = nn.ModuleList([nn.Linear(2, 3), nn.Linear(3, 1, bias=False)])\n        "
    'self.named = nn.ModuleDict({{"inner": nn.Sequential(nn.Conv2d(2, 3, (1, 2)), nn.PReLU(3))}})\n        '
    "self.scales = nn.ParameterList([nn.Parameter(torch.ones(2, 2)), nn.Parameter(torch.tensor(1.0))])",
}


def _source(layers: list[Any]) -> str:
    """A call of count_parameters to paste, with the modules that it needs."""
    made, model = _making(layers)
    return "\n".join([*made, f"count_parameters({model})"])


def _making(layers: list[Any]) -> tuple[list[str], str]:
    """The lines that define the modules of a network, and the expression that makes it."""
    lines: list[str] = []
    parts = [_part(description, f"{description[0].lower()}{place}", lines) for place, description in enumerate(layers)]
    return lines, parts[0] if len(parts) == 1 else _sequence(parts)


def _sequence(parts: list[str]) -> str:
    return f"nn.Sequential({', '.join(parts)})"


def _part(description: list[Any], name: str, lines: list[str]) -> str:
    """The expression for a part of a network; what must be made before it is added to the lines."""
    kind, *arguments = description
    if kind == "Group":
        return _sequence([_part(inner, f"{name}_{place}", lines) for place, inner in enumerate(arguments)])
    if kind == "Frozen":
        return f"{_part(arguments[0], name, lines)}.requires_grad_(False)"
    if kind == "HalfFrozen":
        lines += [f"{name} = nn.Linear({arguments[0]}, {arguments[1]})", f"{name}.weight.requires_grad = False"]
        return name
    if kind in ("Tied", "Twice"):
        (size,) = arguments
        lines.append(f"{name} = nn.Linear({size}, {size})")
        if kind == "Twice":
            return _sequence([name, "nn.ReLU()", name])
        lines += [f"{name}b = nn.Linear({size}, {size})", f"{name}b.weight = {name}.weight"]
        return _sequence([name, "nn.ReLU()", f"{name}b"])
    if kind in _MAKING:
        lines.append(_MODULE.format(name=name.capitalize(), body=_MAKING[kind].format(*arguments)))
        return f"{name.capitalize()}()"
    return networks.layer_source(description)
