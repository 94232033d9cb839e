"""The audit finds the grader in order, and says so, with status 1, where it is not."""

import contextlib
import itertools
import json

import pytest

from grader.audit import local, run, shares
from grader.audit.run import Step
from grader.audit.shares import Slip
from grader.cli.audit import audit
from grader.course import registry
from grader.running import diagnosis
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


def _told(monkeypatch, *functions):
    """What is told of the first of these functions where they are the only known mistakes of rescale."""
    mistakes = tuple(Mistake("rescale", f"mistake-{place}", "", "", f) for place, f in enumerate(functions))
    monkeypatch.setattr(diagnosis, "mistakes_of", lambda exercise: mistakes)
    monkeypatch.setattr(local.casebook(), "known_answers", diagnosis.KnownAnswers())
    _, problems = shares.graded(Slip("rescale", "mistake-0", functions[0], frozenset(["mistake-0"]), known=True))
    return problems


def _halves(images):
    return weights.rescale(images) / 2


def _other_halves(images):
    return weights.rescale(images) * 0.5


def test_a_mistake_that_loses_nothing_is_reported(monkeypatch):
    assert _told(monkeypatch, weights.rescale) == ("rescale: mistake-0 loses nothing",)


def test_mistakes_that_cannot_be_told_apart_are_reported(monkeypatch):
    checks = ("spreads_the_lessons_weights", "spreads_the_whole_array")
    told = tuple(f"rescale: mistake-0 is named nothing in {check}" for check in checks)
    assert _told(monkeypatch, _halves, _other_halves) == told


def test_a_wrong_answer_that_is_called_by_a_wrong_name_is_reported():
    clips = next(slip for slip in shares.slips() if (slip.exercise, slip.identifier) == ("rescale", "clips"))
    _, problems = shares.graded(Slip("rescale", "cut-off", clips.wrong, frozenset(["constant-stays"])))
    assert problems == ("rescale: cut-off is named ['clips'], and not ['constant-stays']",)


def test_what_is_allowed_and_loses_points_is_reported():
    _, problems = shares.graded(Slip("rescale", "halves", _halves, frozenset(), allowed="who minds"))
    assert problems == ("rescale: halves loses points, and is allowed to lose none: who minds",)


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
