"""Topic shapes: how big is what comes out of a layer?

The fourth topic of the lesson. You compute by arithmetic what PyTorch's layers would give, and
refuse what they would refuse. So running PyTorch's convolution or pooling is off limits in this
topic, and so are `F.unfold` and `nn.Unfold`, which count the windows for you. PyTorch on the CPU,
running the layer, is the judge.

All shapes are (N, C, H, W): batch, channels, height, width, four numbers of at least 1.
`kernel_size`, `stride`, `padding` and `dilation` are an int, which counts for both axes, or a
pair (height, width). Results are tuples of ints. Every ValueError names at least one argument
at fault and its value, such as "stride must be at least 1, got stride=0".
"""

import math
from collections.abc import Sequence

from torch import nn

IntOrPair = int | tuple[int, int]
Shape = tuple[int, ...]


### BEGIN SOLUTION
def _pair(value: IntOrPair) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else tuple(value)  # type: ignore[return-value]


def _require_at_least(minimum: int, **arguments: IntOrPair) -> None:
    for name, value in arguments.items():
        if min(_pair(value)) < minimum:
            raise ValueError(f"{name} must be at least {minimum}, got {name}={value}")


### END SOLUTION
def conv2d_parameter_shapes(
    in_channels: int, out_channels: int, kernel_size: IntOrPair
) -> tuple[tuple[int, int, int, int], tuple[int]]:
    """Say which shapes the weight and the bias of an `nn.Conv2d` have.

    Each output channel has its own filter, as deep as the input has channels, and one number of
    bias. The height and width of the input do not matter: the weights are shared by all places.

    Args:
        in_channels, out_channels: channels of the input and of the output, at least 1.
        kernel_size: int or (height, width).

    Returns:
        (weight_shape, bias_shape), two tuples, the second one with a single number.

    Raises:
        ValueError: a kernel below 1.

    >>> conv2d_parameter_shapes(3, 8, kernel_size=(5, 2))
    ((8, 3, 5, 2), (8,))
    """
    ### BEGIN SOLUTION
    _require_at_least(1, kernel_size=kernel_size)
    return (out_channels, in_channels, *_pair(kernel_size)), (out_channels,)
    ### END SOLUTION


def conv2d_output_shape(
    input_shape: Shape,
    out_channels: int,
    kernel_size: IntOrPair,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> tuple[int, int, int, int]:
    """Say which shape `nn.Conv2d` makes of an input.

    Height and width follow the same rule, each with its own numbers. Padding is added at both
    ends. Dilation leaves gaps between the kernel's pixels, so a kernel of k pixels spans
    dilation * (k - 1) + 1. The window starts at the first padded pixel and moves on by the
    stride as long as the whole of it fits.

    Arithmetic only: running PyTorch's convolution is off limits.

    Args:
        input_shape: (N, C, H, W).
        out_channels: the layer's output channels, at least 1.
        kernel_size, stride, padding, dilation: int or (height, width).

    Returns:
        (N, out_channels, H', W').

    Raises:
        ValueError: a kernel, stride or dilation below 1, a negative padding, or a window that
            spans more than the padded input.

    >>> conv2d_output_shape((2, 3, 10, 7), out_channels=4, kernel_size=3, stride=(2, 1), padding=1)
    (2, 4, 5, 7)
    >>> conv2d_output_shape((2, 3, 10, 7), out_channels=4, kernel_size=3, dilation=4)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ValueError: kernel_size=3 with dilation=4 spans 9 pixels, more than the 7 of the padded input, with padding=0
    """
    ### BEGIN SOLUTION
    _require_at_least(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    _require_at_least(0, padding=padding)
    batch, _, *sizes = input_shape
    outputs = []
    for size, k, s, p, d in zip(sizes, *map(_pair, (kernel_size, stride, padding, dilation)), strict=True):
        span, padded = d * (k - 1) + 1, size + 2 * p
        if span > padded:
            raise ValueError(
                f"kernel_size={kernel_size} with dilation={dilation} spans {span} pixels, "
                f"more than the {padded} of the padded input, with padding={padding}"
            )
        outputs.append((padded - span) // s + 1)
    return (batch, out_channels, *outputs)
    ### END SOLUTION


def max_pool2d_output_shape(
    input_shape: Shape,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> tuple[int, int, int, int]:
    """Say which shape `nn.MaxPool2d` makes of an input.

    Each channel is pooled alone, so their number stays. Height and width follow the rule of
    `conv2d_output_shape`, with three additions:

    - `stride=None` means a stride as large as the kernel (the kernel, not its dilated span);
    - padding may be at most half of the kernel, rounded down: of `kernel_size`, not of its
      dilated span;
    - with `ceil_mode=True` the division by the stride rounds up, so a last window may stick out.
      But no window may start beyond the input and its first padding, that is, in the padding at
      the far end: such a last one is dropped. So, with `ceil_mode`, an input that is a little
      smaller than the window can still give one number.

    Arithmetic only: running PyTorch's pooling is off limits.

    Args:
        input_shape: (N, C, H, W).
        kernel_size, stride, padding, dilation: int or (height, width); stride may be None.
        ceil_mode: round up instead of down.

    Returns:
        (N, C, H', W').

    Raises:
        ValueError: a kernel, stride or dilation below 1, a negative padding, a padding over half
            the kernel, or no window left in one of the two directions.

    >>> max_pool2d_output_shape((2, 3, 10, 7), kernel_size=2)
    (2, 3, 5, 3)
    >>> max_pool2d_output_shape((2, 3, 10, 7), kernel_size=2, ceil_mode=True)
    (2, 3, 5, 4)
    >>> max_pool2d_output_shape((2, 3, 10, 7), kernel_size=(4, 3), stride=2, padding=(2, 1))
    (2, 3, 6, 4)
    >>> max_pool2d_output_shape((2, 3, 10, 7), kernel_size=3, padding=2, dilation=2)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ValueError: padding must be at most half of kernel_size=3, got padding=2
    """
    ### BEGIN SOLUTION
    if stride is None:
        stride = kernel_size
    _require_at_least(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    _require_at_least(0, padding=padding)
    batch, channels, *sizes = input_shape
    outputs = []
    for size, k, s, p, d in zip(sizes, *map(_pair, (kernel_size, stride, padding, dilation)), strict=True):
        if p > k // 2:
            raise ValueError(f"padding must be at most half of kernel_size={kernel_size}, got padding={padding}")
        room = size + 2 * p - (d * (k - 1) + 1)
        windows = (math.ceil(room / s) if ceil_mode else room // s) + 1
        if ceil_mode and (windows - 1) * s >= size + p:
            windows -= 1
        if windows < 1:
            raise ValueError(
                f"kernel_size={kernel_size} with dilation={dilation} and padding={padding} "
                f"leaves no window in input_shape={input_shape}"
            )
        outputs.append(windows)
    return (batch, channels, *outputs)
    ### END SOLUTION


def same_padding(kernel_size: IntOrPair, dilation: IntOrPair = 1) -> tuple[int, int]:
    """Find the padding with which a convolution of stride 1 keeps height and width.

    Padding adds the same number of pixels at both ends, so it can only make good an even loss:
    where dilation * (kernel - 1) is odd, in either direction, no padding does it.

    Args:
        kernel_size, dilation: int or (height, width).

    Returns:
        The padding as a pair (height, width), also where both are equal.

    Raises:
        ValueError: there is no such padding, or a kernel or dilation is below 1.

    >>> same_padding(5)
    (2, 2)
    >>> same_padding((3, 4), dilation=(1, 2))
    (1, 3)
    >>> same_padding(4)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ValueError: no padding keeps the size for kernel_size=4 with dilation=1
    """
    ### BEGIN SOLUTION
    _require_at_least(1, kernel_size=kernel_size, dilation=dilation)
    losses = [d * (k - 1) for k, d in zip(_pair(kernel_size), _pair(dilation), strict=True)]
    if any(loss % 2 for loss in losses):
        raise ValueError(f"no padding keeps the size for kernel_size={kernel_size} with dilation={dilation}")
    return (losses[0] // 2, losses[1] // 2)
    ### END SOLUTION


### BEGIN SOLUTION
def _shape_after(layer: nn.Module, shape: Shape) -> Shape:
    match layer:
        case nn.ReLU():
            return shape
        case nn.Flatten():
            return (shape[0], math.prod(shape[1:]))
        case nn.Linear():
            if shape[-1] != layer.in_features:
                raise ValueError(f"in_features={layer.in_features}, but its input is {shape}")
            return (*shape[:-1], layer.out_features)
        case nn.Conv2d() | nn.MaxPool2d() if len(shape) != 4:
            raise ValueError(f"it needs an input (N, C, H, W), got {shape}")
        case nn.MaxPool2d():
            return max_pool2d_output_shape(
                shape, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode
            )
        case nn.Conv2d():
            if shape[1] != layer.in_channels:
                raise ValueError(f"in_channels={layer.in_channels}, but its input is {shape}")
            return conv2d_output_shape(
                shape, layer.out_channels, layer.kernel_size, layer.stride, layer.padding, layer.dilation  # type: ignore[arg-type]
            )  # fmt: skip
        case _:
            raise ValueError("this kind of layer is not known here")


### END SOLUTION
def trace_shapes(layers: Sequence[nn.Module], input_shape: Shape) -> list[Shape]:
    """Follow an input's shape through the layers of a network, without running any of them.

    What each kind of layer does to a shape:

    - `nn.Conv2d` (padding in numbers, one group) and `nn.MaxPool2d`: as above. They need four
      axes, so they do not fit behind a Flatten; a convolution also needs its `in_channels`;
    - `nn.ReLU`: nothing;
    - `nn.Flatten()`: keeps the first axis and makes one of all others: (N, C, H, W) becomes
      (N, C * H * W);
    - `nn.Linear`: turns the last axis, which must be its `in_features`, into its `out_features`
      and leaves the others, however many there are.

    Args:
        layers: layers of these five kinds, in order; may be empty.
        input_shape: (N, C, H, W).

    Returns:
        A list that starts with `input_shape` and has one more shape for each layer.

    Raises:
        ValueError: a layer does not fit its input. The text names the index (from 0) and the
            class of the first such layer.

    >>> trace_shapes([nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Flatten()], (5, 1, 9, 8))
    [(5, 1, 9, 8), (5, 4, 7, 6), (5, 4, 3, 3), (5, 36)]
    >>> trace_shapes([nn.ReLU(), nn.Flatten(), nn.Linear(70, 10)], (5, 1, 9, 8))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ValueError: layers[2] is a Linear that does not fit: in_features=70, but its input is (5, 72)
    """
    ### BEGIN SOLUTION
    shapes = [tuple(input_shape)]
    for index, layer in enumerate(layers):
        try:
            shapes.append(_shape_after(layer, shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{index}] is a {type(layer).__name__} that does not fit: {error}") from error
    return shapes
    ### END SOLUTION
