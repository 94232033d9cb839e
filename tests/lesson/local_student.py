"""A stand-in for the student in the sandbox: the reference solutions, called in this very process."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

from grader.course import registry
from grader.lesson import remote


class LocalStudent:
    """Calls the modules of a package, `solutions` unless another is named; single functions can be replaced."""

    def __init__(self, package: str = "solutions", **replaced: Any) -> None:
        modules = {topic.name: importlib.import_module(f"{package}.{topic.name}") for topic in registry.TOPICS}
        self.modules = {
            topic: SimpleNamespace(**{**vars(module), **{n: f for n, f in replaced.items() if hasattr(module, n)}})
            for topic, module in modules.items()
        }

    def call(self, topic: str, function: str, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.modules[topic], function)(*args, **kwargs)

    def run(self, function: str, *args: Any, **kwargs: Any) -> Any:
        return getattr(remote, function)(self.modules, *args, **kwargs)
