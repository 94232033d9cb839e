"""The reference solutions, loaded in the grading process only."""

from __future__ import annotations

import functools
import types
from pathlib import Path
from typing import Any

from grader.course.paths import solutions_folder
from grader.running.subjects import LocalSubject, module_namespace
from grader.writing.answer import Answer


@functools.cache
def reference_text(topic: str) -> str:
    """The source of a topic's reference solution. Raises FileNotFoundError where the solutions were withheld."""
    return Path(solutions_folder() / f"{topic}.py").read_text(encoding="utf-8")


def fresh_reference(topic: str) -> types.ModuleType:
    """The reference as a module that nobody else holds, so that a function in it can be replaced."""
    return module_namespace(reference_text(topic), f"reference_{topic}", str(solutions_folder() / f"{topic}.py"))


class Reference:
    """The reference of a topic, loaded when it is asked for the first time."""

    def __init__(self, topic: str) -> None:
        self.topic = topic

    @property
    def module(self) -> types.ModuleType:
        """Its module."""
        module: types.ModuleType = reference_subject(self.topic).module
        return module

    def ask(self, driver: str, arguments: dict[str, Any], seconds: float = 0.0) -> Answer:
        """Runs a driver on it."""
        return reference_subject(self.topic).ask(driver, arguments, seconds)


@functools.cache
def reference_subject(topic: str) -> LocalSubject:
    """The reference, ready to be asked."""
    return LocalSubject(fresh_reference(topic))
