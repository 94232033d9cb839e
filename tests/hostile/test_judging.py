"""What is answered may be made so that judging it takes long, or much: that has an end, and the rest is graded."""

from __future__ import annotations

import textwrap
import time

import numpy as np
import pytest

from grader.running import diagnosis, loading, run
from grader.writing import ask as asking
from tests.hostile.support import reference, statuses
from tests.running.test_walls import with_body

WRONG = "_right = rescale\ndef rescale(images):\n    return _right(images) / 2\n"
# Right, and by its bytes another answer than the reference's, which would not be looked at.
OTHERWISE = "_right = rescale\ndef rescale(images):\n    return _right(images).astype(np.float32)\n"


def _spin(*args, **kwargs):
    until = time.process_time() + 300
    while time.process_time() < until:
        pass


def _memory(*args, **kwargs):
    kept = [np.zeros(2**26) for _ in range(100)]
    raise AssertionError(len(kept))


@pytest.fixture
def short(monkeypatch):
    """Judging may take a second."""
    monkeypatch.setattr(asking, "JUDGING_SECONDS", 1.0)
    monkeypatch.setattr(run, "JUDGING_SECONDS", 1.0)


def _checks_with(monkeypatch, name, then):
    """Lets a check of `rescale` do something else with what the submission answers."""
    original = loading.checks_of("weights")["rescale"]
    body = next(check.body for check in original if check.name == name)

    def judged(ask, **case):
        body(ask, **case)
        if ask.subject is not ask.reference:
            then()

    with_body(monkeypatch, name, judged)


@pytest.mark.parametrize("then", [_spin, _memory], ids=["time", "memory"])
def test_comparing_has_an_end_and_costs_that_exercise_only(attack, monkeypatch, short, then):
    name = loading.checks_of("weights")["rescale"][0].name
    _checks_with(monkeypatch, name, then)
    report = attack(reference("weights") + OTHERWISE, "rescale", "tile_images")
    found = {check.name: check.status for check in report.exercises[0].checks}
    assert found[name] == ("timeout" if then is _spin else "failed")
    assert report.exercises[1].status == "passed"
    assert not report.faults


@pytest.mark.parametrize("then", [_spin, _memory], ids=["time", "memory"])
def test_a_name_that_takes_too_much_to_find_is_not_given(attack, monkeypatch, short, then):
    monkeypatch.setattr(diagnosis, "name_mistakes", then)
    report = attack(reference("weights") + WRONG, "rescale", "tile_images")
    assert statuses(report) == {"passed", "failed"}
    assert not report.faults


def test_what_a_wrong_answer_says_of_itself_is_short(attack):
    source = """
    from grader.sandbox import drivers
    drivers.DRIVERS["replace"] = lambda module, **asked: {
        "classifier": ["x" * 1000] * 200, "value": "x" * 200_000, "before": 1, "after": 1,
        "hooks": 10**1000, "said": ["y" * 1000] * 200,
    }
    """
    report = attack(source, "replace_classifier")
    assert report.score == 0
    assert len(str(report.as_dict())) < 40_000


def test_what_takes_long_to_be_told_apart_has_an_end(attack, short):
    """Whether many batches come in one order, again and again, is found out by comparing all of them with each other."""
    source = """
    from grader.sandbox import drivers, wire
    Record = wire.Record
    batches = [[0]] * 12_000 + [[1]]
    lists = {name: [0.5] for name in ("iters", "losses", "train_acc", "val_acc")}
    drivers.DRIVERS["train"] = lambda module, **asked: {
        "history": Record("History", lists), "state": {}, "weights": [], "wants": [], "reached": [], "updates": [],
        "batches": [[1, 0], *batches],
    }
    """
    report = attack(source, "train")
    assert report.score == 0
    assert not report.faults


def test_a_conversation_of_much_too_long_messages_has_an_end(attack):
    """What stands in for a function asks for steps; whoever answers them with a flood is not listened to for long."""
    source = """
    import os
    from grader.sandbox import wire
    def train(model, train_data, val_data, **options):
        body = wire.encode({"stand_in": "get_accuracy", "args": ([None] * 40_000,), "kwargs": {}})
        for number in range(3, 100_000):
            os.write(4, body.frame(number))
    """
    report = attack(
        reference("training") + "\ndef get_accuracy(*args):\n    return None\n" + textwrap.dedent(source), "train"
    )
    assert report.score == 0
    assert not report.faults
