"""What a student reads as the call can be pasted into a file, a REPL and a cell, and gives what the check was given."""

from __future__ import annotations

import ast
import code
import contextlib
import functools
import importlib
import re
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from IPython.core.inputtransformer2 import TransformerManager

from grader.course import registry
from grader.report import pasting
from grader.running.loading import checks_of
from grader.running.reference import reference_subject
from grader.sandbox import wire
from grader.writing import as_python
from grader.writing.ask import Ask
from grader.writing.check import Check
from grader.writing.compare import Tolerance, difference
from grader.writing.reply import Reply

# Which part of a driver's answer the last line of the pasted text gives.
GIVES = {
    "call": "value", "flatten": "value", "forward": "value", "forward_gradients": "gradients", "accuracy": "value",
    "train_steps": "losses", "train": "history", "trace": "value", "count": "value", "features": "value",
}  # fmt: skip
EXAMPLES = 4
OWN = {exercise.class_name or exercise.name for exercise in registry.EXERCISES}


class Pasting(Ask):
    """Asks the reference, and notes what was asked with the text that a student would read."""

    def __call__(self, driver: str, *, text: str = "", **arguments: Any) -> Reply:
        reply = super().__call__(driver, text=text, **arguments)
        self.pasted.append((driver, text, reply.value))
        return reply

    def _refused(self, driver: str, arguments: dict[str, Any], text: str, expected: str) -> tuple[str, int | None]:
        self.pasted.append(("refusal", text, None))
        return super()._refused(driver, arguments, text, expected)


def in_a_file(text: str) -> Any:
    """The value of the last statement where the text is a file."""
    names: dict[str, Any] = {}
    *body, last = ast.parse(text).body
    exec(compile(ast.Module(body, []), "pasted", "exec"), names)
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "pasted", "eval"), names)


def in_a_cell(text: str) -> Any:
    """The value of a notebook's cell that holds the text."""
    return in_a_file(TransformerManager().transform_cell(text))


def in_a_repl(text: str) -> Any:
    """The value that is shown last where the text is typed, line by line."""
    console, shown = Console(), Shown()
    with shown:
        for line in text.split("\n"):
            waits = console.push(line)
    assert not waits, "the REPL waits for more"
    return shown.last


class Console(code.InteractiveConsole):
    """A REPL that raises what it would print."""

    def showtraceback(self) -> None:
        raise sys.exception() or AssertionError

    def showsyntaxerror(self, filename: str | None = None, **_: Any) -> None:
        raise sys.exception() or AssertionError


class Shown(contextlib.AbstractContextManager):
    """Keeps what a REPL shows."""

    last: Any = None

    def __init__(self) -> None:
        self.all: list[Any] = []

    def __call__(self, value: Any) -> None:
        self.last = value
        self.all.append(value)

    def __enter__(self) -> Shown:
        self.before, sys.displayhook = sys.displayhook, self
        return self

    def __exit__(self, *_: object) -> None:
        sys.displayhook = self.before


PLACES = {"a file": in_a_file, "a REPL": in_a_repl, "a cell": in_a_cell}
CHECKS = [
    pytest.param(check, id=f"{check.exercise}-{check.name}")
    for topic in registry.TOPICS
    for checks in checks_of(topic.name).values()
    for check in checks
]


@pytest.fixture(autouse=True)
def the_reference_is_the_students_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a student pastes imports from exercises/, where the stubs stand."""
    for topic in registry.TOPICS:
        module = importlib.import_module(f"solutions.{topic.name}")
        monkeypatch.setitem(sys.modules, f"exercises.{topic.name}", module)
    yield
    torch.set_grad_enabled(True)


def asked(check: Check) -> tuple[tuple[str, str, Any], ...]:
    """Driver, text and the reference's answer for every call of a check's first cases."""
    return _asked(check.exercise, check.name)


@functools.cache
def _asked(exercise: str, name: str) -> tuple[tuple[str, str, Any], ...]:
    topic = registry.exercise(exercise).topic
    check = next(check for check in checks_of(topic)[exercise] if check.name == name)
    reference = reference_subject(topic)
    found: list[tuple[str, str, Any]] = []
    for case in check.cases(0, EXAMPLES):
        ask = Pasting(reference, reference)
        ask.pasted = found
        check.body(ask, **case)
    return tuple(found)


@pytest.mark.parametrize("check", CHECKS)
def test_a_call_gives_what_the_check_was_given_wherever_it_is_pasted(check: Check):
    for driver, text, answer in asked(check):
        shown = laid_out(check, text)
        for paste in PLACES.values():
            torch.set_grad_enabled(True)
            if driver == "refusal" or (driver == "accuracy_refusal" and "said" in answer):
                with pytest.raises(ValueError):
                    paste(shown)
                continue
            value = paste(shown)
            torch.set_grad_enabled(True)
            if driver in GIVES and "is_grad_enabled" not in text and not shuffles(driver, text):
                expected = answer[GIVES[driver]]
                expected = list(expected.values()) if driver == "forward_gradients" else expected
                found = difference(expected, wire.copy(value), Tolerance(1e-3, 1e-4))
                assert found is None, f"{shown}\n{found}"


def shuffles(driver: str, text: str) -> bool:
    return driver == "train" and "data_shuffle=False" not in text and ", False, " not in text


@pytest.mark.parametrize("check", CHECKS)
def test_a_call_alone_needs_no_layout_to_be_typed(check: Check):
    for driver, text, _ in asked(check):
        if driver != "refusal":
            imports = pasting.code(text, registry.exercise(check.exercise).topic).imports
            with contextlib.suppress(ValueError):
                in_a_repl("\n".join([*imports, text]))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("width", [40, 80])
def test_a_call_fits_a_screen_and_is_broken_only_where_python_allows_it(check: Check, width: int):
    for _, text, _ in asked(check):
        found = pasting.code(text, registry.exercise(check.exercise).topic, width=width)
        whole = "\n".join([*found.imports, text])
        assert ast.dump(ast.parse("\n".join(found.lines))) == ast.dump(ast.parse(whole))
        assert width < 80 or max(map(len, found.lines)) <= width, found.lines


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_pasted_shows_numbers_only_where_it_asks(check: Check, monkeypatch: pytest.MonkeyPatch):
    for text in texts_of(check, monkeypatch):
        found = pasting.code(text, registry.exercise(check.exercise).topic)
        console, shown = Console(), Shown()
        for line in found.imports:
            console.push(line)
        for statement in found.statements[:-1]:
            shown.all.clear()
            with shown:
                for line in statement:
                    console.push(line)
            if not OWN & set(re.findall(r"\w+", " ".join(statement))) and not statement[0].startswith("model("):
                numbers = [value for value in shown.all if type(value) in (torch.Tensor, np.ndarray, list, tuple)]
                assert numbers == [], statement
        torch.set_grad_enabled(True)


def texts_of(check: Check, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of a check's first case, also those of an answer's parts and of what is called twice."""
    texts: list[str] = []

    def noted(reply: Reply, name: str, text: str = "") -> Reply:
        texts.append(text or reply.text)
        return Reply(reply[name], texts[-1])

    def noted_twice(*arguments: Any) -> str:
        texts.append(twice(*arguments))
        return texts[-1]

    twice = as_python.twice
    monkeypatch.setattr(Reply, "part", noted)
    monkeypatch.setattr(as_python, "twice", noted_twice)
    reference = reference_subject(registry.exercise(check.exercise).topic)
    ask = Pasting(reference, reference)
    ask.pasted = []
    for case in check.cases(0, 1):
        check.body(ask, **case)
    return list(dict.fromkeys([*texts, *(text for _, text, _ in ask.pasted)]))


def laid_out(check: Check, text: str) -> str:
    """What a screen shows of a call."""
    assert text
    return "\n".join(pasting.code(text, registry.exercise(check.exercise).topic).lines)
