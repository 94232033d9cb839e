"""What a student reads as the call can be pasted into Python, and gives there what the check was given."""

from __future__ import annotations

import ast
import importlib
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from grader import registry
from grader.checks.support import checks_of
from grader.grading.ask import Ask
from grader.grading.compare import Tolerance, difference
from grader.grading.reference import reference_subject
from grader.sandbox import wire

# Which part of a driver's answer the last line of the pasted text gives.
GIVES = {
    "call": "value", "flatten": "value", "forward": "value", "forward_gradients": "gradients", "accuracy": "value",
    "train_steps": "losses", "train": "history", "trace": "value", "count": "value", "features": "value",
}  # fmt: skip


class Pasting(Ask):
    """Asks the reference, and notes what was asked with the text that a student would read."""

    def __call__(self, driver: str, *, text: str = "", **arguments: Any):
        reply = super().__call__(driver, text=text, **arguments)
        self.pasted.append((driver, text, reply.value))
        return reply

    def _refused(self, driver: str, arguments: dict[str, Any], text: str, expected: str):
        self.pasted.append(("refusal", text, None))
        return super()._refused(driver, arguments, text, expected)


def paste(text: str, topic: str) -> Any:
    """The value of the last line, as a student would see it."""
    names = {"torch": torch, "np": np, "nn": nn, **vars(importlib.import_module(f"solutions.{topic}"))}
    *body, last = ast.parse(text).body
    exec(compile(ast.Module(body, []), "pasted", "exec"), names)
    if not isinstance(last, ast.Expr):
        exec(compile(ast.Module([last], []), "pasted", "exec"), names)
        return None
    return eval(compile(ast.Expression(last.value), "pasted", "eval"), names)


CHECKS = [
    pytest.param(check, id=f"{check.exercise}-{check.name}")
    for topic in registry.TOPICS
    for checks in checks_of(topic.name).values()
    for check in checks
]


@pytest.mark.parametrize("check", CHECKS)
def test_a_call_gives_in_python_what_the_check_was_given(check):
    topic = registry.exercise(check.exercise).topic
    reference = reference_subject(topic)
    compared = 0
    for case in check.cases(0, 4):
        ask = Pasting(reference, reference)
        ask.pasted = []
        check.body(ask, **case)
        for driver, text, answer in ask.pasted:
            assert text, driver
            torch.set_grad_enabled(True)
            if driver == "refusal" or (driver == "accuracy_refusal" and "said" in answer):
                with pytest.raises(ValueError):
                    paste(text, topic)
                compared += 1
                continue
            value = paste(text, topic)
            torch.set_grad_enabled(True)
            if driver in GIVES and "is_grad_enabled" not in text:
                expected = answer[GIVES[driver]]
                expected = list(expected.values()) if driver == "forward_gradients" else expected
                shuffled = driver == "train" and "data_shuffle=False" not in text and ", False, " not in text
                if not shuffled:
                    found = difference(expected, wire.copy(value), Tolerance(1e-3, 1e-4))
                    assert found is None, f"{text}\n{found}"
                    compared += 1
    assert compared or driver in ("train", "replace", "gradients", "accuracy")
