"""Arrays for cases: quarters of whole numbers, so that sums are exact and no value is hidden by rounding.

Seed 0 counts 1, 2, 3, ...: what a shrunk case shows can then be checked by hand. Every array remembers how it was made.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from hypothesis import strategies as st

from grader.grading.words import named

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


def picture(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """A uint8 array, such as a photograph."""
    if seed == 0:
        count = math.prod(shape)
        made = f"(np.arange({count}) * 7 % 256).astype(np.uint8).reshape({shape})"
        return named((np.arange(count) * 7 % 256).astype(np.uint8).reshape(shape), made)
    made = f"np.random.default_rng({seed}).integers(0, 256, {shape}, dtype=np.uint8)"
    return named(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8), made)


def weights(state: dict[str, torch.Size | tuple[int, ...]], seed: int) -> dict[str, torch.Tensor]:
    """Initial weights for parameters of these shapes: small, different everywhere, no two layers alike."""
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randint(-12, 13, tuple(shape), generator=generator) / 8 for name, shape in state.items()}
