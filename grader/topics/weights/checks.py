"""Checks of topic weights: parameters as pictures, rescaling and tiling."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import torch

from grader.writing import arrays, as_python
from grader.writing.ask import Ask
from grader.writing.check import check
from grader.writing.compare import Tolerance
from grader.writing.reply import Reply
from grader.writing.strategies import st

_SIZES = st.integers(1, 5)
_EXACT = Tolerance(0.0, 1e-5)


def _parameter(units: int, height: int, width: int, seed: int) -> torch.nn.Parameter:
    values = arrays.tensor((units, height * width), seed)
    if seed % 3 == 2:  # a frozen one
        made = f"nn.Parameter({as_python.expression(values)}, requires_grad=False)"
        return as_python.named(torch.nn.Parameter(values, requires_grad=False), made)
    return as_python.named(torch.nn.Parameter(values), f"nn.Parameter({as_python.expression(values)})")


def _square(size: tuple[int, int, int]) -> tuple[int, int, int]:
    return size[0], size[1], size[1]


def _trained(units: int, height: int, width: int, seed: int) -> torch.nn.Parameter:
    """The weight of a layer, as it comes out of training."""
    values = arrays.noise((units, height * width), seed)
    return as_python.named(torch.nn.Parameter(values), f"nn.Parameter({as_python.expression(values)})")


def _same_numbers(value: Any, shape: tuple[int, ...], numbers: np.ndarray) -> bool:
    """Whether it is a picture of that shape made of these numbers, and zeros, in whatever order."""
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if not isinstance(value, np.ndarray) or value.shape != shape or value.dtype.kind not in "fiu":
        return False
    found, given = np.sort(value[value != 0].ravel()), np.sort(numbers[numbers != 0].ravel())
    return found.shape == given.shape and bool(np.allclose(found, given, rtol=1e-4, atol=1e-5))


class TestWeightsToImages:
    exercise = "weights_to_images"

    @check(
        weight=1.5,
        lesson=True,
        smaller={"size": st.tuples(_SIZES, _SIZES, _SIZES).map(_square), "seed": arrays.seeds},
        always=[{"size": (10, 28, 28), "seed": 1}, {"size": (30, 28, 28), "seed": 4}],
    )
    def test_makes_pictures_of_the_lessons_weights(self, ask: Ask, size: tuple[int, int, int], seed: int) -> None:
        """Each row of 784 weights becomes a picture of 28 by 28."""
        weight = _trained(*size, seed)
        sizes = () if size[1:] == (28, 28) else size[1:]
        expected = ask.judged(lambda: weight.detach().numpy().reshape(size))
        ask.function("weights_to_images", weight, *sizes).equals(expected, dtype=False, tolerance=_EXACT)

    @check(
        weight=0.5,
        about="other sizes",
        size=st.tuples(_SIZES, _SIZES, _SIZES),
        seed=arrays.seeds,
        by_name=st.booleans(),
        always=[
            {"size": (2, 2, 3), "seed": 0, "by_name": True},
            {"size": (3, 5, 4), "seed": 1, "by_name": False},
            {"size": (1, 1, 6), "seed": 2, "by_name": True},
            {"size": (10, 28, 28), "seed": 3, "by_name": None},
            {"size": (4, 4, 1), "seed": 4, "by_name": False},
            {"size": (1, 28, 28), "seed": 5, "by_name": None},
            {"size": (13, 2, 3), "seed": 6, "by_name": False},
            {"size": (2, 2, 4), "seed": 8, "by_name": False},
            {"size": (2, 3, 28), "seed": 9, "by_name": "height"},
            {"size": (2, 28, 3), "seed": 10, "by_name": "width"},
        ],
    )
    def test_makes_each_row_a_picture(
        self, ask: Ask, size: tuple[int, int, int], seed: int, by_name: bool | str | None
    ) -> None:
        """Row i of the parameter becomes picture i, line by line."""
        weight = _parameter(*size, seed)
        sizes = dict(zip(("height", "width"), size[1:], strict=True))
        args = () if by_name is None or by_name else sizes.values()
        named = {name: sizes[name] for name in sizes if by_name in (True, name)}
        expected = ask.judged(lambda: weight.detach().numpy().reshape(size))
        later = ask.judged(lambda: arrays.turned_round(weight).numpy().reshape(size))
        reply, again = ask.function_twice("weights_to_images", weight, *args, **named)
        reply.equals(expected, dtype=False, tolerance=_EXACT)
        again.equals(later, dtype=False, tolerance=_EXACT)

    @check(
        weight=1,
        about="sizes that do not fit",
        always=[
            {"rows": rows, "pixels": pixels, "height": height, "width": width}
            for rows, pixels, height, width in [
                (2, 12, 3, 5), (3, 12, 4, 2), (4, 9, 3, 4), (2, 6, 6, 2), (4, 6, 3, 4), (6, 4, 2, 4), (1, 783, 28, 28),
                (2, 18, 3, 3), (3, 4, 2, 3), (9, 4, 3, 3), (12, 6, 9, 8),
            ]
        ],
    )  # fmt: skip
    def test_refuses_sizes_that_do_not_fit(self, ask: Ask, rows: int, pixels: int, height: int, width: int) -> None:
        """A row that is not height * width long is refused; one that is, is a picture."""
        weight = _parameter(rows, 1, pixels, 7)
        at_fault = {"weight": (rows, pixels), "height": height, "width": width}
        ask.refused_function("weights_to_images", at_fault, weight, height=height, width=width)
        fitting = _parameter(rows, height, width, 8)  # a frozen one: detaching is another check's matter
        shape, numbers = (rows, height, width), ask.judged(lambda: fitting.detach().numpy())
        reply = ask.function("weights_to_images", fitting, height=height, width=width)
        reply.answered(lambda value: _same_numbers(value, shape, numbers), f"an array of shape {shape}")


_RANKS = st.one_of(st.tuples(_SIZES, _SIZES, _SIZES), st.tuples(_SIZES, _SIZES), st.tuples(st.integers(2, 7)))


def _spread(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    low, high = values.min(), values.max()
    return np.zeros_like(values) if low == high else (values - low) / (high - low)


def _kind(values: np.ndarray, kind: str) -> np.ndarray:
    made = as_python.operand(values)
    if kind == "positive":
        return as_python.named(np.asarray(values) ** 2 + 3.0, f"{made} ** 2 + 3")
    if kind == "negative":
        return as_python.named(-(np.asarray(values) ** 2) - 2.0, f"-({made} ** 2) - 2")
    if kind == "small":
        return as_python.named((np.asarray(values) / 1000).astype(np.float32), f"({made} / 1000).astype(np.float32)")
    if kind == "unit":
        return as_python.named(np.asarray(values) / 16 + 0.45, f"{made} / 16 + 0.45")
    if kind == "signed":
        return as_python.named((np.asarray(values) * 400).astype(np.int64), f"({made} * 400).astype(np.int64)")
    if kind == "whole":
        return as_python.named((np.asarray(values) * 4 + 60).astype(np.uint8), f"({made} * 4 + 60).astype(np.uint8)")
    return values


class TestRescale:
    exercise = "rescale"

    @check(
        weight=2,
        lesson=True,
        smaller={"shape": st.tuples(_SIZES, st.integers(2, 4), st.integers(2, 4)), "seed": arrays.seeds},
        always=[{"shape": (10, 28, 28), "seed": 1}, {"shape": (30, 28, 28), "seed": 2}],
    )
    def test_spreads_the_lessons_weights(self, ask: Ask, shape: tuple[int, ...], seed: int) -> None:
        """Weights as pictures become numbers from 0 to 1, all with one scale."""
        images = arrays.float_noise(shape, seed)
        expected = ask.judged(lambda: _spread(images))
        _same_picture(ask.function("rescale", images), expected)

    @check(
        weight=1,
        about="other arrays",
        shape=_RANKS.filter(lambda shape: math.prod(shape) > 1),  # a single number is a constant array
        seed=arrays.seeds,
        kind=st.sampled_from(["mixed", "positive", "negative", "small", "unit"]),
        always=[
            {"shape": (2, 2, 3), "seed": 0, "kind": "mixed"},
            {"shape": (3, 4, 5), "seed": 1, "kind": "negative"},
            {"shape": (3, 4, 5), "seed": 2, "kind": "positive"},
            {"shape": (2, 3, 3), "seed": 3, "kind": "small"},
            {"shape": (2, 3, 3), "seed": 4, "kind": "whole"},
            {"shape": (1, 1, 2), "seed": 5, "kind": "mixed"},
            {"shape": (2, 4, 3), "seed": 7, "kind": "unit"},
            {"shape": (2, 2, 3, 2), "seed": 8, "kind": "mixed"},
            {"shape": (2, 3, 3), "seed": 9, "kind": "signed"},
        ],
    )
    def test_spreads_the_whole_array(self, ask: Ask, shape: tuple[int, ...], seed: int, kind: str) -> None:
        """The smallest number of the whole array becomes 0, the largest 1, and all keep their distances."""
        images = _kind(arrays.array(shape, seed), kind)
        expected, later = ask.judged(lambda: (_spread(images), _spread(arrays.turned_round(images))))
        reply, again = ask.function_twice("rescale", images)
        _same_picture(reply, expected)
        _same_picture(again, later)

    @check(
        weight=1,
        about="constant arrays",
        value=st.sampled_from([0.0, 1.0, -2.5, 7.25, 0.1, 255.0]),
        shape=_RANKS,
        share=0.5,
        always=[
            {"value": 0.0, "shape": (2, 2, 2)},
            {"value": 3.0, "shape": (1, 2, 3)},
            {"value": 0.1, "shape": (1, 1, 3)},
            {"value": 0.7, "shape": (2, 3, 5)},
        ],
    )
    def test_turns_a_constant_array_into_zeros(self, ask: Ask, value: float, shape: tuple[int, ...]) -> None:
        """Where all numbers are equal there is nothing to spread: the result is zeros. Where one differs, there is."""
        images = as_python.named(np.full(shape, value), f"np.full({shape}, {value})")
        _same_picture(ask.function("rescale", images), np.zeros(shape))
        other = as_python.named(
            np.linspace(value, value + 2.0, 4).reshape(1, 2, 2),
            f"np.linspace({value}, {value + 2.0}, 4).reshape(1, 2, 2)",
        )
        ask.function("rescale", other).answered(
            lambda found: _spread_out(found, (1, 2, 2)), "an array that is not constant"
        )


def _spread_out(value: Any, shape: tuple[int, ...]) -> bool:
    """Whether it is an array of that shape whose numbers differ."""
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    return isinstance(value, np.ndarray) and value.shape == shape and len(np.unique(value)) > 1


class TestTileImages:
    exercise = "tile_images"

    @check(
        weight=2,
        lesson=True,
        smaller={
            "rows": st.integers(1, 3), "columns": st.integers(1, 3), "side": st.integers(1, 3), "seed": arrays.seeds,
        },
        always=[
            {"rows": 2, "columns": 5, "side": 28, "seed": 1},
            {"rows": 3, "columns": 10, "side": 28, "seed": 2},
        ],
    )  # fmt: skip
    def test_lays_out_the_lessons_pictures(self, ask: Ask, rows: int, columns: int, side: int, seed: int) -> None:
        """Ten pictures in two rows of five, thirty in three rows of ten."""
        images = arrays.float_noise((rows * columns, side, side), seed)
        expected = ask.judged(lambda: _tiled(images, columns))
        _same_picture(ask.function("tile_images", images, columns), expected)

    @check(
        weight=1,
        about="rows that are not full and other sizes",
        size=st.tuples(st.integers(1, 9), st.integers(1, 4), st.integers(1, 4)),
        columns=st.integers(1, 5),
        seed=st.integers(1, 10_000),
        always=[
            {"size": (3, 1, 2), "columns": 2, "seed": 0},
            {"size": (5, 2, 3), "columns": 3, "seed": 1},
            {"size": (2, 3, 2), "columns": 5, "seed": 2},
            {"size": (6, 2, 3), "columns": 3, "seed": 3},
            {"size": (4, 3, 2), "columns": 1, "seed": 4},
            {"size": (1, 2, 3), "columns": 1, "seed": 5},
            {"size": (7, 2, 4), "columns": 4, "seed": 6},
            {"size": (1, 2, 2), "columns": 3, "seed": 7},
            {"size": (9, 3, 3), "columns": 3, "seed": 8},
            {"size": (4, 2, 3), "columns": 2, "seed": 9},
            {"size": (13, 2, 3), "columns": 7, "seed": 10},
            {"size": (20, 1, 2), "columns": 12, "seed": 11},
        ],
    )
    def test_lays_pictures_row_by_row(self, ask: Ask, size: tuple[int, int, int], columns: int, seed: int) -> None:
        """Picture 0 is top left, picture 1 to its right; cells left over are zeros."""
        images = arrays.array(size, seed)
        shifted = (
            images if seed == 0 else as_python.named(np.asarray(images) + 10.0, f"{as_python.operand(images)} + 10")
        )
        if seed % 4 == 3:
            shifted = as_python.named(
                np.asarray(shifted).astype(np.int64), f"({as_python.source_of(shifted)}).astype(np.int64)"
            )
        expected, later = ask.judged(
            lambda: (_tiled(np.asarray(shifted), columns), _tiled(arrays.turned_round(shifted), columns))
        )
        reply, again = ask.function_twice("tile_images", shifted, columns)
        _same_picture(reply, expected)
        _same_picture(again, later)

    @check(weight=1, about="less than one column", always=[{"columns": columns} for columns in (0, -1, -3)])
    def test_refuses_less_than_one_column(self, ask: Ask, columns: int) -> None:
        """There is no picture with less than one column; there is one with one."""
        images = arrays.array((2, 2, 2), 0)
        ask.refused_function("tile_images", {"columns": columns}, images, columns)
        for fewest, shape in ((1, (4, 2)), (2, (2, 4))):
            reply = ask.function("tile_images", images, fewest)
            reply.answered(partial(_same_numbers, shape=shape, numbers=images), f"a picture of shape {shape}")


def _tiled(images: np.ndarray, columns: int) -> np.ndarray:
    count, height, width = images.shape
    rows = -(-count // columns)
    picture = np.zeros((rows * height, columns * width))
    for place, image in enumerate(images):
        top, left = place // columns * height, place % columns * width
        picture[top : top + height, left : left + width] = image
    return picture


def _same_picture(reply: Reply, expected: np.ndarray) -> None:
    """Compares a picture; a tensor is as good as an array."""
    value = reply.value
    if isinstance(value, torch.Tensor) and value.dtype in (torch.float32, torch.float64):
        value = value.detach().numpy()
    type(reply)(value, reply.text).equals(expected, dtype=False, tolerance=_EXACT)
