"""A report always: what goes wrong in the grader is one exercise's matter, said to be the grader's fault, status 3."""

import dataclasses
import os
import signal

import pytest

from grader.course import registry
from grader.exits import GRADER_FAILED
from grader.running import casebook, diagnosis, loading, run
from grader.running.reference import reference_text
from grader.running.session import Session
from grader.running.walls import NOT_CHECKED, REFERENCE_FAILS
from tests.running.sources import followed

WEIGHTS = registry.topic("weights").exercises


def with_body(monkeypatch, check_name, body):
    """Puts another body into a check, wherever its checks are looked up."""
    original = loading.checks_of

    def checks_of(topic):
        return {
            name: [dataclasses.replace(c, body=body) if c.name == check_name else c for c in checks]
            for name, checks in original(topic).items()
        }

    monkeypatch.setattr(run, "checks_of", checks_of)


def test_a_check_that_the_reference_fails_is_named_with_its_case_and_costs_nobody_the_rest(monkeypatch, session):
    def body(ask, size, columns, seed):
        raise AssertionError("columns are counted from one")

    with_body(monkeypatch, "lays_pictures_row_by_row", body)
    report = run.grade(
        {"weights": reference_text("weights").encode()},
        name="x", nursery=session.nurseries[0], casebook=casebook.Casebook(0), exercises=WEIGHTS,
    )  # fmt: skip
    found = {check.name: check for result in report.exercises for check in result.checks}
    assert found.pop("lays_pictures_row_by_row").message == REFERENCE_FAILS
    assert {check.status for check in found.values()} == {"passed"}
    (fault,) = report.faults
    assert fault.where == "tile_images, lays_pictures_row_by_row"
    assert "seed 0" in fault.text and "'columns': 2" in fault.text and "counted from one" in fault.text


@pytest.mark.parametrize(
    "error", [RecursionError, MemoryError, pytest.skip.Exception, type("Odd", (BaseException,), {})]
)
def test_whatever_is_raised_while_an_exercise_is_graded_is_that_exercises_result(error, monkeypatch, session):
    original = run.run_check

    def run_check(check, *args, **options):
        if check.exercise == "rescale":
            raise error("inside")
        return original(check, *args, **options)

    monkeypatch.setattr(run, "run_check", run_check)
    report = run.grade(
        {"weights": reference_text("weights").encode()},
        name="x", nursery=session.nurseries[0], casebook=casebook.Casebook(0), exercises=WEIGHTS,
    )  # fmt: skip
    results = {result.name: result for result in report.exercises}
    assert {check.message for check in results.pop("rescale").checks} == {NOT_CHECKED}
    assert {result.status for result in results.values()} == {"passed"}
    assert all("inside" in fault.text for fault in report.faults)
    assert "inside" not in str(report.as_dict())


def test_a_name_that_cannot_be_found_costs_no_point(monkeypatch, grade):
    def name_mistakes(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(diagnosis, "name_mistakes", name_mistakes)
    slip = "_right = rescale\ndef rescale(images):\n    return _right(images) / 2"
    report = grade(followed("weights", slip), exercises=WEIGHTS)
    assert [result.status for result in report.exercises] == ["passed", "partial", "passed"]
    assert [fault.where for fault in report.faults] == ["rescale, the name of its mistake"]


def test_a_process_that_dies_takes_its_share_alone(monkeypatch):
    original = run._grade_topic

    def grade_topic(grading, topic, wanted, results):
        if topic == "shapes":
            os.kill(os.getpid(), signal.SIGKILL)
        original(grading, topic, wanted, results)

    monkeypatch.setattr(run, "_grade_topic", grade_topic)
    wanted = [registry.exercise(name) for name in ("train_step", "same_padding")]
    sources = {topic: reference_text(topic).encode() for topic in ("training", "shapes")}
    with Session.start(processes=2) as session:
        report = session.grade(sources, exercises=wanted, seed=0, name="x")
    assert [result.status for result in report.exercises] == ["passed", "failed"]
    assert {check.message for check in report.exercises[1].checks} == {NOT_CHECKED}
    assert [fault.where for fault in report.faults] == ["shapes"]


def test_a_report_comes_also_where_the_only_process_dies(monkeypatch):
    monkeypatch.setattr(run, "_grade_topic", lambda *args: os.abort())
    with Session.start(processes=1) as session:
        report = session.grade({"shapes": b""}, exercises=[registry.exercise("same_padding")], seed=5, name="x")
    assert (report.submission, report.seed, report.score, report.max_score) == ("x", 5, 0, 3)
    assert {check.message for check in report.exercises[0].checks} == {NOT_CHECKED}
    assert [fault.where for fault in report.faults] == ["shapes"]


def test_the_command_writes_every_report_and_then_says_that_the_grader_failed(monkeypatch, tmp_path, capsys):
    from grader.__main__ import run as command

    def name_mistakes(*args):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(diagnosis, "name_mistakes", name_mistakes)
    (tmp_path / "weights.py").write_bytes(
        followed("weights", "_right = rescale\ndef rescale(images):\n    return _right(images) / 2")["weights"]
    )
    target = tmp_path / "report.json"
    status = command(["check", "rescale", "--submission", str(tmp_path), "--json", str(target)])
    assert status == GRADER_FAILED
    assert target.exists()
    said = capsys.readouterr()
    assert "rescale, the name of its mistake could not be checked: ZeroDivisionError: inside" in said.err
    assert "inside" not in said.out and "inside" not in target.read_text(encoding="utf-8")
