"""Functions that do no work earn nothing: in every exercise, whatever the seed."""

import pytest

from grader.audit import degenerate
from grader.course import registry
from grader.running.loading import checks_of
from solutions import weights


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("exercise", registry.EXERCISES, ids=lambda exercise: exercise.name)
def test_a_function_that_does_no_work_earns_nothing(exercise, seed):
    assert degenerate.earned(exercise, seed) == {}


def test_a_check_that_can_be_passed_without_work_is_reported(monkeypatch):
    monkeypatch.setattr(degenerate, "BODIES", {"does it all": lambda arguments: weights.rescale(**arguments)})
    found = degenerate.earned(registry.exercise("rescale"))
    assert found == {"does it all": [check.name for check in checks_of("weights")["rescale"]]}
