"""A known mistake that is written as its difference from the reference: what is replaced, and what cannot be."""

import types

import pytest
import torch

from grader.audit import local
from grader.course import registry
from grader.running import diagnosis
from grader.running.reference import reference_text
from grader.writing import mistake
from grader.writing.difference import Difference, DoesNotFit
from grader.writing.mistake import Mistake, differs

REFERENCE = '''
"""Counts.

>>> count(3) + 1
"""


def _least(n: int) -> int:
    return 1 + 0


def count(n: int) -> int:
    """Counts from n.

    >>> n = n + 1
    """
    if n < _least(n):
        raise ValueError("n + 1")
    for step in range(2):
        n = n + 1
        n = n * 2
    return n


class Counter:
    """Counts."""

    def count(self, n: int) -> int:
        return n + 1
'''


def written(instead_of, *functions):
    """The lines of the reference that are written otherwise, as they were and as they are."""
    before = REFERENCE.split("\n")
    after = Difference(functions or ("count",), instead_of).written_into(REFERENCE).split("\n")
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_a_part_of_a_line_reads_otherwise_in_the_function_alone_and_not_in_its_docstring():
    assert written({"n = n + 1": "n = n + 2"}) == (["        n = n + 1"], ["        n = n + 2"])


def test_a_statement_is_left_out():
    assert written({"n = n * 2": ""}) == (["        n = n * 2"], ["        "])


def test_lines_are_indented_as_the_one_in_whose_place_they_come():
    assert written({"n = n + 1\nn = n * 2": "if n:\n    n = 5\nn += 1"}) == (
        ["        n = n + 1", "        n = n * 2"],
        ["        if n:", "            n = 5", "        n += 1"],
    )
    assert written({"if n < _least(n):\n    raise": "if n < 0:\n    print()\n    raise"})[1][:2] == [
        "    if n < 0:",
        "        print()",
    ]


def test_two_places_may_change_their_texts():
    assert written({"n = n + 1": "n = n * 2", "n = n * 2": "n = n + 1"}) == ([], [])
    changed = Difference(("count",), {"n = n + 1": "n = n * 2", "n = n * 2": "n = n + 1"}).written_into(REFERENCE)
    assert changed.index("        n = n * 2\n        n = n + 1\n") > 0


def test_a_method_and_a_function_that_is_called_can_be_meant():
    assert written({"n + 1": "n"}, "Counter.count") == (["        return n + 1"], ["        return n"])
    assert written({"1 + 0": "0"}, "count", "_least") == (["    return 1 + 0"], ["    return 0"])


@pytest.mark.parametrize(
    ("instead_of", "functions", "said"),
    [
        ({"n = n - 1": ""}, ["count"], "'n = n - 1' must stand once in count, and stands there 0 times"),
        ({"n + 1": ""}, ["count"], "'n + 1' must stand once in count, and stands there 2 times"),
        ({">>> n": ""}, ["count"], "'>>> n' must stand once in count, and stands there 0 times"),
        ({"def count": ""}, ["count"], "'def count' must stand once in count, and stands there 0 times"),
        ({"n = n + 1\n    n = n": ""}, ["count"], "stands there 0 times"),
        ({"return": ""}, ["count", "_least"], "'return' must stand once in count and _least, and stands there 2 times"),
        ({"n": "m"}, ["total"], "there is no total"),
        ({"n": "m"}, ["Counter.total"], "there is no Counter.total"),
        ({"n * 2": "2", "n = n * 2": ""}, ["count"], "'n * 2' overlaps with what else it replaces"),
    ],
)
def test_what_does_not_fit_is_told(instead_of, functions, said):
    with pytest.raises(DoesNotFit) as told:
        Difference(tuple(functions), instead_of).written_into(REFERENCE)
    assert said in str(told.value)


def test_what_is_no_python_with_it_is_told():
    with pytest.raises(DoesNotFit) as told:
        diagnosis.with_function(registry.exercise("rescale"), Difference(("rescale",), {"return rescaled": "return ("}))
    assert str(told.value) == "with it, 'return (' is no Python: '(' was never closed"


@pytest.fixture
def recorded(monkeypatch):
    """What is recorded in this test alone."""
    found = {}
    monkeypatch.setattr(mistake, "_RECORDED", found)
    return found


def test_a_difference_is_recorded_with_the_module_that_says_it(recorded):
    differs("conv2d", "adds-nothing", says="A.", asks="B?", instead_of={"bias": "0"}, also_in="_pair")
    (found,) = recorded["conv2d"]
    assert (found.identifier, found.says, found.asks, found.module) == ("adds-nothing", "A.", "B?", __name__)
    assert (found.wrong.functions, found.wrong.instead_of) == (("conv2d", "_pair"), {"bias": "0"})


def test_the_reference_itself_stays_as_it_is_and_its_file_has_no_lines_of_the_other():
    exercise = registry.exercise("MLP.forward")
    wrong = diagnosis.with_function(exercise, Difference((exercise.name,), {"F.relu": "torch.tanh"}))
    right = diagnosis.with_function(exercise, Difference((exercise.name,), {}))
    assert isinstance(wrong, types.ModuleType)
    assert wrong.MLP.forward.__code__.co_filename == "<reference_classifiers>"
    assert right.MLP.forward.__code__.co_firstlineno > 1
    assert wrong.MLP.forward.__code__.co_firstlineno == right.MLP.forward.__code__.co_firstlineno
    torch.manual_seed(0)
    model, images = right.MLP(3, 4, 2), torch.randn(2, 2, 2)
    assert not torch.equal(wrong.MLP.forward(model, images), model(images))
    assert "torch.tanh" not in reference_text("classifiers")


def test_a_difference_that_does_not_fit_names_nobodys_mistake_and_leaves_the_others_named(monkeypatch):
    exercise = registry.exercise("rescale")
    unfit = Mistake("rescale", "unfit", "", "", Difference(("rescale",), {"nothing like this": ""}))
    halves = Mistake("rescale", "halves", "", "", Difference(("rescale",), {"(high - low)": "(high - low) / 2"}))
    monkeypatch.setattr(diagnosis, "mistakes_of", lambda name: (unfit, halves))
    monkeypatch.setattr(local.casebook(), "known_answers", diagnosis.KnownAnswers())
    _, named = local.failures_and_names(diagnosis.with_function(exercise, halves.wrong), exercise)
    assert named and {found.identifier for found in named.values()} == {"halves"}
