"""`pytest grader/topics`: the same checks on exercises/, in this process, so that a breakpoint in a stub stops there."""

from __future__ import annotations

import importlib
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from grader.course import registry
from grader.course.paths import exercises_folder
from grader.running.reference import reference_subject
from grader.running.subjects import LocalSubject
from grader.sandbox.inner import siblings
from grader.writing.ask import Ask
from grader.writing.check import as_pytest_test, no_constants_of_files
from grader.writing.failures import Failure


@pytest.fixture(scope="session")
def work() -> Iterator[None]:
    """`exercises` is the student's folder, wherever it is, and its modules may use each other."""
    siblings.use_folder(exercises_folder(), registry.MODULES)
    with no_constants_of_files():
        yield


@pytest.fixture(scope="class")
def ask(request: pytest.FixtureRequest, work: None) -> Ask:
    """The student's module and the reference, side by side."""
    topic = request.module.__name__.split(".")[-2]
    module = importlib.import_module(f"exercises.{topic}")
    subject = LocalSubject(module, forbid=registry.topic(topic).off_limits, raise_errors=True)
    return Ask(subject, reference_subject(topic))


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(name: str, obj: object) -> None:
    """The checks of an exercise become tests before pytest collects them."""
    if isinstance(obj, type) and hasattr(obj, "exercise"):
        for key, method in list(vars(obj).items()):
            if hasattr(method, "check"):
                setattr(obj, key, as_pytest_test(method))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """A failed check is shown as the student's sentence, not as the grader's insides."""
    outcome = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, Failure):
        outcome.get_result().longrepr = str(call.excinfo.value)
