"""Who knows the answers of another seed by heart, and nothing else, has half of an exercise and no more."""

import inspect

import pytest

from grader.audit import local, shares
from grader.course import registry
from grader.running.diagnosis import with_function
from solutions import shapes

NAMES = ["conv2d_parameter_shapes", "conv2d_output_shape", "max_pool2d_output_shape", "same_padding"]


def _written_down(exercise, seed):
    """All answers that a seed's cases get, by the call."""
    right, table = getattr(shapes, exercise.function), {}

    def answer(*args, **kwargs):
        table[repr((args, kwargs))] = found = right(*args, **kwargs)
        return found

    assert local.failures_and_names(with_function(exercise, answer), exercise, seed) == ({}, {})
    return table


def _by_heart(exercise, table):
    """Answers from a table, and refuses all other calls with the value of each argument."""
    taken = inspect.signature(getattr(shapes, exercise.function))

    def answer(*args, **kwargs):
        if repr((args, kwargs)) in table:
            return table[repr((args, kwargs))]
        given = taken.bind(*args, **kwargs)
        given.apply_defaults()
        raise ValueError(", ".join(f"{name}={value}" for name, value in given.arguments.items()))

    return answer


@pytest.mark.parametrize("name", NAMES)
def test_who_knows_another_seeds_answers_by_heart_has_half_of_the_points(name):
    exercise = registry.exercise(name)
    answer = _by_heart(exercise, _written_down(exercise, seed=5))
    failures, _ = local.failures_and_names(with_function(exercise, answer), exercise, seed=0)
    cost = shares.cost_of(shares.Slip(name, "by-heart", answer, frozenset()), set(failures))
    assert cost.right_for_the_lesson and cost.share == 0.5
