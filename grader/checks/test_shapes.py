"""Checks of topic shapes. PyTorch, running the layer on the CPU, is the judge."""

from __future__ import annotations

from typing import Any

from torch import nn

from grader.checks import pytorch
from grader.checks.networks import layer_source
from grader.checks.shape_cases import (
    conv_calls,
    conv_refusals,
    kernels,
    networks,
    pool_calls,
    pool_refusals,
    same_padding_calls,
    unfitting_networks,
)
from grader.checks.support import check
from grader.grading import words

CONV = "what nn.Conv2d gives"
POOL = "what nn.MaxPool2d gives"


def _call(input_shape: tuple, *args: Any, **kwargs: Any) -> dict[str, Any]:
    return {"call": ((input_shape, *args), kwargs)}


def _refused(shape: tuple, arguments: tuple, options: dict[str, Any], *at_fault: str) -> dict[str, Any]:
    values = {"input_shape": shape, **options}
    return {"refusal": (((shape, *arguments), options), {name: values[name] for name in at_fault})}


_SPOILED = [
    ("kernel_size", 0), ("kernel_size", -1), ("kernel_size", (0, 2)), ("kernel_size", (2, 0)), ("kernel_size", (-1, -1)),
    ("kernel_size", (3, -2)), ("stride", 0), ("stride", -1), ("stride", (0, 1)), ("stride", (2, 0)), ("stride", (-1, -1)),
    ("dilation", 0), ("dilation", -1), ("dilation", (0, 2)), ("dilation", (1, 0)), ("dilation", (-1, -1)),
    ("padding", -1), ("padding", (-1, 2)), ("padding", (2, -1)), ("padding", (-1, -1)), ("padding", (0, -1)),
]  # fmt: skip


def _conv_refusals() -> list[dict[str, Any]]:
    spoiled = [_refused((1, 2, 24, 25), (3,), {"kernel_size": 3, name: bad}, name) for name, bad in _SPOILED]
    window = ("input_shape", "kernel_size")
    return [
        *spoiled,
        _refused((1, 1, 4, 9), (2,), {"kernel_size": 5}, *window),
        _refused((1, 1, 9, 4), (2,), {"kernel_size": 5}, *window),
        _refused((2, 3, 2, 6), (2,), {"kernel_size": (5, 2), "padding": 1}, *window, "padding"),
        _refused((2, 3, 6, 4), (2,), {"kernel_size": (2, 3), "dilation": (1, 2)}, *window, "dilation"),
        _refused((1, 1, 1, 1), (1,), {"kernel_size": 2, "stride": 3}, *window),
        _refused((1, 2, 3, 9), (2,), {"kernel_size": 7}, *window),
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
            name,
        )
        for name, bad in _SPOILED
    ]
    window, half = ("input_shape", "kernel_size"), ("padding", "kernel_size")
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
        _refused((1, 1, 2, 9), (), {"kernel_size": 5, "stride": 3, "ceil_mode": True}, *window),
        _refused((1, 1, 24, 25), (), {"kernel_size": 2, "stride": -2}, "stride"),
        _refused((1, 1, 24, 25), (), {"kernel_size": 2, "dilation": (1, -2)}, "dilation"),
        _refused((1, 1, 4, 9), (), {"kernel_size": 5}, *window),
        _refused((1, 1, 9, 4), (), {"kernel_size": 5, "stride": 1}, *window),
        _refused((1, 1, 4, 9), (), {"kernel_size": 3, "dilation": 2}, *window, "dilation"),
        _refused((1, 1, 2, 9), (), {"kernel_size": 5, "stride": 2, "ceil_mode": True}, *window),
        _refused((1, 1, 9, 2), (), {"kernel_size": (1, 4), "stride": 1, "ceil_mode": True}, *window),
        _refused(
            (1, 1, 3, 3), (), {"kernel_size": 9, "stride": 3, "padding": 1, "ceil_mode": True}, *window, "padding"
        ),
        _refused((1, 1, 9, 9), (), {"kernel_size": 3, "padding": 2}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": (4, 2), "padding": (1, 2)}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": (2, 4), "padding": (2, 1)}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": 3, "padding": 2, "dilation": 2}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": 1, "padding": 1}, *half),
        _refused((1, 1, 9, 9), (), {"kernel_size": (2, 3), "padding": (0, 2), "dilation": (1, 3)}, *half),
    ]


class TestConv2dParameterShapes:
    exercise = "conv2d_parameter_shapes"

    @check(
        points=2,
        case=kernels(),
        always=[{"case": (3, 5, (2, 4))}, {"case": (2, 7, 3)}, {"case": (4, 1, (5, 1))}, {"case": (1, 6, 1)}],
    )
    def test_matches_pytorch(self, ask, case):
        """The shapes are those of nn.Conv2d's weight and bias."""
        in_channels, out_channels, kernel_size = case
        layer = nn.Conv2d(in_channels, out_channels, kernel_size)
        expected = (tuple(layer.weight.shape), tuple(layer.bias.shape))
        ask.function("conv2d_parameter_shapes", *case).equals(expected, judge="the shapes of nn.Conv2d's parameters")

    @check(
        points=1,
        always=[{"kernel_size": k} for k in (0, -1, (0, 3), (3, 0), (2, -2), (-2, 2), -3, (-2, -2), (-1, 3))],
    )
    def test_refuses_a_kernel_below_one(self, ask, kernel_size):
        """A kernel without a row or a column is refused."""
        ask.refused_function("conv2d_parameter_shapes", {"kernel_size": kernel_size}, 2, 4, kernel_size)


class TestConv2dOutputShape:
    exercise = "conv2d_output_shape"

    @check(
        points=3,
        share=2,
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
        ],
    )
    def test_matches_pytorch(self, ask, call):
        """The shape is the one that comes out of nn.Conv2d."""
        args, kwargs = call
        expected = ask.judged(lambda: pytorch.conv2d_shape(*args, **kwargs))
        ask.function("conv2d_output_shape", *args, **kwargs).equals(expected, judge=CONV)

    @check(points=1, call=conv_calls(largest=120), share=0.5, always=[_call((1, 3, 224, 224), 64, 11, 4, 2)])
    def test_matches_pytorch_for_large_pictures(self, ask, call):
        """The same for pictures of an ordinary size."""
        args, kwargs = call
        expected = ask.judged(lambda: pytorch.conv2d_shape(*args, **kwargs))
        ask.function("conv2d_output_shape", *args, **kwargs).equals(expected, judge=CONV)

    @check(points=2, share=1.5, refusal=conv_refusals(), always=_conv_refusals())
    def test_refuses_what_pytorch_refuses(self, ask, refusal):
        """What PyTorch refuses is a ValueError that names an argument at fault and its value."""
        (args, kwargs), at_fault = refusal
        assert ask.judged(lambda: pytorch.conv2d_shape(*args, **kwargs)) is None
        ask.refused_function("conv2d_output_shape", at_fault, *args, **kwargs)


class TestMaxPool2dOutputShape:
    exercise = "max_pool2d_output_shape"

    @check(
        points=2,
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
    def test_matches_pytorch(self, ask, call):
        """The shape is the one that comes out of nn.MaxPool2d."""
        args, kwargs = call
        expected = ask.judged(lambda: pytorch.max_pool2d_shape(*args, **kwargs))
        ask.function("max_pool2d_output_shape", *args, **kwargs).equals(expected, judge=POOL)

    @check(
        points=2,
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
        ],
    )
    def test_matches_pytorch_in_ceil_mode(self, ask, call):
        """In ceil mode a last window may stick out, unless it would start beyond the picture and its left padding."""
        args, kwargs = call
        expected = ask.judged(lambda: pytorch.max_pool2d_shape(*args, **kwargs))
        ask.function("max_pool2d_output_shape", *args, **kwargs).equals(expected, judge=POOL)

    @check(points=2, share=2, refusal=pool_refusals(), always=_pool_refusals())
    def test_refuses_what_pytorch_refuses(self, ask, refusal):
        """What PyTorch refuses is a ValueError that names an argument at fault and its value."""
        (args, kwargs), at_fault = refusal
        assert ask.judged(lambda: pytorch.max_pool2d_shape(*args, **kwargs)) is None
        ask.refused_function("max_pool2d_output_shape", at_fault, *args, **kwargs)


class TestSamePadding:
    exercise = "same_padding"

    @check(
        points=2,
        call=same_padding_calls(),
        always=[
            {"call": ((3,), {})},
            {"call": (((5, 1),), {"dilation": (1, 4)})},
            {"call": (((2, 3),), {"dilation": (2, 3)})},
            {"call": ((1,), {"dilation": 2})},
            {"call": ((4, 2), {})},
        ],
    )
    def test_keeps_height_and_width(self, ask, call):
        """A convolution with this padding keeps height and width at stride 1."""
        (kernel_size, *rest), kwargs = call
        dilation = rest[0] if rest else kwargs.get("dilation", 1)
        kernel, spread = _pair(kernel_size), _pair(dilation)
        expected = tuple(d * (k - 1) // 2 for k, d in zip(kernel, spread, strict=True))
        size = (1, 1, 24, 25)
        kept = ask.judged(lambda: pytorch.conv2d_shape(size, 1, kernel, 1, expected, spread))
        assert kept == size
        judge = "with it, nn.Conv2d keeps height and width"
        ask.function("same_padding", *call[0], **kwargs).equals(expected, judge=judge)

    @check(
        points=1,
        always=[
            {"args": args}
            for args in (
                (2,), (4,), ((3, 2),), ((2, 3),), (4, 1), ((3, 4), (2, 3)), (2, 3), ((2, 5), (1, 2)), (6, (2, 1)), (8, (1, 2)),
                (0,), (-1,), ((3, -1),), (3, 0), (3, (1, 0)), (0, 2), (5, -1), (3, (0, 1)), ((-1, 3),), (1, 0), ((0, 3), 2),
            )
        ],
    )  # fmt: skip
    def test_refuses_where_no_padding_keeps_the_size(self, ask, args):
        """A window of even span has no middle: no padding keeps the size. A kernel or dilation below 1 is none."""
        at_fault = dict(zip(("kernel_size", "dilation"), (*args, 1), strict=False))
        ask.refused_function("same_padding", at_fault, *args)


class TestTraceShapes:
    exercise = "trace_shapes"

    @check(
        points=3,
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
    def test_matches_pytorch(self, ask, network):
        """The shapes are those that PyTorch's layers give, one after the other."""
        layers, input_shape = network
        expected = ask.judged(lambda: _trace(layers, input_shape))
        text = _trace_text(layers, input_shape)
        reply = ask("trace", text=text, layers=layers, input_shape=input_shape)
        reply.part("value").equals(expected, judge="what PyTorch's layers give")
        kinds = [description[0] for description in layers]
        reply.must(reply["layers"] == kinds, "The call changed the list of layers.", expected=str(kinds))

    @check(
        points=2,
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
    def test_names_the_layer_that_does_not_fit(self, ask, network):
        """The ValueError names the index and the class of the first layer that does not fit."""
        layers, input_shape, index, name = network
        text = _trace_text(layers, input_shape)
        said = ask.refusal_text("trace", text=text, layers=layers, input_shape=input_shape)
        named = name in said and str(index) in _numbers(said)
        ask.say(named, f"The ValueError must name the layer: its index {index} and its class {name}.", text, said)


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def _numbers(text: str) -> list[str]:
    import re

    return re.findall(r"\d+", text)


def _trace(layers: list, input_shape: tuple) -> list:
    from grader.sandbox import builders

    shapes = [input_shape]
    for description in layers:
        shapes.append(pytorch.shape_of(lambda: builders.layer(description), shapes[-1]))  # noqa: B023
    return shapes


def _trace_text(layers: list, input_shape: tuple) -> str:
    again = [description[1] for description in layers if description[0] == "Again"]
    fresh = ", ".join(layer_source(description) for description in layers if description[0] != "Again")
    if not again:
        return words.call("trace_shapes", [words.Source(f"[{fresh}]"), input_shape])
    more = "".join(f" + [layers[{place}]]" for place in again)
    return f"layers = [{fresh}]\n" + words.call("trace_shapes", [words.Source(f"layers{more}"), input_shape])
