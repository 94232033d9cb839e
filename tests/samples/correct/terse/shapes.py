"""Sizes in as few lines as they will go."""
from math import prod

from torch import nn

two = lambda v: (v, v) if isinstance(v, int) else tuple(v)
def no(why): raise ValueError(why)
def sane(**given): [no(f"{name}={v}") for name, v in given.items() if min(two(v)) < (name != "padding")]
starts = lambda n, k, s, p, d, ceil: len(range(0, min(n + 2 * p - d * (k - 1) + s - 1, n + p) if ceil else n + 2 * p - d * (k - 1), s))

def sizes(shape, ceil=False, pool=False, **given):
    sane(**given)
    if pool and any(2 * p > k for k, p in zip(two(given["kernel_size"]), two(given["padding"]))): no("padding=%s, kernel_size=%s" % (given["padding"], given["kernel_size"]))
    out = tuple(starts(*one, ceil) for one in zip(shape[2:], *map(two, given.values())))
    return out if all(out) else no(f"{given} for input_shape={shape}".replace("': ", "=").replace("'", ""))

def conv2d_parameter_shapes(in_channels, out_channels, kernel_size): return sane(kernel_size=kernel_size) or ((out_channels, in_channels) + two(kernel_size), (out_channels,))
def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1): return (input_shape[0], out_channels) + sizes(input_shape, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
def max_pool2d_output_shape(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False): return input_shape[:2] + sizes(input_shape, ceil_mode, True, kernel_size=kernel_size, stride=kernel_size if stride is None else stride, padding=padding, dilation=dilation)
def same_padding(kernel_size, dilation=1): return sane(kernel_size=kernel_size, dilation=dilation) or tuple(d * (k - 1) // 2 if d * (k - 1) % 2 == 0 else no(f"{kernel_size=}, {dilation=}") for k, d in zip(two(kernel_size), two(dilation)))

RULES = {
    nn.Conv2d: lambda l, s: conv2d_output_shape(s, l.out_channels, l.kernel_size, l.stride, l.padding, l.dilation) if len(s) == 4 and s[1] == l.in_channels else no("channels"),
    nn.MaxPool2d: lambda l, s: max_pool2d_output_shape(s, l.kernel_size, l.stride, l.padding, l.dilation, l.ceil_mode) if len(s) == 4 else no("axes"),
    nn.ReLU: lambda l, s: s,
    nn.Flatten: lambda l, s: (s[0], prod(s[1:])),
    nn.Linear: lambda l, s: s[:-1] + (l.out_features,) if s[-1] == l.in_features else no("features"),
}


def trace_shapes(layers, input_shape):
    shapes = [input_shape]
    for i, layer in enumerate(layers):
        try: shapes += [RULES[type(layer)](layer, shapes[-1])]
        except ValueError as e: no(f"{i}: {type(layer).__name__}: {e}")
    return shapes
