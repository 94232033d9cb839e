"""A submission's modules may use each other: as `exercises.weights`, as `weights`, and as `.weights`, always one module.

The folder that they lie in may have any name and may lack an `__init__.py`, and another package called exercises may be
installed: here the name stands for this folder alone.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

PACKAGE = "exercises"


def use_folder(folder: str | Path, topics: Collection[str]) -> None:
    """From now on `exercises` is this folder, and its modules of these names are found under both their names."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Siblings)]
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    package = types.ModuleType(PACKAGE)
    package.__path__ = [str(folder)]
    package.__package__ = PACKAGE
    sys.modules[PACKAGE] = package
    sys.meta_path.insert(0, _Siblings(Path(folder), frozenset(topics)))


def run(topic: str, file: str) -> types.ModuleType:
    """Runs the file as the topic's module, and returns what is known under its names afterwards."""
    module = types.ModuleType(topic)
    module.__file__ = file
    _register(topic, module)  # before its code runs: it may import one that imports it
    _execute(topic, module)
    return sys.modules.get(topic, module)


def _register(topic: str, module: types.ModuleType) -> None:
    """Makes a module known under both its names."""
    module.__package__ = PACKAGE  # what `from .weights import rescale` is relative to
    module.__spec__ = ModuleSpec(f"{PACKAGE}.{topic}", None, origin=module.__file__)
    for name in _names(topic):
        sys.modules[name] = module
    setattr(sys.modules[PACKAGE], topic, module)


def _execute(topic: str, module: types.ModuleType) -> None:
    """Runs a module's code; one that fails is not known any more."""
    file = str(module.__file__)
    try:
        exec(compile(Path(file).read_bytes(), file, "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        for name in _names(topic):
            sys.modules.pop(name, None)
        raise


def _names(topic: str) -> tuple[str, str]:
    return topic, f"{PACKAGE}.{topic}"


class _Siblings(MetaPathFinder):
    """Finds the topics' modules of one folder."""

    def __init__(self, folder: Path, topics: frozenset[str]) -> None:
        self.folder, self.topics = folder, topics

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        topic = fullname.removeprefix(f"{PACKAGE}.")
        file = self.folder / f"{topic}.py"
        return ModuleSpec(fullname, _Once(topic, file)) if topic in self.topics and file.is_file() else None


class _Once(Loader):
    """Runs a topic's module once, under whichever of its names it is imported first."""

    def __init__(self, topic: str, file: Path) -> None:
        self.topic, self.file = topic, file

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        loaded = [sys.modules[name] for name in _names(self.topic) if name in sys.modules]
        self.is_loaded = bool(loaded)
        if loaded:
            return loaded[0]
        module = types.ModuleType(self.topic)
        module.__file__ = str(self.file)
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        _register(self.topic, module)
        if not self.is_loaded:
            _execute(self.topic, module)
