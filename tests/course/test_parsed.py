"""What students write is parsed without a word."""

from __future__ import annotations

import warnings

import pytest

from grader.course.parsed import bindings, tree_of


def test_nothing_is_said_of_a_students_strings():
    """Newer Pythons warn on the standard error each time they parse such a string."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        tree = tree_of('"""A filter \\sigma."""\nlimit = "\\d" is 3\n')
        bindings('"""A filter \\sigma."""\n')
    assert not said and len(tree.body) == 2


def test_what_is_no_python_is_an_error():
    with pytest.raises(SyntaxError):
        tree_of("def f(:")
