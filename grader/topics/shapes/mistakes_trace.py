"""Known mistakes in topic shapes: `trace_shapes`."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

from torch import nn

from grader.writing.mistake import mistake
from solutions.shapes import Shape, _shape_after, trace_shapes

Step = Callable[[nn.Module, Shape], Shape]


def _walk(layers: Sequence[nn.Module], input_shape: Shape, step: Step) -> list[Shape]:
    """trace_shapes with another rule for one layer."""
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        try:
            shapes.append(step(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{index}] is a {type(layer).__name__} that does not fit: {error}") from error
    return shapes


def _with(layer: nn.Module, **settings: Any) -> nn.Module:
    """The layer with some of its settings changed."""
    changed = copy.copy(layer)
    for name, value in settings.items():
        setattr(changed, name, value)
    return changed


@mistake(
    "trace_shapes",
    "leaves-out-the-input",
    says="Your list starts behind the first layer.",
    asks="Which shape is there before any layer has been applied? For three layers, the list has four shapes.",
)
def leaves_out_the_input(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    return trace_shapes(layers, input_shape)[1:]


@mistake(
    "trace_shapes",
    "no-entry-for-relu",
    says="A ReLU adds nothing to your list.",
    asks="A ReLU changes no shape, but it is a layer. How long should the list be for a Conv2d and a ReLU?",
)
def no_entry_for_relu(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    shapes = trace_shapes(layers, input_shape)
    behind = (shape for layer, shape in zip(layers, shapes[1:], strict=True) if not isinstance(layer, nn.ReLU))
    return [shapes[0], *behind]


@mistake(
    "trace_shapes",
    "last-shape-only",
    says="This is the last shape alone.",
    asks="Where does a shape go wrong in a deep network? Which other shapes would you want to see to find out?",
)
def last_shape_only(layers: Sequence[nn.Module], input_shape: Shape) -> Shape:
    return trace_shapes(layers, input_shape)[-1]


@mistake(
    "trace_shapes",
    "flattens-the-batch",
    says="`nn.Flatten()` makes one single axis here, of the batch too.",
    asks="Behind a Flatten, each picture is a row. Which axis tells how many pictures there are?",
)
def flattens_the_batch(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        return (math.prod(shape),) if isinstance(layer, nn.Flatten) else _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "flatten-needs-four-axes",
    says="Your Flatten takes shapes with four axes and no others.",
    asks="What does a second `nn.Flatten()` do to (2, 24)? Would your rule work however many axes there are?",
)
def flatten_needs_four_axes(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        if isinstance(layer, nn.Flatten):
            batch, channels, height, width = shape
            return (batch, channels * height * width)
        return _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "linear-flattens-by-itself",
    says="Your linear layer flattens its input by itself.",
    asks="`nn.Linear` looks at the last axis alone. Which layer must come before it to make (2, 8, 7, 7) a (2, 392)?",
)
def linear_flattens_by_itself(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        if isinstance(layer, nn.Linear):
            shape = (shape[0], math.prod(shape[1:]))
        return _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "linear-needs-two-axes",
    says="Your linear layer refuses every shape but one with two axes.",
    asks="`nn.Linear` looks at the last axis alone. What does nn.Linear(5, 7) make of (2, 3, 4, 5)?",
)
def linear_needs_two_axes(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        if isinstance(layer, nn.Linear) and len(shape) != 2:
            raise ValueError(f"its input must have two axes, and is {shape}")
        return _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "features-on-axis-one",
    says="Your linear layer compares its `in_features` with axis 1.",
    asks="Behind a Flatten, axis 1 is the last one. Which axis of (2, 3, 4, 5) does nn.Linear(5, 7) look at?",
)
def features_on_axis_one(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        if not isinstance(layer, nn.Linear):
            return _shape_after(layer, shape)
        if shape[1] != layer.in_features:
            raise ValueError(f"in_features={layer.in_features}, but its input is {shape}")
        return (*shape[:-1], layer.out_features)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "linear-drops-middle-axes",
    says="Behind a linear layer your shape has two axes, whatever came in.",
    asks="`nn.Linear` changes the last axis alone. What does nn.Linear(5, 7) make of (2, 3, 4, 5)?",
)
def linear_drops_middle_axes(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        found = _shape_after(layer, shape)
        return (found[0], found[-1]) if isinstance(layer, nn.Linear) else found

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "channels-not-checked",
    says="Your convolution takes any number of channels.",
    asks="Its filters are `in_channels` deep. Can a filter that is 2 deep look at an input of 3 channels?",
)
def channels_not_checked(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        return _shape_after(_with(layer, in_channels=shape[1]) if isinstance(layer, nn.Conv2d) else layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "features-not-checked",
    says="Your linear layer takes any number of features.",
    asks="It has a weight for each of `in_features` numbers. What if the last axis holds more of them, or fewer?",
)
def features_not_checked(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        return _shape_after(_with(layer, in_features=shape[-1]) if isinstance(layer, nn.Linear) else layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "no-inputs-checked",
    says="Your layers take whatever comes: a convolution any channels, a linear layer any features.",
    asks="Which attribute of a Conv2d, and which of a Linear, says what its input must look like?",
)
def no_inputs_checked(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        fitting = {nn.Conv2d: {"in_channels": shape[1]}, nn.Linear: {"in_features": shape[-1]}}
        return _shape_after(_with(layer, **fitting.get(type(layer), {})), shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "only-kernel-passed-on",
    says="Of a layer's settings, only the kernel is used here.",
    asks="Print a layer: which numbers does it hold besides the kernel, and where do they belong in your call?",
)
def only_kernel_passed_on(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
            stride = 1 if isinstance(layer, nn.Conv2d) else None
            layer = _with(layer, stride=stride, padding=0, dilation=1, ceil_mode=False)
        return _shape_after(layer, shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "dilation-not-passed-on",
    says="The dilation of your layers is never used.",
    asks="A layer keeps its dilation, as it keeps its stride and its padding. Which of the three do you pass on?",
)
def dilation_not_passed_on(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        return _shape_after(_with(layer, dilation=1), shape)

    return _walk(layers, input_shape, step)


@mistake(
    "trace_shapes",
    "ceil-mode-not-passed-on",
    says="The `ceil_mode` of a pooling layer is never used.",
    asks="Five settings of a MaxPool2d have to do with its size. Which four do you pass on?",
)
def ceil_mode_not_passed_on(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    def step(layer: nn.Module, shape: Shape) -> Shape:
        return _shape_after(_with(layer, ceil_mode=False), shape)

    return _walk(layers, input_shape, step)
