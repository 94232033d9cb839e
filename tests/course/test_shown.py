"""What an instructor's settings leave of a report, which seed they grade with, and how much time they give."""

from __future__ import annotations

import functools
import io
from dataclasses import replace

import pytest
from rich.console import Console

from grader.audit import local
from grader.batch.results.records import Cause, recorded
from grader.course import registry, seeds
from grader.course.settings import SettingsProblem
from grader.report import json_view, terminal
from grader.report.model import ExerciseResult, Report
from grader.report.views import VIEWS
from grader.running import diagnosis, run, verdicts
from grader.running.kit import settings_digest
from grader.running.limits import Patience
from grader.running.loading import checks_of, mistakes_of
from grader.running.walls import Faults


@pytest.fixture
def course(monkeypatch):
    """Has the settings as a test wants them."""

    def set_to(**settings):
        monkeypatch.setattr(registry, "FACTS", replace(registry.FACTS, **settings))

    return set_to


@functools.cache
def outcomes(name: str, identifier: str):
    """What the checks of an exercise find of a known mistake, and its names."""
    exercise = registry.exercise(name)
    (mistake,) = (mistake for mistake in mistakes_of(name) if mistake.identifier == identifier)
    ask = local.ask_module(diagnosis.with_function(exercise, mistake.wrong), exercise.topic)
    found = run._run_checks(exercise, checks_of(exercise.topic)[name], ask, local.casebook(), Patience(), Faults())
    return found, run._names(exercise, found, ask, local.casebook(), Faults())


def report() -> Report:
    """Of somebody who counts the padding once, and whose maximum starts from zero."""
    results = []
    for name, identifier in (("conv2d_output_shape", "pads-one-side"), ("max_pool2d", "starts-from-zero")):
        topic = registry.exercise(name).topic
        results.append(
            ExerciseResult(topic, name, verdicts.of_checks(*outcomes(name, identifier)), f"exercises/{topic}.py:1")
        )
    return Report("1", "x", 0, 0.0, (), tuple(results), notes=tuple(verdicts.deadline_notes(late=False)))


def views(found: Report) -> dict[str, str]:
    """The report in every view, the terminal's whole and short."""
    texts = {view.name: view.render(found) for view in VIEWS}
    for verbose in (False, True):
        console = Console(file=io.StringIO(), width=100, highlight=False)
        terminal.render(found, console=console, verbose=verbose)
        texts[f"terminal, verbose={verbose}"] = console.file.getvalue()
    return texts


ASKS = "where is the other one?"
SAYS = "the padding is counted once"


def test_without_settings_all_is_shown():
    found = views(report())
    for name, text in found.items():
        assert SAYS in " ".join(text.split()) or name == "classroom", name
        assert "deadline" not in text
    assert "grader hint" in found["html"] and "pads-one-side" in found["json"]


def test_no_view_shows_a_hint_where_the_course_shows_none(course):
    course(show_hints=False)
    for name, text in views(report()).items():
        flat = " ".join(text.split())
        assert ASKS not in flat and "grader hint" not in flat, name
        assert "hint" not in flat.lower().replace('"hint": null', ""), name
        assert SAYS in flat or name == "classroom", name


def test_no_view_names_a_mistake_where_the_course_names_none_and_its_overview_does(course):
    course(show_mistakes=False)
    found = report()
    for name, text in views(found).items():
        flat = " ".join(text.split())
        assert not any(said in flat for said in (SAYS, ASKS, "pads-one-side", "starts-from-zero", "Known mistake")), (
            name
        )
    record = recorded("x", Cause("", "", "", 0), found, status="graded")
    assert {check.misconception for e in record.exercises for check in e.checks} == {
        None, "pads-one-side", "starts-from-zero",
    }  # fmt: skip


def test_no_view_shows_what_would_have_been_right_where_the_course_does_not(course):
    shown = report()
    course(show_solutions=False)
    hidden = report()
    right = [c.counterexample for e in shown.exercises for c in e.checks if c.counterexample]
    elsewhere = "".join(one.call + one.got for one in right)
    answers = [one.expected for one in right if one.expected not in elsewhere]
    assert answers
    for name, text in views(hidden).items():
        assert not [answer for answer in answers if answer in text.replace("&#39;", "'")], name
        assert verdicts.NOT_SHOWN in " ".join(text.split()) or name == "classroom", name
    for before, after in zip(shown.exercises, hidden.exercises, strict=True):
        assert before.score == after.score
        for one, other in zip(before.checks, after.checks, strict=True):
            assert (one.status, one.misconception) == (other.status, other.misconception)
            if one.counterexample:
                assert (one.counterexample.call, one.counterexample.got) == (
                    other.counterexample.call, other.counterexample.got,
                )  # fmt: skip
            assert other.picture is None


def test_the_deadline_is_told_and_costs_nothing(course):
    before = report()
    course(deadline="Tuesday, 1 December 2026, 23:59")
    after = report()
    assert json_view.render(before) == json_view.render(after)
    for name, text in views(after).items():
        told = "The deadline is Tuesday, 1 December 2026, 23:59." in " ".join(text.split())
        assert told or name in ("json", "junit", "classroom"), name
    assert verdicts.deadline_notes(late=True) == ["Handed in after the deadline, Tuesday, 1 December 2026, 23:59."]


def test_the_command_lines_seed_goes_before_the_settings_and_these_before_0(course):
    assert (seeds.chosen(None), seeds.preferred(None)) == (0, None)
    course(seed=7)
    assert (seeds.chosen(None), seeds.preferred(None)) == (7, 7)
    assert (seeds.chosen(0), seeds.preferred(3)) == (0, 3)


def test_a_handout_grades_with_its_own_seed_alone(monkeypatch, course):
    from grader.course.handed_out import Handout

    course(seed=7)
    monkeypatch.setattr(seeds, "WITHHELD", True)
    monkeypatch.setattr(seeds, "HANDOUT", Handout(False, seed=3))
    assert (seeds.chosen(None), seeds.chosen(3)) == (3, 3)
    with pytest.raises(SettingsProblem, match="seed 3 alone"):
        seeds.chosen(4)
    with pytest.raises(SettingsProblem, match="20 examples"):
        seeds.examples(5)


@pytest.mark.parametrize(("seconds", "call", "exercise", "topic"), [(30, 30, 180, 360), (2, 2, 60, 120)])
def test_time_for_a_call_takes_the_other_limits_up_with_it_and_never_down(course, seconds, call, exercise, topic):
    course(call_seconds=float(seconds))
    patience = Patience()
    assert (patience.call_seconds(), patience.exercise_seconds()) == (call, exercise)
    assert patience.load_seconds() >= 15
    patience.charge(topic - 1)
    assert not patience.is_over
    patience.charge(1)
    assert patience.is_over and patience.call_seconds() == 0.2 * seconds


def test_every_setting_but_the_seed_has_a_class_graded_again(course):
    found = [settings_digest()]
    for settings in (
        {"call_seconds": 30.0}, {"show_hints": False}, {"show_mistakes": False}, {"show_solutions": False},
        {"deadline": "Friday"}, {"without": frozenset(["transfer"])},
    ):  # fmt: skip
        course(**settings)
        found.append(settings_digest())
    assert len(set(found)) == len(found)
    course(seed=4711)
    assert settings_digest() == found[-1]
