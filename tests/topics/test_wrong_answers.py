"""Every known mistake, and every wrong answer that we could think of, loses what it is worth, under no wrong name."""

import pytest

from grader.audit import shares


@pytest.mark.parametrize("slip", shares.slips(), ids=lambda slip: f"{slip.exercise}-{slip.identifier}")
def test_what_is_wrong_loses_what_it_is_worth_and_is_called_by_no_other_name(slip):
    cost, problems = shares.graded(slip)
    assert problems == ()
    assert cost.problem is None
