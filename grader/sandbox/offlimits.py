"""PyTorch's own convolution and pooling, made off limits where an exercise asks to write them by hand.

They are caught when they run, in PyTorch's dispatcher, so that no alias leads past: `F.conv2d`, `nn.Conv2d`,
`torch.ops.aten.convolution`, a function saved at import or called from another thread all end here.

`seal` replaces the kernels of this process for good (a worker is sealed once the student's module is imported);
`watch` is the gentle form for running checks and student's code in one process, where PyTorch is also the judge.
"""

from __future__ import annotations

import contextlib
import ctypes
import re
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

TOPICS = ("shapes", "convolution")
_OPERATOR = re.compile(r"::_?(\w*_)?q?(conv(?!ert)\w*|thnn_conv\w*|(?:adaptive_|fractional_)?(?:max|avg)_pool\w*)", re.ASCII)
_KEYS = ("CPU", "Meta", "QuantizedCPU", "MkldnnCPU", "SparseCPU")


class OffLimits(BaseException):
    """The student's code ran an operator that the exercise rules out; not an Exception, so that it is not swallowed."""


class Seal:
    """Remembers what was called, also when the student's code caught the exception."""

    def __init__(self) -> None:
        self.called: str | None = None

    def trip(self, operator: str) -> None:
        self.called = self.called or operator
        raise OffLimits(operator)


def is_off_limits(operator: str) -> bool:
    """Whether the operator, such as "aten::conv2d", is a convolution or a pooling."""
    return _OPERATOR.search(operator) is not None


def seal() -> Seal:
    """Replaces every convolution and pooling kernel of this process by one that refuses. There is no way back."""
    found = Seal()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operator in filter(is_off_limits, torch._C._dispatch_get_all_op_names()):
            namespace, name = operator.split("::", 1)
            library = torch._C._dispatch_library("IMPL", namespace, "", __file__, 0)
            for key in _KEYS:
                with contextlib.suppress(RuntimeError):
                    library.impl(name, key, _refusal(found, operator))
            # Nobody may find the registration and undo it: it is leaked on purpose.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))
    _seal_shape_rules(found)
    return found


def _refusal(found: Seal, operator: str) -> Any:
    def refuse(*args: Any, **kwargs: Any) -> None:
        found.trip(operator)

    return refuse


def _seal_shape_rules(found: Seal) -> None:
    """The Python functions in which PyTorch keeps the same arithmetic for its compiler."""
    import torch._meta_registrations as rules

    for name, function in list(vars(rules).items()):
        if callable(function) and re.search(r"conv(?!ert)|pool", name) and hasattr(function, "__code__"):
            setattr(rules, name, _refusal(found, f"torch._meta_registrations.{name}"))


class _Watch(TorchDispatchMode):
    def __init__(self, found: Seal) -> None:
        super().__init__()
        self.found = found

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        operator = func.name()
        if is_off_limits(operator):
            self.found.trip(operator)
        return func(*args, **(kwargs or {}))


@contextlib.contextmanager
def watch() -> Iterator[Seal]:
    """Refuses convolution and pooling in this thread inside the `with` block."""
    found = Seal()
    with _Watch(found):
        yield found


def student_line(error: BaseException, file: str) -> int | None:
    """The last line of the student's file in the error's traceback, or None."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return lines[-1] if lines else None
