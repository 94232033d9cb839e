"""Sizes by way of callable objects, fractions, recursion and numbers of a class of their own."""

import math
from fractions import Fraction
from functools import partial, reduce
from itertools import repeat
from operator import mul

from torch import nn


class Pixels(int):
    """A whole number of pixels; an int in every way."""

    def __repr__(self):
        return f"{int(self)}px"


def spread(value):
    return tuple(map(int, value)) if hasattr(value, "__iter__") else (value,) * 2


def insist(least, **arguments):
    for name, value in arguments.items():
        if any(number < least for number in spread(value)):
            raise ValueError(name, value)


class ShapeRule:
    """What convolution and pooling have in common; a subclass says what sets it apart."""

    names = ("kernel_size", "stride", "padding", "dilation")

    def __call__(self, input_shape, *args, **kwargs):
        given = {**self.defaults, **dict(zip(self.order, args)), **kwargs}
        if given["stride"] is None:
            given["stride"] = given["kernel_size"]
        insist(1, **{name: given[name] for name in ("kernel_size", "stride", "dilation")})
        insist(0, padding=given["padding"])
        self.check(given)
        sizes = self.sizes(tuple(input_shape[-2:]), *(spread(given[name]) for name in self.names), given)
        if min(sizes) < 1:
            raise ValueError("input_shape", tuple(input_shape), "kernel_size", given["kernel_size"])
        return (input_shape[0], self.channels(input_shape, given), *map(Pixels, sizes))

    def sizes(self, sizes, kernels, strides, paddings, dilations, given):
        """One axis, then the others: the end of the recursion is no axis at all."""
        if not sizes:
            return ()
        (n, *sizes), (k, *kernels), (s, *strides), (p, *paddings), (d, *dilations) = (
            sizes, kernels, strides, paddings, dilations,
        )
        windows = self.windows(Fraction(n + 2 * p - d * (k - 1) - 1, s), n, s, p, given)
        return (windows, *self.sizes(sizes, kernels, strides, paddings, dilations, given))

    def check(self, given):
        pass

    def windows(self, steps, n, s, p, given):
        return math.floor(steps) + 1


class ConvRule(ShapeRule):
    order = ("out_channels", "kernel_size", "stride", "padding", "dilation")
    defaults = {"stride": 1, "padding": 0, "dilation": 1}

    def channels(self, input_shape, given):
        return given["out_channels"]


class PoolRule(ShapeRule):
    order = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    defaults = {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False}

    def channels(self, input_shape, given):
        return input_shape[-3]

    def check(self, given):
        for k, p in zip(spread(given["kernel_size"]), spread(given["padding"])):
            if Fraction(k, 2) < p:
                raise ValueError("padding", given["padding"], "kernel_size", given["kernel_size"])

    def windows(self, steps, n, s, p, given):
        if not given["ceil_mode"]:
            return super().windows(steps, n, s, p, given)
        last = math.ceil(steps)
        return last + 1 if last * s < n + p else last


conv2d_output_shape = ConvRule()
max_pool2d_output_shape = PoolRule()


def _parameter_shapes(*channels, kernel_size=None):
    *channels, kernel_size = channels if kernel_size is None else (*channels, kernel_size)
    insist(1, kernel_size=kernel_size)
    return (*reversed(channels), *spread(kernel_size)), tuple(channels[1:])


def conv2d_parameter_shapes(in_channels, out_channels, *kernel, **keywords):
    return _parameter_shapes(in_channels, out_channels, *kernel, **keywords)


def same_padding(kernel_size, dilation=1):
    insist(1, kernel_size=kernel_size, dilation=dilation)
    halves = tuple(Fraction(k - 1, 2) * d for k, d in zip(spread(kernel_size), spread(dilation)))
    if {half.denominator for half in halves} != {1}:
        raise ValueError("kernel_size", kernel_size, "dilation", dilation)
    return tuple(half.numerator for half in halves)


class Tracer:
    """One method for each class of layer, found by its name."""

    def __call__(self, layers, input_shape):
        return [*self.walk(tuple(input_shape), enumerate(layers))]

    def walk(self, shape, numbered):
        yield shape
        for index, layer in numbered:
            kind = type(layer).__name__
            try:
                shape = getattr(self, kind)(layer, shape)
            except ValueError as error:
                raise ValueError(index, kind, *error.args) from error
            yield shape

    def Conv2d(self, layer, shape):
        if [len(shape), shape[-3:][0]] != [4, layer.in_channels]:
            raise ValueError("in_channels", layer.in_channels)
        return conv2d_output_shape(
            shape, layer.out_channels, *(getattr(layer, name) for name in ShapeRule.names)
        )

    def MaxPool2d(self, layer, shape):
        if len(shape) < 4:
            raise ValueError("axes", len(shape))
        pool = partial(max_pool2d_output_shape, ceil_mode=layer.ceil_mode)
        return pool(shape, **{name: getattr(layer, name) for name in ShapeRule.names})

    def ReLU(self, layer, shape):
        return shape

    def Flatten(self, layer, shape):
        return (shape[0], reduce(mul, shape[1:], 1))

    def Linear(self, layer, shape):
        if shape[-1] ^ layer.in_features:
            raise ValueError("in_features", layer.in_features)
        return (*shape[:-1], layer.out_features)


trace_shapes = Tracer()
