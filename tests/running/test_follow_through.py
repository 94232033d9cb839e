"""What calls a function that is not right yet is graded with a right one in its place, and says so."""

import pytest

from grader.course import registry
from grader.running.stand_ins import CALLEES, STAND_INS
from tests.running.sources import changed, followed

STUB = "def {}(*args, **kwargs):\n    raise NotImplementedError('write it')"


def by_name(report):
    return {result.name: result for result in report.exercises}


@pytest.mark.parametrize("callee", STAND_INS)
def test_an_exercise_whose_callee_is_not_started_earns_its_points(callee, grade):
    topic = STAND_INS[callee].topic
    found = by_name(grade(followed(topic, STUB.format(callee)), exercises=registry.topic(topic).exercises))
    assert found.pop(callee).status == "not_started"
    callers = [name for name, callees in CALLEES.items() if callee in callees]
    assert {result.status for result in found.values()} == {"passed"}
    for name in callers:
        assert found[name].note == f"Graded with a right `{callee}`; yours is not right yet: do that first."
        assert found[name].checks[0].message.endswith(found[name].note)
    assert {result.note for name, result in found.items() if name not in callers} <= {""}


def test_both_callees_may_be_missing(grade):
    sources = followed("training", STUB.format("train_step") + "\n\n" + STUB.format("get_accuracy"))
    result = by_name(grade(sources, exercises=[registry.exercise("train")]))["train"]
    assert result.status == "passed"
    assert result.note.startswith("Graded with right `train_step` and `get_accuracy`; yours are not right yet")


def test_an_exercises_own_mistake_still_costs(grade):
    text = changed("training", ("range(num_epochs)", "range(1)"))["training"].decode()
    sources = {"training": (text + "\n\n" + STUB.format("get_accuracy")).encode()}
    result = by_name(grade(sources, exercises=registry.topic("training").exercises))["train"]
    assert result.status == "partial"
    failed = [check for check in result.checks if check.status != "passed"]
    assert failed and all("`get_accuracy`" in check.message for check in failed)


def test_a_stub_that_stands_is_not_started_whatever_it_calls(grade):
    sources = followed("shapes", STUB.format("trace_shapes") + "\n\n" + STUB.format("conv2d_output_shape"))
    result = by_name(grade(sources, exercises=registry.topic("shapes").exercises))["trace_shapes"]
    assert (result.status, result.note) == ("not_started", "")


def test_an_exercise_that_is_right_with_its_own_callees_is_not_asked_twice(grade):
    sources = followed(
        "classifiers",
        """
        def flatten_images(images):
            if not images.is_contiguous():
                raise RuntimeError("no")
            return images.reshape(len(images), -1)
        """,
    )
    found = by_name(grade(sources, exercises=registry.topic("classifiers").exercises))
    assert found["flatten_images"].status == "partial"
    assert found["MLP.forward"].status == "passed"
    assert found["MLP.forward"].note == ""
