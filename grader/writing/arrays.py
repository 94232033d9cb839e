"""Arrays for cases: quarters of whole numbers, so that sums are exact and no value is hidden by rounding.

Seed 0 counts 1, 2, 3, ...: what a shrunk case shows can then be checked by hand. Every array remembers how it was made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from grader.writing import as_python
from grader.writing.as_python import named
from grader.writing.strategies import st

FEW_WEIGHTS = 16

seeds = st.integers(0, 10_000)


def tensor(shape: tuple[int, ...], seed: int) -> torch.Tensor:
    """A float32 tensor of quarters between -4 and 4, or 1, 2, 3, ... for seed 0."""
    if seed == 0:
        count = math.prod(shape)
        return named(torch.arange(1.0, count + 1).reshape(shape), f"torch.arange(1.0, {count + 1}).reshape({shape})")
    made = f"torch.randint(-16, 17, {shape}, generator=torch.Generator().manual_seed({seed})) / 4"
    return named(torch.randint(-16, 17, shape, generator=torch.Generator().manual_seed(seed)) / 4, made)


def noise(shape: tuple[int, ...], seed: int) -> torch.Tensor:
    """Numbers without ties and without zeros, as real images have them."""
    made = f"torch.randn({shape}, generator=torch.Generator().manual_seed({seed}))"
    return named(torch.randn(shape, generator=torch.Generator().manual_seed(seed)), made)


def array(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """A float64 array of quarters between -4 and 4, or 1, 2, 3, ... for seed 0."""
    if seed == 0:
        count = math.prod(shape)
        return named(np.arange(1.0, count + 1).reshape(shape), f"np.arange(1.0, {count + 1}).reshape({shape})")
    made = f"np.random.default_rng({seed}).integers(-16, 17, {shape}) / 4"
    return named(np.random.default_rng(seed).integers(-16, 17, shape) / 4, made)


def float_noise(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """A float32 array of normal numbers, as trained weights are."""
    made = f"np.random.default_rng({seed}).normal(size={shape}).astype(np.float32)"
    return named(np.random.default_rng(seed).normal(size=shape).astype(np.float32), made)


def picture(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """A uint8 array, such as a photograph."""
    if seed == 0:
        count = math.prod(shape)
        made = f"(np.arange({count}) * 7 % 256).astype(np.uint8).reshape({shape})"
        return named((np.arange(count) * 7 % 256).astype(np.uint8).reshape(shape), made)
    made = f"np.random.default_rng({seed}).integers(0, 256, {shape}, dtype=np.uint8)"
    return named(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8), made)


def turned_round(values: Any) -> Any:
    """A copy with its numbers in the opposite order, as `drivers.turn_round` leaves them."""
    if isinstance(values, torch.Tensor):
        return values.detach().flatten().flip(0).reshape(values.shape)
    return np.asarray(values).ravel()[::-1].reshape(values.shape).copy()


@dataclass(frozen=True)
class Weights:
    """Weights for a model's parameters, by name, and the line of Python that puts them into `model`."""

    state: dict[str, torch.Tensor]
    source: str


def weights(shapes: dict[str, tuple[int, ...]], seed: int, *, small: bool = False) -> Weights:
    """Weights in eighths (`small`: in 64ths), different everywhere; -1, 0 and 1 for seed 0."""
    low, high, divisor = (-1, 2, 64 if small else 1) if seed == 0 else (-12, 13, 64 if small else 8)
    generator = torch.Generator().manual_seed(seed)
    state = {name: torch.randint(low, high, shape, generator=generator) / divisor for name, shape in shapes.items()}
    if sum(value.numel() for value in state.values()) <= FEW_WEIGHTS:
        return Weights(state, f"model.load_state_dict({as_python.expression(state)}, strict=False)")
    drawn = f"torch.randint({low}, {high}, p.shape, generator=generator) / {divisor}"
    return Weights(state, _drawing(seed, drawn))


def random_weights(shapes: dict[str, tuple[int, ...]], seed: int) -> Weights:
    """Weights without ties and without zeros."""
    generator = torch.Generator().manual_seed(seed)
    state = {name: torch.randn(shape, generator=generator) / 2 for name, shape in shapes.items()}
    return Weights(state, _drawing(seed, "torch.randn(p.shape, generator=generator) / 2"))


def _drawing(seed: int, drawn: str) -> str:
    lines = [f"generator = torch.Generator().manual_seed({seed})", as_python.drawn("model", drawn)]
    return "\n".join([*lines, "model.load_state_dict(weights, strict=False)"])


def gradient_source(model: str, given: Weights, images: torch.Tensor, upstream: torch.Tensor) -> str:
    """The gradients of a model's parameters, to paste."""
    sent_back = f"(model({as_python.expression(images)}) * {as_python.operand(upstream)}).sum().backward()"
    names = "[p.grad for p in model.parameters()]"
    return f"model = {model}\n{given.source}\n{sent_back}\n{names}"
