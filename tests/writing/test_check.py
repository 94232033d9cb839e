"""Cases come from Hypothesis, and from nothing that happens to be imported."""

from __future__ import annotations

import hypothesis
from hypothesis import given, seed
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

from grader.writing.check import Check, no_constants_of_files


def test_hypothesis_still_mixes_in_the_numbers_of_source_files():
    """Where this fails, `no_constants_of_files` is needed no more, or has something else to put aside."""
    if hypothesis.__version_info__ < (6, 131):
        assert not hasattr(providers, "_get_local_constants")
        return
    usual = providers._get_local_constants
    with no_constants_of_files():
        assert providers._get_local_constants() == providers.Constants()
    assert providers._get_local_constants is usual


def test_a_seed_gives_the_same_cases_whatever_hypothesis_was_asked_before():
    check = Check("rescale", "x", 1, lambda ask, number: None, "", {"number": st.integers()})
    first = check.cases(3, 30)

    @seed(1)
    @check.settings(50, "generate")
    @given(st.integers())
    def something_else(number: int) -> None:
        pass

    something_else()
    assert check.cases(3, 30) == first
    assert check.cases(4, 30) != first
