"""What a handout has of a check: its body without the questions that it judges by, and what that still needs."""

from __future__ import annotations

import ast
import textwrap

from grader.export.cutting import cut

CHECKS = '''
"""Checks of topic sums."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.topics.sums import cases
from grader.topics.sums.others import shown, unused
from grader.writing.check import check
from grader.writing.strategies import st

if TYPE_CHECKING:
    from solutions.sums import Number

_CASES = [{"number": number} for number in range(9)]
_CLOSE = 1e-5


def _double(number: Number) -> Number:
    return 2 * number


class TestDouble:
    exercise = "double"

    @check(weight=2, lesson=True, always=_CASES, about="sums", number=st.integers(1, 9), smaller={})
    def test_doubles(self, ask: Any, number: int) -> None:
        """Twice the number."""
        expected = ask.judged(lambda: _double(number) + math.pi)

        def question() -> Any:
            return torch.tensor(number)

        other = ask.judged(question)
        ask.function("double", cases.text(number)).equals(expected, other, close=_CLOSE, text=shown(number))


class TestHalf:
    exercise = "half"

    @check(weight=1)
    def test_halves(self, ask: Any) -> None:
        nn.Linear(1, 1)
'''
CASES = '''
"""Cases."""

from grader.writing.strategies import st

_NAMES = {1: "one"}
NUMBERS = st.integers(1, 2)


def text(number: int) -> str:
    return _NAMES[number]


def secret() -> int:
    return 42
'''
OTHERS = "def shown(x):\n    return x\n\n\ndef unused():\n    return 1\n"


def test_the_bodies_stay_without_questions_cases_and_what_only_those_use():
    found = cut({"checks": CHECKS, "cases": CASES, "others": OTHERS}, "grader.topics.sums", {"double"})
    expected = '''
    """Checks of topic sums."""
    from __future__ import annotations
    from grader.topics.sums import cases
    from grader.topics.sums.others import shown
    from grader.writing.check import check
    _CLOSE = 1e-05

    class TestDouble:
        exercise = 'double'

        @check(weight=2, lesson=True, about='sums')
        def test_doubles(self, ask, number):
            """Twice the number."""
            expected = ask.judged()
            other = ask.judged()
            ask.function('double', cases.text(number)).equals(expected, other, close=_CLOSE, text=shown(number))
    '''
    assert ast.dump(ast.parse(found["checks"])) == ast.dump(ast.parse(textwrap.dedent(expected)))
    assert found["cases"].split("\n\n") == [
        '"""Cases."""\n_NAMES = {1: \'one\'}',
        "def text(number):\n    return _NAMES[number]\n",
    ]
    assert found["others"] == "def shown(x):\n    return x\n"


def test_an_exercise_that_is_left_out_has_no_checks_and_a_module_that_nobody_needs_goes():
    found = cut({"checks": CHECKS, "cases": CASES, "others": OTHERS}, "grader.topics.sums", {"half"})
    assert found.keys() == {"checks"}
    assert "TestDouble" not in found["checks"] and "nn.Linear" in found["checks"] and "torch" in found["checks"]
