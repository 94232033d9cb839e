"""The programs of bundles as modules, so that their parts can be called."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from grader.export.bundles import TEMPLATES


def program(kind: str, name: str) -> ModuleType:
    """A program of a platform, imported as it is in a bundle: with the module that all of them share beside it."""
    sys.path.insert(0, str(TEMPLATES / "shared"))
    try:
        spec = importlib.util.spec_from_file_location(Path(name).stem, TEMPLATES / kind / name)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module
