"""The audit finds the grader in order, and says so, with status 1, where it is not."""

import contextlib
import itertools
import json

import pytest

from grader.audit import run
from grader.audit.run import Step
from grader.cli.audit import audit
from grader.course import registry
from grader.running import diagnosis, loading
from grader.running.session import Session
from grader.writing.mistake import Mistake
from solutions import weights


def silent(what, done, total):
    pass


@pytest.mark.parametrize("topic", registry.TOPICS, ids=lambda topic: topic.name)
def test_every_mutant_is_caught(topic):
    step = run.mutation([topic], 1, silent)
    assert step.problems == ()
    assert step.tried > 10
    assert step.details["score"] == 1.0


def test_a_mutant_that_survives_is_listed_with_its_diff(monkeypatch):
    monkeypatch.setattr(run, "equivalent_mutants", lambda: {})
    step = run.mutation([registry.topic("weights")], 1, silent)
    (problem,) = step.problems
    assert "a mutant survives, solutions/weights.py:" in problem
    assert "-    images = images.astype(np.float64)" in problem
    assert step.details["score"] < 1


def test_a_record_of_a_mutant_that_is_none_is_reported(monkeypatch):
    monkeypatch.setattr(run, "equivalent_mutants", lambda: {("cnn", "return 1 => return 2"): "of old"})
    step = run.mutation([registry.topic("cnn")], 1, silent)
    assert step.problems == ("recorded as equivalent, and no mutant any more: cnn: return 1 => return 2",)


def _known(monkeypatch, *functions):
    """Makes these functions the only known mistakes of rescale."""
    mistakes = tuple(Mistake("rescale", f"mistake-{place}", "", "", f) for place, f in enumerate(functions))
    monkeypatch.setattr(loading, "all_mistakes", lambda: mistakes)
    monkeypatch.setattr(diagnosis, "mistakes_of", lambda exercise: mistakes)


def _halves(images):
    return weights.rescale(images) / 2


def _other_halves(images):
    return weights.rescale(images) * 0.5


def test_a_mistake_that_loses_nothing_is_reported(monkeypatch):
    _known(monkeypatch, weights.rescale)
    assert run.try_mistake(0) == ["rescale: mistake-0 loses nothing"]


def test_mistakes_that_cannot_be_told_apart_are_reported(monkeypatch):
    _known(monkeypatch, _halves, _other_halves)
    checks = ("spreads_the_lessons_weights", "spreads_the_whole_array")
    assert run.try_mistake(0) == [f"rescale: mistake-0 is named nothing in {check}" for check in checks]


def test_stubs_hints_solutions_and_samples_are_in_order(session):
    """Of one topic; all of them are graded in test_commands.py and test_samples.py."""
    exercises = registry.topic("weights").exercises
    steps = list(itertools.islice(run.audit(session, quick=True, jobs=1, progress=silent, exercises=exercises), 6))
    assert [step.problems for step in steps] == [()] * 6
    assert all(step.tried for step in steps)


@pytest.mark.parametrize(("problems", "status"), [((), 0), (("rescale has 1",), 1)])
def test_the_status_says_whether_the_audit_is_clean(problems, status, monkeypatch, capsys):
    steps = [Step("hints", 22), Step("mistakes", 2, problems, {"score": 0.5})]
    monkeypatch.setattr(Session, "start", lambda: contextlib.nullcontext())
    monkeypatch.setattr(run, "audit", lambda session, **options: iter(steps))
    assert audit(quick=True, jobs=1, json_target="-") == status
    found = json.loads(capsys.readouterr().out)
    assert found["passed"] == (status == 0)
    assert found["steps"][1] == {
        "name": "mistakes", "passed": status == 0, "tried": 2, "problems": list(problems), "score": 0.5,
    }  # fmt: skip
    assert audit(quick=True, jobs=1, json_target=None) == status
    said = capsys.readouterr().out
    assert ("FAIL  mistakes (2 tried, score 0.5)\n      rescale has 1\n" in said) == (status == 1)
