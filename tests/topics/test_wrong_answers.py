"""Every wrong answer that we could think of loses points in its exercise, no more than it is worth, under no wrong name."""

import pytest

from grader.audit import shares
from grader.audit.local import failures_and_names
from grader.course import registry
from grader.running.diagnosis import with_function
from tests.wrong.base import all_wrong_answers

# Slips that a check could catch only by punishing answers that the contract allows.
_ALLOWED = {
    "accuracy-ignores-batch-size": "the result is right, and how a dataset is walked through is the student's choice",
    "accuracy-gradients-off-after-an-error": "the contract speaks of calls that return or refuse, not of broken models",
    "accuracy-all-of-a-tie": "how ties between logits are broken is not laid down",
    "accuracy-device-of-a-parameter": "a common idiom, and the lesson's models have parameters",
    "step-thaws-the-model": "nothing says that a model may have frozen parameters, and gradients may be asked of all of them",
    "train-thaws-the-model": "as for train_step",
    "train-shuffles-after-the-first-epoch": "the order of shuffling is open",
    "train-leaves-the-tail-out": "the order of shuffling is open, and which images are left over follows from it",
    "rescale-nearly-constant": "showing it takes numbers so close together that float32 cannot tell them apart either",
    "rescale-small-integers-overflow": "8-bit signed pictures do not occur in the lesson",
}


@pytest.mark.parametrize("answer", all_wrong_answers(), ids=lambda answer: f"{answer.exercise}-{answer.identifier}")
def test_a_wrong_answer_loses_points_and_is_not_called_by_another_name(answer):
    exercise = registry.exercise(answer.exercise)
    failures, named = failures_and_names(with_function(exercise, answer.function), exercise)
    assert bool(failures) != (answer.identifier in _ALLOWED), answer.why
    if failures:
        assert (
            shares.cost_of(shares.Slip(answer.exercise, answer.identifier, answer.function), set(failures)).problem
            is None
        )
    assert {mistake.identifier for mistake in named.values()} == answer.named


def test_what_is_allowed_is_still_there():
    assert _ALLOWED.keys() <= {answer.identifier for answer in all_wrong_answers()}
