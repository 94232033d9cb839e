"""What PyTorch would otherwise import or set up at its first use in every worker, done once before any fork."""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import warnings
from typing import Any

import torch
import torch.utils.data

from grader.sandbox.inner import offlimits, quick_torch


def _load_data_here() -> None:
    """Makes a DataLoader read its data in this process, however many others it is asked to start: there are none."""
    original = torch.utils.data.DataLoader.__init__
    if hasattr(original, "__wrapped__"):
        return
    signature = inspect.signature(original)
    others = ("num_workers", "multiprocessing_context", "prefetch_factor", "persistent_workers", "timeout")

    @functools.wraps(original)
    def initialise(*args: Any, **kwargs: Any) -> None:
        if len(args) > 5 or "num_workers" in kwargs:
            asked = signature.bind(*args, **kwargs)
            for name in others:
                asked.arguments.pop(name, None)
            args, kwargs = asked.args, asked.kwargs
        original(*args, **kwargs)

    torch.utils.data.DataLoader.__init__ = initialise  # type: ignore[method-assign]  # for every DataLoader


def hide_accelerators() -> None:
    """Makes this a computer without Apple's or any other accelerator, for code that asks: answers come from the CPU.

    That of CUDA is hidden by a variable (`confine.scrub_environment`).
    """
    parts: Any = torch._C
    parts._mps_is_available = parts._accelerator_getAccelerator = _nothing
    with contextlib.suppress(AttributeError):  # older ones remember nothing
        torch.backends.mps.is_available.cache_clear()


def _nothing() -> None:
    return None


@functools.cache
def warm() -> None:
    """Runs once, before any fork, what PyTorch would otherwise import or set up at its first use in every worker."""
    torch.set_num_threads(1)
    quick_torch.skip_compiler()
    _load_data_here()
    hide_accelerators()
    offlimits.prepare()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        images = torch.zeros(2, 1, 6, 6)
        layers = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2))
        layers(images)
        torch.nn.functional.unfold(images, 3)
        linear = torch.nn.Linear(2, 2)
        torch.optim.SGD(linear.parameters(), lr=0.1)
        torch.optim.Adam(linear.parameters(), lr=0.1)
        torch.einsum("ij,jk->ik", torch.zeros(2, 2), torch.zeros(2, 2))
    gc.collect()
    gc.freeze()
