"""The reference solutions, loaded in the grading process only."""

from __future__ import annotations

import functools
import types
from pathlib import Path
from typing import Any

from grader.course.handed_out import WITHHELD
from grader.course.paths import solutions_folder
from grader.course.stubs import pristine_stub
from grader.running.subjects import LocalSubject, module_namespace
from grader.writing.answer import Answer
from grader.writing.difference import Difference, DoesNotFit
from grader.writing.failures import Withheld


@functools.cache
def reference_text(topic: str) -> str:
    """The source of a topic's reference solution. Raises FileNotFoundError where the solutions were withheld."""
    return Path(solutions_folder() / f"{topic}.py").read_text(encoding="utf-8")


def fresh_reference(topic: str, difference: Difference | None = None) -> types.ModuleType:
    """The reference as a module that nobody else holds, so that a function in it can be replaced; or with a difference.

    Raises DoesNotFit where the difference is one from another reference.
    """
    name, file = f"reference_{topic}", str(solutions_folder() / f"{topic}.py")
    if difference is None:
        return module_namespace(reference_text(topic), name, file)
    text = difference.written_into(reference_text(topic))
    try:
        return module_namespace(text, name, file, as_it_stands=False)
    except SyntaxError as error:
        line = text.split("\n")[(error.lineno or 1) - 1]  # `error.text` is that of the file
        raise DoesNotFit(f"with it, {line.strip()!r} is no Python: {error.msg}") from error


class Reference:
    """The reference of a topic, loaded when it is asked for the first time.

    In a handout without solutions its module is the stubs', which have its names and parameters, and it has no answers.
    """

    def __init__(self, topic: str) -> None:
        self.topic = topic

    @property
    def module(self) -> types.ModuleType:
        """Its module."""
        module: types.ModuleType = _stubs(self.topic) if WITHHELD else reference_subject(self.topic).module
        return module

    def ask(self, driver: str, arguments: dict[str, Any], seconds: float = 0.0) -> Answer:
        """Runs a driver on it. Raises Withheld."""
        if WITHHELD:
            raise Withheld("the reference stayed with the course")
        return reference_subject(self.topic).ask(driver, arguments, seconds)


@functools.cache
def _stubs(topic: str) -> types.ModuleType:
    return module_namespace(pristine_stub(topic, solutions_folder()), f"stubs_{topic}", f"<{topic}>")


@functools.cache
def reference_subject(topic: str) -> LocalSubject:
    """The reference, ready to be asked."""
    return LocalSubject(fresh_reference(topic))
