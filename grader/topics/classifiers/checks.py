"""Checks of topic classifiers: flattening, and the forward passes of the linear model and the MLP."""

from __future__ import annotations

import math
from typing import Any

import torch

from grader.writing import arrays, as_python
from grader.writing.ask import Ask
from grader.writing.check import check
from grader.writing.compare import Tolerance
from grader.writing.forwards import gradients_match, logits_match
from grader.writing.reply import Reply
from grader.writing.strategies import st

_SIZES = st.integers(1, 5)
_SHAPES = st.one_of(
    st.tuples(_SIZES, _SIZES, _SIZES, _SIZES), st.tuples(_SIZES, _SIZES, _SIZES), st.tuples(_SIZES, _SIZES)
)


@st.composite
def _permuted(draw: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    shape = draw(st.tuples(st.integers(1, 4), st.integers(2, 4), st.integers(2, 4), st.integers(2, 4)))
    order = draw(
        st.sampled_from([(0, 2, 3, 1), (0, 3, 1, 2), (3, 0, 1, 2), (0, 1, 3, 2), (2, 1, 0, 3), (0, 2, 1), (1, 0)])
    )
    return shape[: len(order)], order


class TestFlattenImages:
    exercise = "flatten_images"

    @check(
        weight=1.5,
        lesson=True,
        smaller={"shape": st.tuples(_SIZES, st.just(1), _SIZES, _SIZES), "seed": arrays.seeds},
        always=[{"shape": (64, 1, 28, 28), "seed": 1}, {"shape": (32, 1, 28, 28), "seed": 2}],
    )
    def test_flattens_the_lessons_images(self, ask: Ask, shape: tuple[int, ...], seed: int) -> None:
        """Each image of a batch of MNIST becomes one row of 784 numbers."""
        expected = ask.judged(lambda: _rows(arrays.tensor(shape, seed)))
        self.rows(ask.function("flatten_images", arrays.tensor(shape, seed)), expected)

    @check(
        weight=0.5,
        about="other shapes",
        shape=_SHAPES,
        seed=arrays.seeds,
        always=[
            {"shape": shape, "seed": seed}
            for shape, seed in [
                ((2, 3, 4, 5), 0), ((1, 3, 2, 2), 1), ((1, 1, 28, 28), 2), ((64, 1, 3, 2), 3), ((5, 2), 4), ((4, 1, 2), 5),
                ((3, 1, 1, 1), 6), ((1, 1), 7), ((6, 2, 3, 1, 2), 8), ((3, 3, 3), 9), ((1, 6), 10), ((2, 4, 1, 3), 11),
                ((2, 784), 12), ((65, 2, 2), 13),
            ]
        ],
    )  # fmt: skip
    def test_turns_each_image_into_a_row(self, ask: Ask, shape: tuple[int, ...], seed: int) -> None:
        """Each image becomes one row, whatever its axes; its numbers keep their order, dtype and last digit."""
        images = arrays.tensor(shape, seed)
        if seed % 4 == 1:
            images = as_python.named(images.double() + 0.1, f"{as_python.operand(images)}.double() + 0.1")
        elif seed % 4 == 2:
            images = as_python.named(images.long() + 2**40, f"{as_python.operand(images)}.long() + 2**40")
        expected = ask.judged(lambda: _rows(images))
        if seed % 3:
            self.rows(ask.function("flatten_images", images), expected)
            return
        reply, again = ask.function_twice("flatten_images", images)
        self.rows(reply, expected)
        self.rows(again, ask.judged(lambda: _rows(arrays.turned_round(images))))

    def rows(self, reply: Reply, expected: torch.Tensor) -> None:
        """One row an image, to the last digit."""
        reply.equals(expected, judge="one row an image, row-major", tolerance=Tolerance(0.0, 0.0))

    @check(
        weight=1,
        about="an input whose numbers do not lie in memory in order",
        case=_permuted(),
        seed=arrays.seeds,
        share=0.6,
        always=[
            {"case": ((2, 3, 4, 5), (0, 2, 3, 1)), "seed": 0},
            {"case": ((1, 2, 3, 4), (0, 1, 3, 2)), "seed": 1},
            {"case": ((2, 3, 4), (0, 2, 1)), "seed": 2},
            {"case": ((3, 4), (1, 0)), "seed": 3},
        ],
    )
    def test_takes_a_non_contiguous_input(self, ask: Ask, case: Any, seed: int) -> None:
        """The input may be a permuted view, whose numbers do not lie in memory in order."""
        shape, axes = case
        images = arrays.tensor(shape, seed)
        expected = ask.judged(lambda: _rows(images.permute(*axes)))
        text = f"flatten_images({as_python.operand(images)}.permute{axes})"
        reply = ask("flatten", text=text, images=images, axes=axes)
        reply.part("value").equals(expected, judge="one row an image, row-major")
        reply.unchanged([images])


def _rows(images: torch.Tensor) -> torch.Tensor:
    return images.reshape(images.shape[0], math.prod(images.shape[1:]))


@st.composite
def _models(draw: Any, hidden: bool) -> tuple[dict[str, int], tuple[int, ...]]:
    """The arguments of a model's `__init__` and a shape of images that fits them."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    batch = draw(st.sampled_from([1, 2, 3, 5, 7]))
    init = {"num_pixels": height * width, "num_classes": draw(st.integers(1, 6))}
    if hidden:
        init = {"num_hidden": draw(st.integers(1, 6)), **init}
    shape = draw(st.sampled_from([(batch, 1, height, width), (batch, height, width)]))
    return init, shape


def _shapes(init: dict[str, int]) -> dict[str, tuple[int, ...]]:
    """The shapes of a model's parameters."""
    pixels, classes = init.get("num_pixels", 784), init.get("num_classes", 10)
    if "num_hidden" not in init:
        return {"layer.weight": (classes, pixels), "layer.bias": (classes,)}
    hidden = init["num_hidden"]
    shapes = {"layer1.weight": (hidden, pixels), "layer1.bias": (hidden,)}
    return {**shapes, "layer2.weight": (classes, hidden), "layer2.bias": (classes,)}


def _always(*cases: Any) -> list[dict[str, Any]]:
    return [{"case": case, "seed": seed} for seed, case in enumerate(cases)]


class _Forward:
    """What holds for the forward pass of either model."""

    def logits(self, ask: Ask, name: str, case: Any, seed: int) -> None:
        init, shape = case
        images, weights = arrays.tensor(shape, seed), arrays.weights(_shapes(init), seed)
        made = f"model = {as_python.call(name, (), init)}\n{weights.source}\n"
        text = f"{made}model({as_python.expression(images)})"
        asked = dict(name=name, init=init, state=weights.state, images=images, training=seed % 2 == 0)
        logits_match(ask, text, asked)

    def gradients(self, ask: Ask, name: str, case: Any, seed: int) -> None:
        init, shape = case
        # Noise, since no hidden number may be exactly zero: there, ReLU's gradient is a matter of taste.
        images = arrays.noise(shape, seed)
        weights = arrays.random_weights(_shapes(init), seed)
        upstream = arrays.tensor((shape[0], init.get("num_classes", 10)), seed + 1)
        asked = dict(name=name, init=init, state=weights.state, images=images, upstream=upstream)
        text = arrays.gradient_source(as_python.call(name, (), init), weights, images, upstream)
        gradients_match(ask, text, asked)


def _batches(init: dict[str, int]) -> list[dict[str, Any]]:
    """Batches of MNIST, as the lesson's loop gives them."""
    return [{"case": (init, (64, 1, 28, 28)), "seed": 1}, {"case": (init, (32, 1, 28, 28)), "seed": 2}]


@st.composite
def _small_images(draw: Any, hidden: bool) -> tuple[dict[str, int], tuple[int, ...]]:
    """A small model and images in one channel that fit it."""
    init, (batch, *_, height, width) = draw(_models(hidden=hidden))
    return init, (batch + 1, 1, height, width)


class TestLogisticRegressionForward(_Forward):
    exercise = "LogisticRegression.forward"

    @check(
        weight=1.5,
        lesson=True,
        smaller={"case": _small_images(hidden=False), "seed": arrays.seeds},
        always=_batches({}),
    )
    def test_gives_logits_for_the_lessons_images(self, ask: Ask, case: Any, seed: int) -> None:
        """A batch of MNIST becomes ten logits an image."""
        self.logits(ask, "LogisticRegression", case, seed)

    @check(
        weight=0.5,
        about="other sizes and numbers of images",
        case=_models(hidden=False),
        seed=arrays.seeds,
        always=_always(
            ({"num_pixels": 6, "num_classes": 3}, (1, 1, 2, 3)),
            ({"num_pixels": 6, "num_classes": 3}, (4, 2, 3)),
            ({}, (2, 1, 28, 28)),
            ({"num_pixels": 12, "num_classes": 4}, (4, 1, 3, 4)),
            ({"num_pixels": 4, "num_classes": 2}, (1, 2, 2)),
            ({"num_pixels": 6, "num_classes": 5}, (1, 6, 1)),
            ({"num_pixels": 3, "num_classes": 3}, (3, 1, 3)),
            ({"num_pixels": 6, "num_classes": 12}, (65, 2, 3)),
            ({"num_pixels": 900, "num_classes": 2}, (1, 30, 30)),
            ({"num_pixels": 6, "num_classes": 1}, (3, 1, 2, 3)),
        ),
    )
    def test_gives_logits(self, ask: Ask, case: Any, seed: int) -> None:
        """Images of the right size become logits, one row an image."""
        self.logits(ask, "LogisticRegression", case, seed)

    @check(weight=1, about="gradients", case=_models(hidden=False), seed=arrays.seeds, share=0.4)
    def test_lets_gradients_through(self, ask: Ask, case: Any, seed: int) -> None:
        """Every parameter of the model receives its gradient."""
        self.gradients(ask, "LogisticRegression", case, seed)


class TestMLPForward(_Forward):
    exercise = "MLP.forward"

    @check(
        weight=2,
        lesson=True,
        smaller={"case": _small_images(hidden=True), "seed": arrays.seeds},
        always=_batches({"num_hidden": 30}),
    )
    def test_gives_logits_for_the_lessons_images(self, ask: Ask, case: Any, seed: int) -> None:
        """A batch of MNIST becomes ten logits an image."""
        self.logits(ask, "MLP", case, seed)

    @check(
        weight=1,
        about="other sizes and numbers of images",
        case=_models(hidden=True),
        seed=arrays.seeds,
        always=_always(
            ({"num_hidden": 3, "num_pixels": 6, "num_classes": 4}, (1, 1, 2, 3)),
            ({"num_hidden": 4, "num_pixels": 6, "num_classes": 4}, (4, 2, 3)),
            ({"num_hidden": 30}, (2, 1, 28, 28)),
            ({"num_hidden": 5, "num_pixels": 12, "num_classes": 5}, (5, 1, 3, 4)),
            ({"num_hidden": 6, "num_pixels": 8, "num_classes": 2}, (1, 2, 4)),
            ({"num_hidden": 6, "num_pixels": 6, "num_classes": 5}, (1, 6, 1)),
            ({"num_hidden": 8, "num_pixels": 6, "num_classes": 12}, (65, 2, 3)),
            ({"num_hidden": 300, "num_pixels": 12, "num_classes": 2}, (1, 3, 4)),
            ({"num_hidden": 3, "num_pixels": 6, "num_classes": 1}, (3, 1, 2, 3)),
        ),
    )
    def test_gives_logits(self, ask: Ask, case: Any, seed: int) -> None:
        """A hidden layer with ReLU, then logits, and nothing after them."""
        self.logits(ask, "MLP", case, seed)

    @check(weight=1, about="gradients", case=_models(hidden=True), seed=arrays.seeds, share=0.4)
    def test_lets_gradients_through(self, ask: Ask, case: Any, seed: int) -> None:
        """Every parameter of both layers receives its gradient."""
        self.gradients(ask, "MLP", case, seed)
