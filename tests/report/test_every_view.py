"""What every view promises, whatever a submission printed, raised or returned."""

import io
import json
import re

import pytest
from rich.console import Console

from grader.report import gradescope, json_view, terminal, views
from tests.report import samples


def _terminal(report, **options):
    file = io.StringIO()
    terminal.render(report, console=Console(file=file, width=80, _environ={}), **options)
    return file.getvalue()


VIEWS = {
    **{one.name: one.render for one in views.VIEWS},
    "terminal": _terminal,
    "terminal, verbose": lambda report: _terminal(report, verbose=True),
}
every_view = pytest.mark.parametrize("render", VIEWS.values(), ids=VIEWS)


@every_view
def test_hostile_text_is_harmless(render):
    shown = render(samples.hostile())
    assert shown.replace("\n", "").isprintable(), "control, invisible or lone surrogate characters"
    assert not re.search(r"^\s*::", shown, re.MULTILINE), "a workflow command"
    assert not re.search(r"##\w*\[", shown), "a workflow command"


@every_view
def test_every_sample_can_be_shown(render):
    for make in (samples.first_run, samples.partial, samples.perfect, samples.padding_only):
        shown = render(make())
        assert shown.endswith("\n")


@pytest.fixture(scope="module")
def enormous():
    return samples.enormous()


@every_view
def test_enormous_text_is_cut(render, enormous):
    assert len(render(enormous)) < 300_000


def test_the_same_report_gives_the_same_views():
    for render in VIEWS.values():
        assert render(samples.partial()) == render(samples.partial())


def test_student_text_of_the_json_views_survives_a_round_trip():
    for view in (json_view, gradescope):
        json.loads(view.render(samples.hostile()))
