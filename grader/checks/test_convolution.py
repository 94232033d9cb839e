"""Checks of topic convolution: pictures as NCHW, convolution and max-pooling by hand. PyTorch is the judge."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import strategies as st

from grader.checks import arrays
from grader.checks.support import check
from grader.grading import words

CONV, POOL = "what nn.Conv2d gives", "what nn.MaxPool2d gives"
_SIZES = st.integers(1, 6)
_PICTURES = st.one_of(st.tuples(_SIZES, _SIZES, st.sampled_from([3, 3, 4, 1, 2, 5])), st.tuples(_SIZES, _SIZES))


class TestToNchw:
    exercise = "to_nchw"

    @check(
        points=3,
        shape=_PICTURES,
        seed=arrays.seeds,
        always=[
            {"shape": (2, 3, 3), "seed": 0},
            {"shape": (4, 2, 3), "seed": 1},
            {"shape": (3, 5), "seed": 2},
            {"shape": (3, 4, 1), "seed": 3},
            {"shape": (2, 5, 4), "seed": 4},
            {"shape": (1, 1, 3), "seed": 5},
            {"shape": (3, 3), "seed": 6},
            {"shape": (3, 3, 3), "seed": 7},
            {"shape": (1, 4), "seed": 8},
            {"shape": (6, 4, 2), "seed": 9},
            {"shape": (3, 4, 5), "seed": 10},
            {"shape": (5, 1), "seed": 11},
            {"shape": (6, 4), "seed": 12},
            {"shape": (1, 6, 3), "seed": 13},
            {"shape": (1, 5, 6), "seed": 15},
        ],
    )
    def test_moves_channels_to_the_front(self, ask, shape, seed):
        """The picture becomes (1, C, H, W); each pixel keeps its place and its colour, between 0 and 1."""
        image = arrays.picture(shape, seed)
        if seed % 5 == 4:
            image = words.named(image % 2, f"{words.operand(image)} % 2")  # a very dark one
        values = torch.from_numpy(np.array(image, dtype=np.float32) / np.float32(255))
        expected = values[None, None] if values.dim() == 2 else values.permute(2, 0, 1)[None].contiguous()
        ask.function("to_nchw", image).equals(expected)

    @check(
        points=1, always=[{"shape": shape} for shape in ((4,), (1, 2, 3, 3), (1, 1, 2, 2, 3), (1,), (2, 2, 1, 1), ())]
    )
    def test_refuses_any_other_rank(self, ask, shape):
        """An array of any other rank is no picture."""
        image = arrays.picture(shape, 3)
        ask.refused_function("to_nchw", {"image": (*shape, len(shape)) if shape else ""}, image)


@st.composite
def _convs(draw):
    """Shapes of images and weight, whether there is a bias, stride and padding."""
    batch, channels, maps = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 4))
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    stride, padding = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    size = [max(1, k - 2 * padding + draw(st.integers(0, 4))) for k in kernel]
    return (batch, channels, *size), (maps, channels, *kernel), draw(st.booleans()), stride, padding


def _work(case) -> int:
    (batch, channels, height, width), (maps, _, *kernel), _, stride, padding = case
    rows = (height + 2 * padding - kernel[0]) // stride + 1
    columns = (width + 2 * padding - kernel[1]) // stride + 1
    return batch * maps * rows * columns * channels * kernel[0] * kernel[1]


_CONVS = _convs().filter(lambda case: _work(case) <= 2000)
_ALWAYS_CONVS = [
    ((1, 1, 3, 3), (1, 1, 2, 2), False, 1, 0),
    ((2, 3, 5, 4), (4, 3, 3, 2), True, 1, 1),
    ((1, 2, 6, 5), (3, 2, 2, 3), True, 2, 0),
    ((2, 1, 4, 6), (2, 1, 4, 1), True, 1, 0),
    ((1, 2, 7, 5), (2, 2, 3, 3), False, 3, 2),
    ((3, 2, 3, 5), (2, 2, 1, 1), True, 2, 1),
    ((1, 3, 2, 2), (2, 3, 4, 3), True, 1, 2),
    ((2, 2, 5, 5), (3, 2, 5, 2), False, 2, 1),
    ((1, 1, 6, 7), (1, 1, 2, 2), True, 3, 0),
    ((1, 5, 3, 4), (6, 5, 2, 2), True, 1, 0),
    ((1, 2, 3, 4), (3, 2, 2, 2), True, 1, 0),
    ((2, 1, 4, 3), (3, 1, 2, 2), True, 1, 0),
    ((5, 1, 3, 3), (1, 1, 3, 2), False, 1, 1),
    ((1, 1, 5, 8), (1, 1, 2, 5), False, 1, 0),
    ((1, 2, 7, 9), (2, 2, 2, 2), True, 4, 3),
]


def _arguments(case, seed):
    """The call's arguments, with bias, stride and padding left out where they have their defaults, for odd seeds."""
    images_shape, weight_shape, with_bias, stride, padding = case
    images, weight = arrays.tensor(images_shape, seed), arrays.tensor(weight_shape, seed + 1)
    bias = arrays.tensor(weight_shape[:1], seed + 2) if with_bias else None
    if seed % 2:
        return (images, weight, bias, stride, padding), {}
    options = {"bias": bias, "stride": stride, "padding": padding}
    defaults = {"bias": None, "stride": 1, "padding": 0}
    return (images, weight), {name: value for name, value in options.items() if value is not defaults[name]}


class TestConv2d:
    exercise = "conv2d"

    @check(
        points=6, case=_CONVS, seed=arrays.seeds, always=[{"case": c, "seed": i} for i, c in enumerate(_ALWAYS_CONVS)]
    )
    def test_matches_pytorch(self, ask, case, seed):
        """Every number is the one that nn.Conv2d computes."""
        args, kwargs = _arguments(case, seed)
        expected = ask.judged(lambda: F.conv2d(*args, **kwargs))
        ask.function("conv2d", *args, **kwargs).equals(expected, judge=CONV)

    @check(
        points=3,
        case=_CONVS,
        seed=arrays.seeds,
        share=0.3,
        always=[{"case": ((2, 2, 4, 3), (2, 2, 2, 3), True, 1, 1), "seed": 1}, {"case": _ALWAYS_CONVS[2], "seed": 2}],
    )
    def test_lets_gradients_through(self, ask, case, seed):
        """Gradients reach the images, the weight and the bias, and are those of nn.Conv2d."""
        args, kwargs = _arguments(case, seed)
        _gradients_match(ask, "conv2d", F.conv2d, args, kwargs, seed, CONV)


@st.composite
def _pools(draw):
    """A shape of images, a window and a stride."""
    kernel, stride = draw(st.integers(1, 4)), draw(st.one_of(st.none(), st.integers(1, 5)))
    size = [kernel + draw(st.integers(0, 5)) for _ in range(2)]
    return (draw(st.integers(1, 3)), draw(st.integers(1, 3)), *size), kernel, stride


_ALWAYS_POOLS = [
    ((1, 1, 4, 4), 2, None),
    ((2, 3, 5, 7), 2, 1),
    ((1, 2, 7, 6), 3, 2),
    ((2, 2, 8, 5), 2, 3),
    ((3, 1, 5, 4), 3, None),
    ((1, 2, 3, 3), 3, 1),
    ((1, 4, 4, 6), 1, 2),
    ((2, 1, 9, 8), 4, None),
    ((1, 1, 6, 9), 1, None),
]


def _below_zero(shape, seed):
    values = arrays.tensor(shape, seed)
    if seed % 4 == 3:  # far below any number that a search might start from
        return words.named((values - 100.0) * 1e4, f"({words.operand(values)} - 100) * 1e4")
    return words.named(values - 2000.0, f"{words.operand(values)} - 2000")


class TestMaxPool2d:
    exercise = "max_pool2d"

    @check(
        points=3,
        case=_pools(),
        seed=arrays.seeds,
        below=st.booleans(),
        always=[{"case": c, "seed": i, "below": i % 2 == 1} for i, c in enumerate(_ALWAYS_POOLS)],
    )
    def test_matches_pytorch(self, ask, case, seed, below):
        """Every number is the one that nn.MaxPool2d computes, for negative images too."""
        shape, kernel_size, stride = case
        images = (_below_zero if below else arrays.tensor)(shape, seed)
        args, kwargs = _pool_call(images, kernel_size, stride, seed)
        expected = ask.judged(lambda: F.max_pool2d(*args, **kwargs))
        ask.function("max_pool2d", *args, **kwargs).equals(expected, judge=POOL)

    @check(
        points=2,
        case=_pools(),
        seed=arrays.seeds,
        share=0.3,
        always=[{"case": ((2, 2, 4, 6), 2, None), "seed": 1}, {"case": ((1, 2, 5, 4), 3, 1), "seed": 2}],
    )
    def test_lets_gradients_through(self, ask, case, seed):
        """The gradient of each window goes to its largest number."""
        shape, kernel_size, stride = case
        order = torch.randperm(int(np.prod(shape)), generator=torch.Generator().manual_seed(seed))
        made = (
            f"torch.randperm({order.numel()}, generator=torch.Generator().manual_seed({seed})).reshape({shape}) - 20.0"
        )
        images = words.named(order.reshape(shape) - 20.0, made)  # no two numbers alike: no ties to share
        args, kwargs = _pool_call(images, kernel_size, stride, seed)
        _gradients_match(ask, "max_pool2d", F.max_pool2d, args, kwargs, seed, POOL)


def _pool_call(images, kernel_size, stride, seed):
    if stride is None and seed % 3:
        return (images, kernel_size), {}
    return (
        ((images, kernel_size, stride), {}) if seed % 2 else ((images,), {"kernel_size": kernel_size, "stride": stride})
    )


def _gradients_match(ask, name, judge_function, args, kwargs, seed, judge):
    """Compares the gradients that flow back through the student's function with PyTorch's."""

    names, lines = ["images", "weight", "bias"], []

    def wanting(value):
        if not isinstance(value, torch.Tensor):
            return value
        lines.append(f"{names[len(lines)]} = {words.operand(value)}.requires_grad_()")
        return words.named(value.clone().requires_grad_(), names[len(lines) - 1])

    args = tuple(map(wanting, args))
    kwargs = {key: wanting(value) for key, value in kwargs.items()}
    leaves = [value for value in (*args, *kwargs.values()) if isinstance(value, torch.Tensor)]

    def question():
        result = judge_function(*args, **kwargs)
        upstream = arrays.tensor(tuple(result.shape), seed + 3)
        return upstream, list(torch.autograd.grad((result * upstream).sum(), leaves))

    upstream, expected = ask.judged(question)
    if not any(gradient.any() for gradient in expected):
        return  # every window lies in the padding, so the result need not depend on anything
    lines.append(f"({words.call(name, args, kwargs)} * {words.operand(upstream)}).sum().backward()")
    reply = ask("gradients", text="\n".join(lines), name=name, args=args, kwargs=kwargs, upstream=upstream)
    found = reply.gradients(upstream).value
    reply.must(len(found) == len(expected), "A gradient is missing.", expected="one for each input", got=len(found))
    for which, right, mine in zip(names, expected, found, strict=False):
        text = "\n".join([*lines, f"{which}.grad"])
        if mine is None and not right.any():
            continue
        if mine is None:
            reply.must(False, f"No gradient reaches {which}.", expected=f"a gradient for {which}", got="none")
        of_which = type(reply)(mine, text)
        of_which.equals_gradients(right, judge=judge, message=f"The gradient of {which} differs.")
