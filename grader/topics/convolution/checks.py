"""Checks of topic convolution: pictures as NCHW, convolution and max-pooling by hand. PyTorch is the judge."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from grader.writing import arrays, as_python
from grader.writing.ask import Ask
from grader.writing.check import check
from grader.writing.strategies import st

CONV, POOL = "what nn.Conv2d gives", "what nn.MaxPool2d gives"
_SIZES = st.integers(1, 6)
_PICTURES = st.one_of(st.tuples(_SIZES, _SIZES, st.sampled_from([3, 3, 4, 1, 2, 5])), st.tuples(_SIZES, _SIZES))

Case = tuple[tuple[int, ...], tuple[int, ...], bool, int, int]  # of the images and the weight, bias, stride, padding
Call = tuple[tuple[Any, ...], dict[str, Any]]


class TestToNchw:
    exercise = "to_nchw"

    @check(
        weight=2,
        lesson=True,
        smaller={"side": st.integers(1, 4), "seed": arrays.seeds},
        always=[{"side": 32, "seed": 1}, {"side": 21, "seed": 2}],
    )
    def test_moves_the_photographs_channels_to_the_front(self, ask: Ask, side: int, seed: int) -> None:
        """A square colour photograph becomes (1, 3, H, W); each pixel keeps its place and colour, between 0 and 1."""
        image = arrays.picture((side, side, 3), seed)
        expected = ask.judged(lambda: _as_nchw(image))
        ask.function("to_nchw", image).equals(expected, dtype=False)

    @check(
        weight=0.5,
        about="other pictures",
        shape=_PICTURES,
        seed=arrays.seeds,
        always=[
            {"shape": shape, "seed": seed}
            for shape, seed in [
                ((2, 3, 3), 0), ((4, 2, 3), 1), ((3, 5), 2), ((3, 4, 1), 3), ((2, 5, 4), 4), ((1, 1, 3), 5), ((3, 3), 6),
                ((3, 3, 3), 7), ((1, 4), 8), ((6, 4, 2), 9), ((3, 4, 5), 10), ((5, 1), 11), ((6, 4), 12), ((1, 6, 3), 13),
                ((1, 5, 6), 15),
            ]
        ],
    )  # fmt: skip
    def test_moves_channels_to_the_front(self, ask: Ask, shape: tuple[int, ...], seed: int) -> None:
        """The same for any height, width and number of channels; a greyscale picture has one."""
        image = arrays.picture(shape, seed)
        if seed % 5 == 4:
            image = as_python.named(image % 2, f"{as_python.operand(image)} % 2")  # a very dark one
        expected, later = ask.judged(lambda: (_as_nchw(image), _as_nchw(arrays.turned_round(image))))
        reply, again = ask.function_twice("to_nchw", image)
        reply.equals(expected, dtype=False)
        again.equals(later, dtype=False)

    @check(weight=1, about="the dtype", always=[{"shape": (3, 4, 3)}, {"shape": (4, 3)}])
    def test_gives_float32(self, ask: Ask, shape: tuple[int, ...]) -> None:
        """The numbers are float32, as PyTorch's layers want them."""
        image = arrays.picture(shape, 3)
        expected = ask.judged(lambda: _as_nchw(image))
        ask.function("to_nchw", image).equals(expected)

    @check(
        weight=0.5,
        about="arrays of another rank",
        always=[{"shape": shape} for shape in ((4,), (1, 2, 3, 3), (1, 1, 2, 2, 3), (1,), (2, 2, 1, 1), ())],
    )
    def test_refuses_any_other_rank(self, ask: Ask, shape: tuple[int, ...]) -> None:
        """An array of any other rank is no picture; one of two axes or three is."""
        image = arrays.picture(shape, 3)
        ask.refused_function("to_nchw", {"image": (*shape, len(shape)) if shape else ""}, image)
        for near, becomes in (((2, 3), (1, 1, 2, 3)), ((2, 4, 3), (1, 3, 2, 4))):
            reply = ask.function("to_nchw", arrays.picture(near, 5))
            reply.answered(partial(_is_picture, shape=becomes), f"a tensor of shape {becomes}")


def _as_nchw(image: np.ndarray) -> torch.Tensor:
    values = torch.from_numpy(np.array(image, dtype=np.float32) / np.float32(255))
    return values[None, None] if values.dim() == 2 else values.permute(2, 0, 1)[None].contiguous()


def _is_picture(value: Any, shape: tuple[int, ...]) -> bool:
    """Whether it is a tensor with the picture's axes, in whatever order, that is not the same everywhere."""
    whole = isinstance(value, torch.Tensor) and sorted(value.shape) == sorted(shape)
    return whole and value.is_floating_point() and len(value.unique()) > 1


@st.composite
def _convs(draw: Any) -> Case:
    """Shapes of images and weight, whether there is a bias, stride and padding."""
    batch, channels, maps = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 4))
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    stride, padding = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    size = [max(1, k - 2 * padding + draw(st.integers(0, 4))) for k in kernel]
    return (batch, channels, *size), (maps, channels, *kernel), draw(st.booleans()), stride, padding


def _work(case: Case) -> int:
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


def _arguments(case: Case, seed: int) -> Call:
    """The call's arguments, with bias, stride and padding left out where they have their defaults, for odd seeds."""
    images_shape, weight_shape, with_bias, stride, padding = case
    images, weight = arrays.tensor(images_shape, seed), arrays.tensor(weight_shape, seed + 1)
    bias = arrays.tensor(weight_shape[:1], seed + 2) if with_bias else None
    if seed % 2:
        return (images, weight, bias, stride, padding), {}
    options = {"bias": bias, "stride": stride, "padding": padding}
    defaults = {"bias": None, "stride": 1, "padding": 0}
    return (images, weight), {name: value for name, value in options.items() if value is not defaults[name]}


def _lesson_case(draw: Any) -> Case:
    """A square picture in one channel or three and square filters, without a bias, at stride 1."""
    channels, maps, kernel, padding = (draw(st.integers(1, top)) for top in (3, 2, 3, 2))
    padding -= 1
    side = max(1, kernel - 2 * padding + draw(st.integers(0, 3)))
    return (1, channels, side, side), (maps, channels, kernel, kernel), False, 1, padding


_LESSON_CONVS = st.composite(_lesson_case)()
_BIASED = _CONVS.map(lambda case: (case[0], case[1], True, 1, 0)).filter(lambda case: _work_fits(case))
_PLAIN_CONVS = _CONVS.map(lambda case: (*case[:2], False, *case[3:]))


def _work_fits(case: Case) -> bool:
    (*_, height, width), (*_, rows, columns), *_ = case
    return rows <= height and columns <= width and _work(case) <= 2000


class TestConv2d:
    exercise = "conv2d"

    @check(
        weight=4.5,
        lesson=True,
        smaller={"case": _LESSON_CONVS, "seed": arrays.seeds},
        always=[
            {"case": ((1, 3, 9, 9), (2, 3, 3, 3), False, 1, 0), "seed": 2},
            {"case": ((1, 1, 8, 8), (1, 1, 3, 3), False, 1, 0), "seed": 4},
            {"case": ((1, 1, 7, 7), (4, 1, 3, 3), False, 1, 1), "seed": 6},
            {"case": ((1, 3, 6, 6), (1, 3, 5, 5), False, 1, 0), "seed": 8},
        ],
    )
    def test_matches_pytorch_on_a_picture(self, ask: Ask, case: Any, seed: int) -> None:
        """Filters on a square picture, as the lesson uses them: no bias, stride 1."""
        self.matches(ask, case, seed)

    @check(
        weight=1.5,
        about="a bias",
        case=_BIASED,
        seed=arrays.seeds,
        share=0.5,
        always=[
            {"case": ((1, 1, 3, 3), (1, 1, 2, 2), True, 1, 0), "seed": 1},
            {"case": ((1, 3, 5, 5), (2, 3, 3, 3), True, 1, 0), "seed": 2},
            {"case": ((1, 2, 4, 4), (3, 2, 3, 3), True, 1, 0), "seed": 4},
            {"case": ((1, 2, 3, 4), (3, 2, 2, 2), True, 1, 0), "seed": 3},
        ],
    )
    def test_adds_the_bias(self, ask: Ask, case: Any, seed: int) -> None:
        """The bias is added once to every number of its output channel."""
        self.matches(ask, case, seed)

    @check(
        weight=1.5,
        about="strides, paddings or other sizes",
        case=_PLAIN_CONVS,
        seed=arrays.seeds,
        always=[{"case": (*c[:2], False, *c[3:]), "seed": i} for i, c in enumerate(_ALWAYS_CONVS)],
    )
    def test_matches_pytorch(self, ask: Ask, case: Any, seed: int) -> None:
        """Every number is the one that nn.Conv2d computes, whatever the stride, the padding and the sizes."""
        self.matches(ask, case, seed)

    def matches(self, ask: Ask, case: Any, seed: int) -> None:
        args, kwargs = _arguments(case, seed)
        expected = ask.judged(lambda: F.conv2d(*args, **kwargs))
        if seed % 3:
            ask.function("conv2d", *args, **kwargs).equals(expected, judge=CONV)
            return
        reply, again = ask.function_twice("conv2d", *args, **kwargs)
        reply.equals(expected, judge=CONV)
        turned = [arrays.turned_round(value) if isinstance(value, torch.Tensor) else value for value in args]
        turned_named = {n: arrays.turned_round(v) if isinstance(v, torch.Tensor) else v for n, v in kwargs.items()}
        again.equals(ask.judged(lambda: F.conv2d(*turned, **turned_named)), judge=CONV)

    @check(
        weight=1.5,
        about="gradients",
        case=_CONVS,
        seed=arrays.seeds,
        share=0.3,
        always=[
            {"case": ((2, 2, 4, 3), (2, 2, 2, 3), True, 1, 1), "seed": 1},
            {"case": _ALWAYS_CONVS[2], "seed": 2},
            {"case": ((1, 1, 5, 5), (1, 1, 2, 2), True, 2, 0), "seed": 3},
        ],
    )
    def test_lets_gradients_through(self, ask: Ask, case: Any, seed: int) -> None:
        """Gradients reach the images, the weight and the bias, and are those of nn.Conv2d."""
        args, kwargs = _arguments(case, seed)
        _gradients_match(ask, "conv2d", F.conv2d, args, kwargs, seed, CONV)


@st.composite
def _pools(draw: Any) -> tuple[tuple[int, ...], int, int | None]:
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


def _below_zero(shape: tuple[int, ...], seed: int) -> torch.Tensor:
    values = arrays.tensor(shape, seed)
    if seed % 4 == 3:  # far below any number that a search might start from
        return as_python.named((values - 100.0) * 1e4, f"({as_python.operand(values)} - 100) * 1e4")
    return as_python.named(values - 2000.0, f"{as_python.operand(values)} - 2000")


class TestMaxPool2d:
    exercise = "max_pool2d"

    @check(
        weight=2.5,
        lesson=True,
        smaller={"channels": st.integers(1, 3), "rows": st.integers(1, 3), "seed": arrays.seeds},
        always=[{"channels": 4, "rows": 6, "seed": 2}, {"channels": 1, "rows": 4, "seed": 1}],
    )
    def test_matches_pytorch_on_the_lessons_maps(self, ask: Ask, channels: int, rows: int, seed: int) -> None:
        """Windows of 2 by 2 at stride 2 over square maps that come out of a ReLU."""
        images = arrays.tensor((1, channels, 2 * rows, 2 * rows), seed)
        images = as_python.named(images.relu(), f"{as_python.operand(images)}.relu()")
        self.matches(ask, (images, 2, 2), {})

    @check(
        weight=1,
        about="a stride that is not given",
        case=_pools().map(lambda case: (*case[:2], None)),
        seed=arrays.seeds,
        share=0.5,
        always=[
            {"case": ((1, 1, 4, 4), 2, None), "seed": 1},
            {"case": ((3, 1, 5, 4), 3, None), "seed": 2},
            {"case": ((1, 1, 6, 9), 1, None), "seed": 3},
            {"case": ((2, 1, 9, 8), 4, None), "seed": 4},
        ],
    )
    def test_takes_the_kernel_for_the_stride(self, ask: Ask, case: Any, seed: int) -> None:
        """Without a stride the windows lie side by side."""
        shape, kernel_size, stride = case
        images = arrays.tensor(shape, seed)
        images = as_python.named(images.abs() + 1.0, f"{as_python.operand(images)}.abs() + 1")
        self.matches(ask, *_pool_call(images, kernel_size, stride, seed))

    @check(
        weight=1,
        about="negative numbers, other windows or strides",
        case=_pools().filter(lambda case: case[2] is not None),
        seed=arrays.seeds,
        below=st.booleans(),
        always=[
            {"case": c, "seed": i, "below": i % 2 == 1} for i, c in enumerate(_ALWAYS_POOLS) if c[2] is not None
        ] + [{"case": ((1, 2, 6, 6), 2, 2), "seed": 3, "below": True}, {"case": ((1, 1, 4, 6), 3, 3), "seed": 1, "below": True}],
    )  # fmt: skip
    def test_matches_pytorch(self, ask: Ask, case: Any, seed: int, below: bool) -> None:
        """Every number is the one that nn.MaxPool2d computes, for negative images too."""
        shape, kernel_size, stride = case
        images = (_below_zero if below else arrays.tensor)(shape, seed)
        self.matches(ask, *_pool_call(images, kernel_size, stride, seed), again=seed % 3 == 0)

    def matches(self, ask: Ask, args: tuple[Any, ...], kwargs: dict[str, Any], again: bool = False) -> None:
        expected = ask.judged(lambda: F.max_pool2d(*args, **kwargs))
        if not again:
            ask.function("max_pool2d", *args, **kwargs).equals(expected, judge=POOL)
            return
        reply, later = ask.function_twice("max_pool2d", *args, **kwargs)
        reply.equals(expected, judge=POOL)
        turned = arrays.turned_round(args[0])
        later.equals(ask.judged(lambda: F.max_pool2d(turned, *args[1:], **kwargs)), judge=POOL)

    @check(
        weight=0.5,
        about="gradients",
        case=_pools().filter(lambda case: case[2] is not None),
        seed=arrays.seeds,
        share=0.3,
        always=[{"case": ((2, 2, 4, 6), 2, 2), "seed": 1}, {"case": ((1, 2, 5, 4), 3, 1), "seed": 2}],
    )
    def test_lets_gradients_through(self, ask: Ask, case: Any, seed: int) -> None:
        """The gradient of each window goes to its largest number."""
        shape, kernel_size, stride = case
        order = torch.randperm(int(np.prod(shape)), generator=torch.Generator().manual_seed(seed))
        made = (
            f"torch.randperm({order.numel()}, generator=torch.Generator().manual_seed({seed})).reshape({shape}) - 20.0"
        )
        images = as_python.named(order.reshape(shape) - 20.0, made)  # no two numbers alike: no ties to share
        args, kwargs = _pool_call(images, kernel_size, stride, seed)
        _gradients_match(ask, "max_pool2d", F.max_pool2d, args, kwargs, seed, POOL)


def _pool_call(images: torch.Tensor, kernel_size: int, stride: int | None, seed: int) -> Call:
    if stride is None and seed % 3:
        return (images, kernel_size), {}
    return (
        ((images, kernel_size, stride), {}) if seed % 2 else ((images,), {"kernel_size": kernel_size, "stride": stride})
    )


def _gradients_match(
    ask: Ask,
    name: str,
    judge_function: Callable[..., torch.Tensor],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    seed: int,
    judge: str,
) -> None:
    """Compares the gradients that flow back through the student's function with PyTorch's."""

    names = ["images", "weight", "bias"]
    lines: list[str] = []

    def wanting(value: Any) -> Any:
        if not isinstance(value, torch.Tensor):
            return value
        lines.append(f"{names[len(lines)]} = {as_python.operand(value)}.requires_grad_()")
        return as_python.named(value.clone().requires_grad_(), names[len(lines) - 1])

    args = tuple(map(wanting, args))
    kwargs = {key: wanting(value) for key, value in kwargs.items()}
    leaves = [value for value in (*args, *kwargs.values()) if isinstance(value, torch.Tensor)]

    def question() -> tuple[torch.Tensor, list[torch.Tensor]]:
        result = judge_function(*args, **kwargs)
        upstream = arrays.tensor(tuple(result.shape), seed + 3)
        return upstream, list(torch.autograd.grad((result * upstream).sum(), leaves))

    upstream, expected = ask.judged(question)
    if not any(gradient.any() for gradient in expected):
        return  # every window lies in the padding, so the result need not depend on anything
    lines.append(f"({as_python.call(name, args, kwargs)} * {as_python.operand(upstream)}).sum().backward()")
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
