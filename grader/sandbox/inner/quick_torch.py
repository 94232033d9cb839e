"""Spares a run PyTorch's compiler, which its optimizers import at their first use and which nobody here compiles with.

`torch.optim` imports `torch._dynamo` only to tell it to stay away; that takes as long as `import torch` itself. A
stand-in answers those two calls. Whoever asks it for anything else gets the real one.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

_NAME = "torch._dynamo"


class _StandIn(types.ModuleType):
    @staticmethod
    def disable(function: Any = None, recursive: bool = True, **options: Any) -> Any:
        return function if function is not None else lambda decorated: decorated

    @staticmethod
    def graph_break(msg: str = "") -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name in ("__spec__", "__file__", "__loader__"):
            raise AttributeError(name)
        return getattr(_real(), name)


def skip_compiler() -> None:
    """Puts the stand-in in place, unless the real compiler is imported already."""
    if _NAME not in sys.modules:
        sys.modules[_NAME] = _StandIn(_NAME)


def _real() -> types.ModuleType:
    if isinstance(sys.modules.get(_NAME), _StandIn):
        del sys.modules[_NAME]
    return importlib.import_module(_NAME)
