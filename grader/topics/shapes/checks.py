"""Checks of topic shapes. PyTorch, running the layer on the CPU, is the judge."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from torch import nn

from grader.topics.shapes.cases import (
    Call,
    conv_calls,
    conv_refusals,
    exceeds_half,
    kernels,
    kernels_below_one,
    lesson_conv_calls,
    lesson_pool_calls,
    networks,
    no_same_padding,
    pool_calls,
    pool_refusals,
    same_padding_calls,
    unfitting_networks,
)
from grader.writing import as_python, compare, pytorch
from grader.writing.ask import Ask
from grader.writing.check import check
from grader.writing.networks import layer_source
from grader.writing.strategies import st

if TYPE_CHECKING:
    from solutions.shapes import IntOrPair, Shape

CONV = "what nn.Conv2d gives"
POOL = "what nn.MaxPool2d gives"


def _call(input_shape: Shape, *args: Any, **kwargs: Any) -> dict[str, Any]:
    return {"call": ((input_shape, *args), kwargs)}


# Where a window is too large, all of these may be said to be at fault, those at their defaults among them.
_WINDOW = ("input_shape", "kernel_size", "padding", "dilation")


def _refused(shape: Shape, arguments: tuple[Any, ...], options: dict[str, Any], *at_fault: str) -> dict[str, Any]:
    values = {"input_shape": shape, "padding": 0, "dilation": 1, **options}
    return {"refusal": (((shape, *arguments), options), {name: values[name] for name in at_fault})}


_SPOILED = [
    ("kernel_size", 0), ("kernel_size", -1), ("kernel_size", (0, 2)), ("kernel_size", (2, 0)), ("kernel_size", (-1, -1)),
    ("kernel_size", (3, -2)), ("stride", 0), ("stride", -1), ("stride", (0, 1)), ("stride", (2, 0)), ("stride", (-1, -1)),
    ("dilation", 0), ("dilation", -1), ("dilation", (0, 2)), ("dilation", (1, 0)), ("dilation", (-1, -1)),
    ("padding", -1), ("padding", (-1, 2)), ("padding", (2, -1)), ("padding", (-1, -1)), ("padding", (0, -1)),
]  # fmt: skip


def _conv_refusals() -> list[dict[str, Any]]:
    spoiled = [_refused((1, 2, 24, 25), (3,), {"kernel_size": 3, name: bad}, name) for name, bad in _SPOILED]
    return [
        *spoiled,
        _refused((1, 1, 4, 9), (2,), {"kernel_size": 5}, *_WINDOW),
        _refused((1, 1, 9, 4), (2,), {"kernel_size": 5}, *_WINDOW),
        _refused((2, 3, 2, 6), (2,), {"kernel_size": (5, 2), "padding": 1}, *_WINDOW),
        _refused((2, 3, 6, 4), (2,), {"kernel_size": (2, 3), "dilation": (1, 2)}, *_WINDOW),
        _refused((1, 1, 1, 1), (1,), {"kernel_size": 2, "stride": 3}, *_WINDOW),
        _refused((1, 2, 3, 9), (2,), {"kernel_size": 7}, *_WINDOW),
        _refused((1, 1, 5, 6), (2,), {"kernel_size": 1, "dilation": 0}, "dilation"),
        _refused((1, 1, 5, 6), (2,), {"kernel_size": 1, "padding": -1}, "padding"),
        _refused((1, 1, 9, 8), (2,), {"kernel_size": 2, "stride": 2, "padding": -1}, "padding"),
        _refused((1, 1, 12, 5), (2,), {"kernel_size": 2, "padding": (1, -1)}, "padding"),
        _refused((1, 1, 24, 25), (2,), {"kernel_size": 2, "padding": -2}, "padding"),
        _refused((1, 1, 24, 25), (2,), {"kernel_size": 2, "stride": -2}, "stride"),
        _refused((1, 1, 24, 25), (2,), {"kernel_size": 2, "dilation": (-2, 1)}, "dilation"),
        _refused((1, 1, 24, 25), (2,), {"kernel_size": (1, -2)}, "kernel_size"),
        _refused((1, 1, 4, 4), (2,), {"kernel_size": 4, "stride": 0}, "stride"),
    ]


def _pool_refusals() -> list[dict[str, Any]]:
    spoiled = [
        _refused(
            (1, 2, 24, 25),
            (),
            {"kernel_size": 4, "stride": 2, **({} if name != "kernel_size" else {"dilation": 1}), name: bad},
            *((name, "padding") if name == "kernel_size" and exceeds_half(0, bad) else (name,)),
        )
        for name, bad in _SPOILED
    ]
    half = ("padding", "kernel_size")
    return [
        *spoiled,
        _refused((1, 1, 9, 8), (), {"kernel_size": (2, 3), "stride": 0}, "stride"),
        *[
            _refused((1, 2, 24, 25), (), {"kernel_size": 4, "stride": 2, name: bad, "ceil_mode": True}, name)
            for name, bad in (("stride", 0), ("stride", (1, -1)), ("dilation", 0), ("padding", -1), ("kernel_size", 0))
        ],
        {"refusal": ((((1, 2, 24, 25), 0), {}), {"kernel_size": 0, "stride": 0})},
        _refused((1, 1, 9, 9), (), {"kernel_size": 3, "padding": 2, "ceil_mode": True}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": (4, 3), "padding": (1, 2), "ceil_mode": True}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": 3, "padding": 2, "dilation": 2, "ceil_mode": True}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": 5, "padding": 3}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": 2, "padding": 3}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": (1, 3), "padding": (1, 1)}, *half),
        _refused((1, 1, 2, 9), (), {"kernel_size": 5, "stride": 3, "ceil_mode": True}, *_WINDOW),
        _refused((1, 1, 24, 25), (), {"kernel_size": 2, "stride": -2}, "stride"),
        _refused((1, 1, 24, 25), (), {"kernel_size": 2, "dilation": (1, -2)}, "dilation"),
        _refused((1, 1, 4, 9), (), {"kernel_size": 5}, *_WINDOW),
        _refused((1, 1, 9, 4), (), {"kernel_size": 5, "stride": 1}, *_WINDOW),
        _refused((1, 1, 4, 9), (), {"kernel_size": 3, "dilation": 2}, *_WINDOW),
        _refused((1, 1, 2, 9), (), {"kernel_size": 5, "stride": 2, "ceil_mode": True}, *_WINDOW),
        _refused((1, 1, 9, 2), (), {"kernel_size": (1, 4), "stride": 1, "ceil_mode": True}, *_WINDOW),
        _refused((1, 1, 3, 3), (), {"kernel_size": 9, "stride": 3, "padding": 1, "ceil_mode": True}, *_WINDOW),
        _refused((1, 1, 9, 9), (), {"kernel_size": 3, "padding": 2}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": (4, 2), "padding": (1, 2)}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": (2, 4), "padding": (2, 1)}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": 3, "padding": 2, "dilation": 2}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": 1, "padding": 1}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": (2, 3), "padding": (0, 2), "dilation": (1, 3)}, *half),
    ]


def _drawn(case: Any, *ranges: tuple[int, int]) -> list[int]:
    """A number of each range for a case: what may be asked beside it is no short list that could be known by heart."""
    bits = hashlib.blake2b(repr(case).encode()).digest()
    return [low + bit % (high + 1 - low) for bit, (low, high) in zip(bits, ranges, strict=False)]


def _is_shape(value: Any, start: tuple[int, ...], most: tuple[int, int]) -> bool:
    """Whether it is a shape that begins like this and whose height and width are not larger than these."""
    if not isinstance(value, tuple) or len(value) != 4 or not all(map(compare.is_whole, value)):
        return False
    return tuple(value[:2]) == start and all(0 <= size <= limit for size, limit in zip(value[2:], most, strict=True))


class TestConv2dParameterShapes:
    exercise = "conv2d_parameter_shapes"

    @check(
        weight=1.5,
        lesson=True,
        smaller={"case": st.tuples(st.integers(1, 4), st.integers(1, 4), st.sampled_from([3, 5, 2]))},
        always=[{"case": case} for case in ((1, 4, 3), (4, 8, 3), (3, 64, 11), (64, 192, 5), (3, 5, 5))],
    )
    def test_matches_the_lessons_layers(self, ask: Ask, case: Any) -> None:
        """The shapes are those of the lesson's convolutions."""
        self.matches(ask, case)

    @check(
        weight=0.5,
        about="kernels that are not square",
        case=kernels(),
        always=[{"case": (3, 5, (2, 4))}, {"case": (2, 7, 3)}, {"case": (4, 1, (5, 1))}, {"case": (1, 6, 1)}],
    )
    def test_matches_pytorch(self, ask: Ask, case: Any) -> None:
        """The shapes are those of nn.Conv2d's weight and bias."""
        self.matches(ask, case)

    def matches(self, ask: Ask, case: Any) -> None:
        expected = ask.judged(lambda: tuple(tuple(parameter.shape) for parameter in nn.Conv2d(*case).parameters()))
        ask.function("conv2d_parameter_shapes", *case).equals(expected, judge="the shapes of nn.Conv2d's parameters")

    @check(
        weight=1,
        about="kernels that PyTorch refuses",
        share=0.5,
        kernel_size=kernels_below_one(),
        always=[{"kernel_size": k} for k in (0, -1, (0, 3), (3, 0), (2, -2), (-2, 2), -3, (-2, -2), (-1, 3))],
    )
    def test_refuses_a_kernel_below_one(self, ask: Ask, kernel_size: IntOrPair) -> None:
        """A kernel without a row or a column is refused; one of a single number is not."""
        ask.refused_function("conv2d_parameter_shapes", {"kernel_size": kernel_size}, 2, 4, kernel_size)
        channels, out, width = _drawn(kernel_size, (2, 9), (2, 9), (2, 9))
        for smallest in (1, (1, width)):
            reply = ask.function("conv2d_parameter_shapes", channels, out, smallest)
            reply.answered(lambda value: _two_shapes(value, out), "a shape of four sizes and one of one")


def _two_shapes(value: Any, out: int) -> bool:
    pair = isinstance(value, tuple) and len(value) == 2 and all(isinstance(shape, tuple) for shape in value)
    return (
        pair and len(value[0]) == 4 and value[1] == (out,) and all(map(compare.is_whole, value[0])) and out in value[0]
    )


def _near_conv(refusal: Any) -> tuple[Any, ...]:
    """A call that is answered, of those that a refusal which goes too far would refuse: some windows fit just once."""
    form, batch, channels, out, side, more = _drawn(refusal, (0, 3), (1, 4), (1, 4), (2, 9), (3, 7), (1, 6))
    return (
        ((batch, channels, side + more, side + 2), out, 3, 1, 1),
        ((batch, channels, side, side + more), out, side),
        ((batch, channels, side + 1, side + more), out, 2, 3, 0, 1),
        ((batch, channels, side + more, side + 1), out, (1, 2), 2, 0, (1, side)),
    )[form]


class TestConv2dOutputShape:
    exercise = "conv2d_output_shape"

    @check(
        weight=3,
        lesson=True,
        smaller={"call": lesson_conv_calls()},
        always=[
            _call((64, 1, 28, 28), 4, kernel_size=3, padding=1),
            _call((64, 4, 14, 14), 8, kernel_size=3, padding=1),
            _call((1, 3, 631, 631), 7, 5),
            _call((1, 3, 224, 224), 64, kernel_size=11, stride=4, padding=2),
            _call((1, 64, 27, 27), 192, kernel_size=5, padding=2),
        ],
    )
    def test_matches_pytorch_for_the_lessons_layers(self, ask: Ask, call: Call) -> None:
        """The shapes along the lesson's CNN, on the photograph, and along AlexNet."""
        self.matches(ask, call)

    @check(
        weight=1,
        about="other sizes and options",
        share=2.5,
        call=conv_calls(),
        always=[
            _call((1, 3, 8, 8), 4, kernel_size=3, padding=1),
            _call((2, 3, 9, 6), 5, (3, 2), stride=(2, 3), padding=(1, 2), dilation=(1, 2)),
            _call((1, 2, 7, 11), 3, 3, 2, 1, 2),
            _call((3, 1, 12, 5), 2, (2, 5), dilation=(3, 1)),
            _call((1, 1, 5, 5), 1, 5),
            _call((2, 4, 10, 7), 6, (4, 1), stride=3),
            _call((1, 2, 3, 3), 2, 2, stride=7, padding=2),
            _call((1, 1, 9, 9), 2, (4, 2)),
            _call((1, 1, 9, 9), 2, 3, stride=(1, 2)),
            _call((1, 1, 9, 9), 2, 2, padding=(0, 2), dilation=(3, 1)),
            _call((1, 3, 117, 90), 64, 11, 4, 2),
            _call((2, 1, 64, 101), 3, (7, 5), (3, 2), (0, 4), (2, 5)),
        ],
    )
    def test_matches_pytorch(self, ask: Ask, call: Call) -> None:
        """The shape is the one that comes out of nn.Conv2d, whatever its options."""
        self.matches(ask, call)

    def matches(self, ask: Ask, call: Call) -> None:
        args, kwargs = call
        expected = ask.judged(lambda: pytorch.conv2d_shape(*args, **kwargs))
        ask.function("conv2d_output_shape", *args, **kwargs).equals(expected, judge=CONV)

    @check(weight=2, about="what PyTorch refuses", share=1.5, refusal=conv_refusals(), always=_conv_refusals())
    def test_refuses_what_pytorch_refuses(self, ask: Ask, refusal: Any) -> None:
        """What PyTorch refuses is a ValueError that names an argument at fault and its value; its neighbour is answered."""
        (args, kwargs), at_fault = refusal
        assert ask.judged(lambda: pytorch.conv2d_shape(*args, **kwargs)) is None
        ask.refused_function("conv2d_output_shape", at_fault, *args, **kwargs)
        near = _near_conv(refusal)
        reply = ask.function("conv2d_output_shape", *near)
        start, most = (near[0][0], near[1]), (near[0][2] + 9, near[0][3] + 9)
        reply.answered(lambda value: _is_shape(value, start, most), f"({start[0]}, {start[1]}, height, width)")


def _near_pool(refusal: Any) -> tuple[tuple[int, ...], dict[str, Any]]:
    """A call that is answered, as for convolutions."""
    form, batch, channels, side, more = _drawn(refusal, (0, 3), (1, 4), (1, 5), (3, 7), (1, 6))
    return (
        ((batch, channels, side + more, side + 2), {"kernel_size": 3, "padding": 1}),
        ((batch, channels, side + 1, side + more), {"kernel_size": side}),
        ((batch, channels, side + 2, side + more), {"kernel_size": 2, "stride": 2, "ceil_mode": True}),
        ((batch, channels, 5, side + more + 2), {"kernel_size": 3, "dilation": 2}),
    )[form]


class TestMaxPool2dOutputShape:
    exercise = "max_pool2d_output_shape"

    @check(
        weight=3,
        lesson=True,
        smaller={"call": lesson_pool_calls()},
        always=[
            _call((64, 4, 28, 28), 2, 2),
            _call((64, 8, 14, 14), kernel_size=2, stride=2),
            _call((1, 64, 55, 55), kernel_size=3, stride=2),
            _call((1, 192, 27, 27), 3, 2),
            _call((1, 256, 13, 13), 3, 2),
        ],
    )
    def test_matches_pytorch_for_the_lessons_layers(self, ask: Ask, call: Call) -> None:
        """The shapes behind the pooling of the lesson's CNN and of AlexNet."""
        self.matches(ask, call)

    @check(
        weight=1,
        about="other sizes and options",
        share=2,
        call=pool_calls(ceil_modes=(False,)),
        always=[
            _call((1, 1, 8, 8), 2),
            _call((2, 3, 7, 9), 3),
            _call((1, 4, 9, 6), (3, 2), stride=2),
            _call((3, 2, 8, 11), 3, (1, 2), (1, 0)),
            _call((1, 2, 10, 9), (2, 3), dilation=(3, 2)),
            _call((2, 1, 5, 5), 3, None, 1),
            _call((2, 5, 6, 10), (2, 5)),
            _call((1, 1, 9, 9), (4, 2), stride=(1, 3)),
            _call((1, 1, 9, 9), 3, 1, (1, 0), (1, 2)),
        ],
    )
    def test_matches_pytorch(self, ask: Ask, call: Call) -> None:
        """The shape is the one that comes out of nn.MaxPool2d, whatever its options."""
        self.matches(ask, call)

    def matches(self, ask: Ask, call: Call) -> None:
        args, kwargs = call
        expected = ask.judged(lambda: pytorch.max_pool2d_shape(*args, **kwargs))
        ask.function("max_pool2d_output_shape", *args, **kwargs).equals(expected, judge=POOL)

    @check(
        weight=1,
        about="ceil mode",
        share=3,
        call=pool_calls(ceil_modes=(True,)),
        always=[
            _call((1, 1, 5, 5), 2, ceil_mode=True),
            _call((1, 1, 4, 7), 2, stride=3, padding=1, ceil_mode=True),
            _call((1, 2, 2, 3), 3, 2, ceil_mode=True),
            _call((1, 1, 6, 3), (3, 2), (4, 3), (1, 1), ceil_mode=True),
            _call((2, 1, 7, 6), 2, 2, 1, (2, 1), True),
            _call((1, 3, 1, 1), 2, 2, 1, ceil_mode=True),
            _call((1, 1, 7, 4), (2, 3), (5, 3), (1, 1), ceil_mode=True),
            _call((1, 1, 8, 8), (3, 2), (2, 3), (1, 0), ceil_mode=True),
            _call((1, 1, 8, 11), 4, 3, ceil_mode=True),
            _call((1, 1, 11, 12), 5, 5, ceil_mode=True),
            _call((1, 1, 9, 9), 2, (3, 4), dilation=(2, 1), ceil_mode=True),
            _call((1, 1, 4, 2), (5, 3), 2, ceil_mode=True),
            _call((1, 1, 4, 5), 2, 3, ceil_mode=True),
            _call((1, 1, 5, 8), 2, 5, ceil_mode=True),
            _call((1, 2, 3, 9), (1, 2), (3, 4), ceil_mode=True),
        ],
    )
    def test_matches_pytorch_in_ceil_mode(self, ask: Ask, call: Call) -> None:
        """In ceil mode a last window may stick out, unless it would start beyond the picture and its left padding."""
        self.matches(ask, call)

    @check(weight=1, about="what PyTorch refuses", share=2, refusal=pool_refusals(), always=_pool_refusals())
    def test_refuses_what_pytorch_refuses(self, ask: Ask, refusal: Any) -> None:
        """What PyTorch refuses is a ValueError that names an argument at fault and its value; its neighbour is answered."""
        (args, kwargs), at_fault = refusal
        assert ask.judged(lambda: pytorch.max_pool2d_shape(*args, **kwargs)) is None
        ask.refused_function("max_pool2d_output_shape", at_fault, *args, **kwargs)
        shape, options = _near_pool(refusal)
        reply = ask.function("max_pool2d_output_shape", shape, **options)
        start, most = shape[:2], (shape[2] - 1, shape[3] + 1)
        reply.answered(lambda value: _is_shape(value, start, most), f"({start[0]}, {start[1]}, height, width)")


class TestSamePadding:
    exercise = "same_padding"

    @check(
        weight=1.5,
        lesson=True,
        smaller={"call": st.sampled_from([1, 3, 5, 7]).map(lambda kernel: ((kernel,), {}))},
        always=[{"call": ((kernel,), {})} for kernel in (3, 5, 1, 11, 7)],
    )
    def test_keeps_the_size_for_the_lessons_kernels(self, ask: Ask, call: Call) -> None:
        """The padding of the lesson's convolutions, whose kernels are square and odd."""
        self.keeps(ask, call)

    @check(
        weight=0.5,
        about="pairs and dilation",
        call=same_padding_calls(),
        always=[
            {"call": ((3,), {})},
            {"call": (((5, 1),), {"dilation": (1, 4)})},
            {"call": (((2, 3),), {"dilation": (2, 3)})},
            {"call": ((1,), {"dilation": 2})},
            {"call": ((2,), {"dilation": 2})},
            {"call": ((4, 2), {})},
        ],
    )
    def test_keeps_height_and_width(self, ask: Ask, call: Call) -> None:
        """A convolution with this padding keeps height and width at stride 1."""
        self.keeps(ask, call)

    def keeps(self, ask: Ask, call: Call) -> None:
        expected = ask.judged(lambda: _padding_that_keeps(*call[0], **call[1]))
        judge = "with it, nn.Conv2d keeps height and width"
        ask.function("same_padding", *call[0], **call[1]).equals(expected, judge=judge)

    @check(
        weight=1,
        about="kernels that no padding fits",
        share=0.5,
        args=no_same_padding(),
        always=[
            {"args": args}
            for args in (
                (2,), (4,), ((3, 2),), ((2, 3),), (4, 1), ((3, 4), (2, 3)), (2, 3), ((2, 5), (1, 2)), (6, (2, 1)), (8, (1, 2)),
                (0,), (-1,), ((3, -1),), (3, 0), (3, (1, 0)), (0, 2), (5, -1), (3, (0, 1)), ((-1, 3),), (1, 0), ((0, 3), 2),
            )
        ],
    )  # fmt: skip
    def test_refuses_where_no_padding_keeps_the_size(self, ask: Ask, args: tuple[Any, ...]) -> None:
        """A window of even span has no middle: no padding keeps the size. A kernel or dilation below 1 is none."""
        at_fault = dict(zip(("kernel_size", "dilation"), (*args, 1), strict=False))
        ask.refused_function("same_padding", at_fault, *args)
        small, more = _drawn(args, (1, 60), (1, 60))
        pairs = []
        for kernel in (2 * small + 1, 2 * (small + more) + 1):
            reply = ask.function("same_padding", kernel)
            reply.answered(_is_pair, "a pair of whole numbers")
            pairs.append(reply.value)
        reply.answered(lambda pair: pair != pairs[0], f"another padding than for a kernel of {2 * small + 1}")


def _padding_that_keeps(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> tuple[int, ...]:
    """The padding with which nn.Conv2d keeps height and width."""
    kernel, spread, size = _pair(kernel_size), _pair(dilation), (1, 1, 24, 25)
    padding = tuple(d * (k - 1) // 2 for k, d in zip(kernel, spread, strict=True))
    assert pytorch.conv2d_shape(size, 1, kernel, 1, padding, spread) == size  # type: ignore[arg-type]
    return padding


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(map(compare.is_whole, value))


_LESSONS_CNN = [
    ["Conv2d", 1, 4, 3, {"padding": 1}], ["ReLU"], ["MaxPool2d", 2, 2], ["Conv2d", 4, 8, 3, {"padding": 1}], ["ReLU"],
    ["MaxPool2d", 2, 2], ["Flatten"], ["Linear", 392, 10],
]  # fmt: skip


def _fitting(unfitting: Any) -> tuple[list[Any], Shape]:
    """A network that fits, for one that does not. Only a ReLU leaves a shape as it is."""
    form, batch, channels, height, width, more = _drawn(unfitting, (0, 2), (1, 3), (1, 3), (2, 6), (3, 7), (1, 5))
    flat, wide = channels * height * width, width + more
    layers: list[Any] = [
        [["Flatten"], ["Linear", flat, flat + more]],
        [["ReLU"], ["Flatten"], ["Linear", flat, flat + more]],
        [["Linear", width, wide], ["ReLU"], ["Linear", wide, wide + 1]],
    ][form]
    return layers, (batch, channels, height, width)


class TestTraceShapes:
    exercise = "trace_shapes"

    @check(
        weight=2.5,
        lesson=True,
        smaller={"network": networks()},
        always=[
            {"network": (_LESSONS_CNN, (64, 1, 28, 28))},
            {"network": ([["Flatten"], ["Linear", 784, 10]], (64, 1, 28, 28))},
            {"network": ([["Flatten"], ["Linear", 784, 30], ["ReLU"], ["Linear", 30, 10]], (32, 1, 28, 28))},
        ],
    )
    def test_follows_the_lessons_networks(self, ask: Ask, network: Any) -> None:
        """The shapes along the lesson's linear model, MLP and CNN."""
        self.follows(ask, network)

    @check(
        weight=1.5,
        about="other networks",
        network=networks(),
        always=[
            {"network": ([], (2, 3, 4, 5))},
            {"network": ([["ReLU"]], (1, 2, 3, 4))},
            {"network": ([["Linear", 5, 7]], (2, 3, 4, 5))},
            {"network": ([["Linear", 4, 2]], (1, 4, 2, 4))},
            {"network": ([["Conv2d", 3, 4, [2, 3], {"stride": [2, 1], "padding": [1, 0]}], ["Flatten"]], (2, 3, 6, 5))},
            {"network": ([["Flatten"], ["Linear", 24, 4], ["ReLU"], ["Flatten"], ["Linear", 4, 2]], (2, 2, 3, 4))},
            {"network": ([["MaxPool2d", 2, {"stride": 2, "ceil_mode": True}], ["Flatten"]], (2, 3, 5, 7))},
            {"network": ([["MaxPool2d", 2, {"stride": 1, "dilation": 2}]], (2, 3, 5, 7))},
            {"network": ([["Conv2d", 1, 2, 2, {"dilation": [2, 3], "bias": False}]], (1, 1, 8, 9))},
            {"network": ([["MaxPool2d", [3, 2], {"padding": [1, 0]}], ["Linear", 3, 3]], (3, 2, 7, 6))},
            {"network": ([["MaxPool2d", 3, {"stride": 2, "ceil_mode": True}]], (1, 2, 6, 8))},
            {"network": ([["Flatten"], ["Flatten"]], (2, 1, 2, 2))},
            {
                "network": (
                    [["Flatten"], ["Linear", 8, 2, {"bias": False}], ["ReLU", {"inplace": True}]],
                    (1, 2, 2, 2),
                )
            },
        ],
    )
    def test_matches_pytorch(self, ask: Ask, network: Any) -> None:
        """The shapes are those that PyTorch's layers give, one after the other."""
        self.follows(ask, network)

    def follows(self, ask: Ask, network: Any) -> None:
        layers, input_shape = network
        expected = ask.judged(lambda: _trace(layers, input_shape))
        text = _trace_text(layers, input_shape)
        reply = ask("trace", text=text, layers=layers, input_shape=input_shape)
        reply.part("value").equals(expected, judge="what PyTorch's layers give")
        kinds = [description[0] for description in layers]
        reply.must(reply["layers"] == kinds, "The call changed the list of layers.", expected=str(kinds))
        longer = reply.part("longer", _longer_text(layers, input_shape))
        longer.equals([*expected, expected[-1]], judge="what PyTorch's layers give")

    @check(
        weight=1,
        about="networks that do not fit",
        network=unfitting_networks(),
        always=[
            {"network": ([["Conv2d", 2, 4, 3], ["ReLU"]], (1, 3, 8, 8), 0, "Conv2d")},
            {"network": ([["ReLU"], ["Flatten"], ["Linear", 49, 4]], (1, 1, 7, 8), 2, "Linear")},
            {"network": ([["Flatten"], ["Conv2d", 8, 2, 1], ["Linear", 3, 3]], (1, 2, 2, 2), 1, "Conv2d")},
            {"network": ([["Conv2d", 1, 2, 3], ["MaxPool2d", 3]], (1, 1, 4, 5), 1, "MaxPool2d")},
            {"network": ([["ReLU"], ["Linear", 4, 2], ["Linear", 4, 2]], (2, 3, 5, 4), 2, "Linear")},
            {"network": ([["ReLU"], ["Conv2d", 2, 2, [3, 2]]], (1, 2, 2, 5), 1, "Conv2d")},
            {"network": ([["Flatten"], ["ReLU"], ["MaxPool2d", 1]], (2, 2, 2, 2), 2, "MaxPool2d")},
            {"network": ([["ReLU"], ["MaxPool2d", 2, {"padding": 2}]], (2, 2, 6, 6), 1, "MaxPool2d")},
            {"network": ([["Flatten"], ["Linear", 16, 3], ["Linear", 8, 3]], (2, 2, 2, 2), 1, "Linear")},
            {"network": ([["Linear", 4, 3], ["ReLU"], ["Again", 0]], (2, 2, 2, 4), 2, "Linear")},
            {"network": ([["ReLU"], ["Linear", 24, 3]], (1, 2, 3, 4), 1, "Linear")},
            {"network": ([["Conv2d", 2, 3, 1], ["Linear", 60, 3]], (2, 2, 4, 5), 1, "Linear")},
            {"network": ([["ReLU"], ["Conv2d", 1, 2, [1, 6]]], (1, 1, 5, 5), 1, "Conv2d")},
            {"network": ([["ReLU"], ["MaxPool2d", 3, {"dilation": 3}]], (1, 1, 6, 6), 1, "MaxPool2d")},
        ],
    )
    def test_names_the_layer_that_does_not_fit(self, ask: Ask, network: Any) -> None:
        """The ValueError names the index and the class of the first layer that does not fit."""
        layers, input_shape, index, name = network
        text = _trace_text(layers, input_shape)
        said = ask.refusal_text("trace", text=text, layers=layers, input_shape=input_shape)
        named = name in said and str(index) in _numbers(said)
        ask.say(named, f"The ValueError must name the layer: its index {index} and its class {name}.", text, said)
        fitting, shape = _fitting(network)
        reply = ask("trace", text=_trace_text(fitting, shape), layers=fitting, input_shape=shape)
        reply.part("value").answered(lambda value: _is_trace(value, fitting, shape), "the shapes along the network")


def _is_trace(value: Any, layers: list[Any], input_shape: Shape) -> bool:
    """Whether it is a list of shapes that begins with the input's and is not the same all along."""
    whole = isinstance(value, list) and len(value) == len(layers) + 1 and all(isinstance(one, tuple) for one in value)
    return whole and value[0] == input_shape and len(set(map(as_python.shown, value))) > 1


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def _numbers(text: str) -> list[str]:
    import re

    return re.findall(r"\d+", text)


def _trace(layers: list[Any], input_shape: Shape) -> list[Any]:
    shapes: list[Any] = [input_shape]
    for description in layers:
        shapes.append(pytorch.shape_after(description, shapes[-1]))
    return shapes


def _longer_text(layers: list[Any], input_shape: Shape) -> str:
    """The same network with a ReLU more, in the same list."""
    *made, call = _trace_text(layers, input_shape).split("\n")
    listed = call.removeprefix("trace_shapes(").rpartition(f", {input_shape}")[0]
    again = as_python.call("trace_shapes", [as_python.Source("layers"), input_shape])
    return "\n".join([*made, f"layers = {listed}", again, "layers.append(nn.ReLU())", again])


def _trace_text(layers: list[Any], input_shape: Shape) -> str:
    again = [description[1] for description in layers if description[0] == "Again"]
    fresh = ", ".join(layer_source(description) for description in layers if description[0] != "Again")
    if not again:
        return as_python.call("trace_shapes", [as_python.Source(f"[{fresh}]"), input_shape])
    more = "".join(f" + [layers[{place}]]" for place in again)
    return f"layers = [{fresh}]\n" + as_python.call("trace_shapes", [as_python.Source(f"layers{more}"), input_shape])
