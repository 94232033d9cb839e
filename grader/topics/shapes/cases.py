"""Cases for topic shapes: layers and pictures on which wrong arithmetic shows.

Height and width differ, pairs differ in themselves, strides leave remainders, dilation exceeds 1; sizes start from the
window, so that tight fits are common. Everything shrinks towards small whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.writing.strategies import st

if TYPE_CHECKING:
    from solutions.shapes import Shape

Call = tuple[tuple[Any, ...], dict[str, Any]]


def int_or_pair(low: int, high: int) -> st.SearchStrategy[Any]:
    """An int, or, more often, a pair of ints."""
    one = st.integers(low, high)
    return st.one_of(one, st.tuples(one, one), st.tuples(one, one))


def kernels() -> st.SearchStrategy[Any]:
    """(in_channels, out_channels, kernel_size)."""
    return st.tuples(st.integers(1, 9), st.integers(1, 9), int_or_pair(1, 7))


def kernels_below_one() -> st.SearchStrategy[Any]:
    """Kernels that have no row or no column."""
    none, some = st.integers(-9, 0), st.integers(-9, 9)
    return st.one_of(none, st.tuples(none, some), st.tuples(some, none))


def no_same_padding() -> st.SearchStrategy[tuple[Any, ...]]:
    """Arguments of same_padding that no padding fits: of kernel and dilation one axis spans an even number, or none at all."""
    odd, even = st.sampled_from([1, 3, 5, 7, 9]), st.sampled_from([2, 4, 6, 8, 10, 12])
    none = st.integers(-9, 0)
    return st.one_of(
        st.tuples(even), st.tuples(even, odd), st.tuples(st.tuples(even, odd), odd), st.tuples(st.tuples(odd, even)),
        st.tuples(none), st.tuples(odd, none),
    )  # fmt: skip


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


@st.composite
def _call(
    draw: st.DrawFn, shape: Shape, positional: tuple[Any, ...], options: dict[str, Any], defaults: dict[str, Any]
) -> Call:
    """A call that leaves out some options at their defaults and gives the first of the others by position, or all by name."""
    by_position = draw(st.integers(0, len(options)))
    args, kwargs = [shape, *positional], {}
    for place, (name, value) in enumerate(options.items()):
        if place < by_position:
            args.append(value)
        elif name not in defaults or value != defaults[name] or draw(st.booleans()):
            kwargs[name] = value
    return tuple(args), kwargs


@st.composite
def conv_calls(draw: st.DrawFn) -> Call:
    """Calls of conv2d_output_shape that PyTorch accepts; inputs exceed the window by up to 8."""
    kernel, dilation = draw(int_or_pair(1, 5)), draw(int_or_pair(1, 3))
    stride, padding = draw(int_or_pair(1, 4)), draw(int_or_pair(0, 3))
    size = []
    for k, d, p in zip(_pair(kernel), _pair(dilation), _pair(padding), strict=True):
        span = d * (k - 1) + 1
        size.append(max(1, span - 2 * p + draw(st.integers(0, 8))))
    batch, channels = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    options = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    shape = (batch, channels, *size)
    return draw(_call(shape, (draw(st.integers(1, 6)),), options, {"stride": 1, "padding": 0, "dilation": 1}))


@st.composite
def lesson_conv_calls(draw: st.DrawFn) -> Call:
    """Small calls of conv2d_output_shape as the lesson has them: square pictures and kernels, strides of any size."""
    kernel, padding, stride = draw(st.integers(1, 5)), draw(st.integers(0, 2)), draw(st.integers(1, 4))
    side = max(1, kernel - 2 * padding + draw(st.integers(0, 8)))
    options = {"kernel_size": kernel, "stride": stride, "padding": padding}
    shape = (1, draw(st.integers(1, 3)), side, side)
    return draw(_call(shape, (draw(st.integers(1, 4)),), options, {"stride": 1, "padding": 0}))


@st.composite
def lesson_pool_calls(draw: st.DrawFn) -> Call:
    """Small calls of max_pool2d_output_shape as the lesson has them: square, with a stride."""
    kernel, stride = draw(st.integers(2, 3)), draw(st.integers(1, 2))
    side = kernel + draw(st.integers(0, 8))
    shape = (1, draw(st.integers(1, 3)), side, side)
    return draw(_call(shape, (), {"kernel_size": kernel, "stride": stride}, {}))


def _spoiled(draw: st.DrawFn, value: Any, bad: int) -> Any:
    """The value with one part, or all of it, replaced by a bad one."""
    height, width = _pair(value)
    return draw(st.sampled_from([bad, (bad, width), (height, bad)]))


@st.composite
def conv_refusals(draw: st.DrawFn) -> tuple[Call, dict[str, Any]]:
    """Calls of conv2d_output_shape that PyTorch refuses, with the arguments at fault."""
    (shape, out_channels, *rest), kwargs = draw(conv_calls())
    options = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1, **kwargs}
    options |= dict(zip(("kernel_size", "stride", "padding", "dilation"), rest, strict=False))
    fault = draw(st.sampled_from(["kernel_size", "stride", "dilation", "padding", "window", "window"]))
    if fault == "window":
        shape, options["padding"] = _too_small(draw, shape, options)
        at_fault = {"input_shape": shape, **{k: options[k] for k in ("kernel_size", "padding", "dilation")}}
    else:
        bad = -1 if fault == "padding" else draw(st.sampled_from([0, 0, -1]))
        options[fault] = _spoiled(draw, options[fault], bad)
        at_fault = {fault: options[fault]}
        if fault == "padding":  # an input that is large enough even so, lest the window be at fault too
            shape = (*shape[:2], shape[2] + 20, shape[3] + 20)
    return draw(_call(shape, (out_channels,), options, {"stride": 1, "padding": 0, "dilation": 1})), at_fault


def _too_small(draw: st.DrawFn, shape: Shape, options: dict[str, Any]) -> tuple[Shape, Any]:
    """A shape whose height or width, padded, falls short of the window, mostly by one; and the padding to go with it."""
    spans = [d * (k - 1) + 1 for k, d in zip(_pair(options["kernel_size"]), _pair(options["dilation"]), strict=True)]
    padding = _pair(options["padding"])
    if max(spans) == 1:
        options["kernel_size"], spans = 4, [3 * d + 1 for d in _pair(options["dilation"])]
    axis = draw(st.sampled_from([a for a in (0, 1) if spans[a] > 1]))
    room = min(padding[axis], (spans[axis] - 2) // 2)
    padding = (room, padding[1]) if axis == 0 else (padding[0], room)
    short = draw(st.sampled_from([1, 1, 2, 4]))
    size = list(shape[2:])
    size[axis] = max(1, spans[axis] - 2 * room - short)
    other = 1 - axis
    size[other] = max(size[other], spans[other])
    return (*shape[:2], *size), (padding if draw(st.booleans()) or padding[0] != padding[1] else padding[0])


@st.composite
def _pools(draw: st.DrawFn, ceil_mode: bool) -> tuple[Shape, dict[str, Any]]:
    """An input shape and the options of a pooling that PyTorch accepts."""
    kernel, dilation = draw(int_or_pair(1, 5)), draw(st.one_of(st.just(1), int_or_pair(1, 3)))
    stride = draw(st.one_of(st.none(), int_or_pair(1, 5), int_or_pair(1, 5)))
    halves = [k // 2 for k in _pair(kernel)]
    padding: Any = tuple(draw(st.integers(0, half)) for half in halves)
    if padding[0] == padding[1] and draw(st.booleans()):
        padding = padding[0]
    size = []
    for k, d, p in zip(_pair(kernel), _pair(dilation), _pair(padding), strict=True):
        size.append(max(1, d * (k - 1) + 1 - 2 * p + draw(st.integers(0, 9))))
    shape = (draw(st.integers(1, 4)), draw(st.integers(1, 5)), *size)
    return shape, {
        "kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode,
    }  # fmt: skip


_POOL_DEFAULTS = {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False}


@st.composite
def pool_calls(draw: st.DrawFn, ceil_modes: tuple[bool, ...]) -> Call:
    """Calls of max_pool2d_output_shape that PyTorch accepts."""
    shape, options = draw(_pools(draw(st.sampled_from(ceil_modes))))
    return draw(_call(shape, (), options, _POOL_DEFAULTS))


def exceeds_half(padding: int, kernel_size: Any) -> bool:
    """Whether this padding is more than half of the kernel, on some axis: none at all is, where a kernel is below zero."""
    return any(padding > k // 2 for k in _pair(kernel_size))


@st.composite
def pool_refusals(draw: st.DrawFn) -> tuple[Call, dict[str, Any]]:
    """Calls of max_pool2d_output_shape that PyTorch refuses, with the arguments at fault."""
    shape, options = draw(_pools(draw(st.booleans())))
    fault = draw(st.sampled_from(["kernel_size", "stride", "dilation", "padding", "half", "half", "window", "window"]))
    roomy = (*shape[:2], shape[2] + 24, shape[3] + 24)
    if fault == "window":
        options["ceil_mode"] = False
        shape, options["padding"] = _too_small(draw, shape, options)
        halves = [k // 2 for k in _pair(options["kernel_size"])]
        padding = tuple(min(p, half) for p, half in zip(_pair(options["padding"]), halves, strict=True))
        options["padding"] = padding
        at_fault = {"input_shape": shape, **{k: options[k] for k in ("kernel_size", "padding", "dilation")}}
    elif fault == "half":
        shape = roomy
        axis, more = draw(st.sampled_from([0, 1])), draw(st.sampled_from([1, 1, 2]))
        both = list(_pair(options["padding"]))
        both[axis] = _pair(options["kernel_size"])[axis] // 2 + more
        options["padding"] = tuple(both)
        if draw(st.booleans()):
            options["dilation"] = draw(st.integers(2, 3))
        at_fault = {"padding": options["padding"], "kernel_size": options["kernel_size"]}
    else:
        shape = roomy
        bad = -1 if fault == "padding" else draw(st.sampled_from([0, 0, -1]))
        options[fault] = _spoiled(draw, options[fault] or 1, bad)
        if fault == "kernel_size":
            options["padding"] = 0
        at_fault = {fault: options[fault]}
        if fault == "kernel_size" and exceeds_half(0, options["kernel_size"]):
            at_fault["padding"] = 0
        if fault == "kernel_size" and options["stride"] is None:
            options["stride"] = 1
    return draw(_call(shape, (), options, _POOL_DEFAULTS)), at_fault


@st.composite
def same_padding_calls(draw: st.DrawFn) -> Call:
    """Calls of same_padding for which there is one."""
    kernel, dilation = draw(int_or_pair(1, 7)), draw(int_or_pair(1, 3))
    if any(d * (k - 1) % 2 for k, d in zip(_pair(kernel), _pair(dilation), strict=True)):
        kernel = kernel * 2 - 1 if isinstance(kernel, int) else (kernel[0] * 2 - 1, kernel[1] * 2 - 1)
        kernel = min(kernel, 7) if isinstance(kernel, int) else tuple(min(k, 7) for k in kernel)
    if dilation == 1 and draw(st.booleans()):
        return (kernel,), {}
    return ((kernel, dilation), {}) if draw(st.booleans()) else ((kernel,), {"dilation": dilation})


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@st.composite
def _grown(draw: st.DrawFn, shape: Shape) -> tuple[list[Any], Shape] | None:
    """A layer that fits the shape, and the shape that comes out of it."""
    from grader.writing import pytorch

    kinds = ["ReLU", "Linear", "Flatten"]
    if len(shape) == 4:
        kinds += ["Conv2d", "Conv2d", "MaxPool2d", "MaxPool2d"]
    name = draw(st.sampled_from(kinds))
    if name == "Linear":
        layer = ["Linear", shape[-1], draw(st.integers(1, 6))]
    elif name == "Conv2d":
        options = {"stride": _listed(draw(int_or_pair(1, 3))), "padding": _listed(draw(int_or_pair(0, 2)))}
        options |= {"dilation": _listed(draw(int_or_pair(1, 2))), "bias": draw(st.booleans())}
        layer = ["Conv2d", shape[1], draw(st.integers(1, 5)), _listed(draw(int_or_pair(1, 3))), options]
    elif name == "MaxPool2d":
        options = {"ceil_mode": draw(st.booleans()), "dilation": draw(st.integers(1, 2))}
        if draw(st.booleans()):
            options["stride"] = _listed(draw(int_or_pair(1, 3)))
        if draw(st.booleans()):
            options["padding"] = 1
        layer = ["MaxPool2d", _listed(draw(int_or_pair(2, 3))), options]
    else:
        layer = [name]
    result = pytorch.shape_after(layer, shape)
    return None if result is None else (layer, result)


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Any], Shape]:
    """Layers that fit each other, and an input shape."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 12)), draw(st.integers(1, 12)))
    layers: list[Any] = []
    current: Shape = shape
    for _ in range(draw(st.integers(1, 6))):
        grown = draw(_grown(current))
        if grown is not None:
            layers.append(grown[0])
            current = grown[1]
    return layers, shape


@st.composite
def unfitting_networks(draw: st.DrawFn) -> tuple[list[Any], Shape, int, str]:
    """Layers of which one does not fit, an input shape, and that layer's index and class."""
    from grader.writing import pytorch

    layers, shape = draw(networks())
    current: Any = shape
    for description in layers:
        current = pytorch.shape_after(description, current)
    more = draw(st.integers(1, 3))
    if len(current) == 4:
        misfits: list[list[Any]] = [
            ["Conv2d", current[1] + more, 2, 1],
            ["Conv2d", current[1], 2, [current[2] + more, 1]],
            ["MaxPool2d", [1, current[3] + more], {"stride": 1}],
            ["Linear", current[-1] + more, 3],
        ]
    else:
        misfits = [["Linear", current[-1] + more, 3], ["MaxPool2d", 1], ["Conv2d", current[0] + 1, 2, 1]]
    bad: list[Any] = draw(st.sampled_from(misfits))
    after: list[Any] = draw(st.sampled_from([[], [["ReLU"]], [["Linear", 1, 2]]]))
    return [*layers, bad, *after], shape, len(layers), bad[0]
