"""Checks of topic cnn: the forward pass of the lecture's network, and counting parameters."""

from __future__ import annotations

from hypothesis import strategies as st

from grader.checks import arrays
from grader.checks.support import check
from grader.grading import words

_SHAPES = {
    "conv1.weight": (4, 1, 3, 3), "conv1.bias": (4,), "conv2.weight": (8, 4, 3, 3), "conv2.bias": (8,),
    "fc.weight": (10, 392), "fc.bias": (10,),
}  # fmt: skip


def _state(seed: int) -> dict:
    state = arrays.weights(_SHAPES, seed)
    return {name: value / 4 if "conv" in name else value / 16 for name, value in state.items()}


class TestCNNForward:
    exercise = "CNN.forward"

    @check(
        points=3,
        batch=st.sampled_from([1, 2, 3, 5]),
        seed=arrays.seeds,
        share=0.4,
        always=[{"batch": 1, "seed": 1}, {"batch": 3, "seed": 2}, {"batch": 8, "seed": 3}, {"batch": 10, "seed": 4}],
    )
    def test_gives_logits(self, ask, batch, seed):
        """conv1, ReLU, pool, conv2, ReLU, pool, flatten, fc: ten logits for each image."""
        images, state = arrays.tensor((batch, 1, 28, 28), seed), _state(seed)
        text = f"CNN()({words.expression(images)})"
        asked = dict(name="CNN", init={}, state=state, images=images, training=seed % 2 == 0)
        expected = ask.expected("forward", **asked)
        reply = ask("forward", text=text, **asked)
        reply.part("value").equals(expected["value"], judge="the reference's logits, with the same weights")
        second = reply.part("second", f"{text}, then other images of the same shape")
        second.equals(expected["second"], message="The second batch got wrong logits.")
        reply.unchanged([images])
        reply.part("state").equals(expected["state"], message="The call changed the model's weights.")

    @check(points=1, seed=arrays.seeds, share=0.15, always=[{"seed": 5}])
    def test_lets_gradients_through(self, ask, seed):
        """Every parameter of the network receives its gradient."""
        # Noise, since there may be no ties in a window and no exact zeros: their gradients are a matter of taste.
        images, upstream = arrays.noise((2, 1, 28, 28), seed), arrays.tensor((2, 10), seed + 1)
        state = {name: arrays.noise(shape, seed + n) / 4 for n, (name, shape) in enumerate(_SHAPES.items())}
        asked = dict(name="CNN", init={}, state=state, images=images, upstream=upstream)
        expected = ask.expected("forward_gradients", **asked)
        text = f"gradients of CNN()({words.expression(images)})"
        ask("forward_gradients", text=text, **asked).part("gradients").equals(expected["gradients"])


_SIZES = st.integers(1, 5)
_LAYERS = st.one_of(
    st.builds(lambda i, o, b: ["Linear", i, o, {"bias": b}], _SIZES, _SIZES, st.booleans()),
    st.builds(lambda i, o, k: ["Conv2d", i, o, [k, 2]], _SIZES, _SIZES, _SIZES),
    st.builds(lambda g, k: ["Conv2d", 2 * g, 4 * g, k, {"groups": g}], st.integers(2, 3), _SIZES),
    st.builds(lambda c: ["BatchNorm2d", c], _SIZES),
    st.builds(lambda c: ["Shifted", c], _SIZES),
    st.builds(lambda s: ["Tied", s], _SIZES),
    st.builds(lambda s: ["Twice", s], _SIZES),
    st.builds(lambda i, o: ["Frozen", ["Linear", i, o]], _SIZES, _SIZES),
    st.builds(lambda i, o: ["HalfFrozen", i, o], _SIZES, _SIZES),
    st.builds(lambda i, o: ["Group", ["Linear", i, o], ["ReLU"], ["Group", ["Conv2d", i, o, 2]]], _SIZES, _SIZES),
    st.just(["Nested"]),
    st.builds(lambda i, o: ["Headed", i, o], _SIZES, _SIZES),
    st.just(["MaxPool2d", 2]),
    st.builds(lambda n, d: ["Embedding", n, d], _SIZES, _SIZES),
)


class TestCountParameters:
    exercise = "count_parameters"

    @check(
        points=3,
        layers=st.lists(_LAYERS, max_size=4),
        always=[
            {"layers": layers}
            for layers in (
                [["Linear", 2, 3]], [["Conv2d", 3, 4, 2]], [["ReLU"]], [], [["Nested"]], [["Shifted", 4]],
                [["BatchNorm2d", 3]], [["Tied", 3]], [["Twice", 3]], [["Frozen", ["Linear", 2, 3]], ["Linear", 3, 1]],
                [["HalfFrozen", 3, 2]], [["Conv2d", 4, 6, 3, {"groups": 2}]], [["Linear", 3, 2, {"bias": False}]],
                [["Group", ["Group", ["Linear", 2, 2], ["BatchNorm1d", 2]]], ["Linear", 2, 2]],
                [["Linear", 2, 2], ["Linear", 2, 2]], [["Conv2d", 1, 4, 3], ["Conv2d", 4, 8, 3], ["Linear", 392, 10]],
                [["PReLU"]], [["BatchNorm2d", 3], ["BatchNorm2d", 3]], [["Headed", 3, 2]],
            )
        ],
    )  # fmt: skip
    def test_counts_each_trainable_number_once(self, ask, layers):
        """Every trainable number counts, a shared parameter once, a frozen one not at all, a buffer never."""
        text = f"count_parameters of a network of {', '.join(map(_name, layers)) or 'no layers'}"
        network = {"layers": layers, "training": len(layers) % 2 == 1}
        expected = ask.expected("count", network=network)
        reply = ask("count", text=text, network=network)
        reply.part("value").equals(expected["value"])
        reply.must(reply["unchanged"] is True, "The call froze or thawed parameters.", expected="the model as it was")


_KINDS = {
    "Tied": "two nn.Linear({0}, {0}) that share one weight",
    "Twice": "one nn.Linear({0}, {0}) used twice",
    "HalfFrozen": "nn.Linear({0}, {1}) with a frozen weight",
    "Shifted": "a module with one parameter of {0} numbers",
    "Headed": "a module with one parameter of {0} numbers and an nn.Linear({0}, {1})",
    "Nested": "a module with layers in lists and dictionaries",
}


def _name(description: list) -> str:
    name, *arguments = description
    if name == "Group":
        return f"nn.Sequential({', '.join(map(_name, arguments))})"
    if name == "Frozen":
        return f"a frozen {_name(arguments[0])}"
    if name in _KINDS:
        return _KINDS[name].format(*arguments)
    keywords = arguments.pop() if arguments and isinstance(arguments[-1], dict) else {}
    return "nn." + words.call(name, [tuple(a) if isinstance(a, list) else a for a in arguments], keywords)
