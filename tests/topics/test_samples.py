"""Complete submissions in clearly different styles earn 100 of 100, in the sandbox, whatever the seed."""

from pathlib import Path

import pytest

from grader.course import registry
from grader.course.source import held

STYLES = sorted(path for path in (Path(__file__).parents[1] / "samples" / "correct").iterdir() if path.is_dir())


def _missed(report):
    return [
        f"{exercise.name} {check.name}: {check.status} {check.message} {check.counterexample}"
        for exercise in report.exercises
        for check in exercise.checks
        if check.status != "passed"
    ]


def _held(folder):
    """The modules of a sample, and the exercises that are in them."""
    paths = [folder / f"{topic.name}.py" for topic in registry.TOPICS]
    sources = {path.stem: path.read_bytes() for path in paths if path.is_file()}
    return sources, held(sources, registry.EXERCISES)


@pytest.mark.parametrize("folder", STYLES, ids=lambda folder: folder.name)
def test_a_correct_submission_earns_everything(folder, grade):
    sources, there = _held(folder)
    assert len(there) >= 20  # a new exercise need not be written into every sample
    report = grade(sources, exercises=there)
    assert _missed(report) == []
    assert report.score == report.max_score


@pytest.mark.parametrize("seed", [1, 7])
def test_other_seeds_change_nothing(seed, grade):
    folder = STYLES[seed % len(STYLES)]
    sources, there = _held(folder)
    assert _missed(grade(sources, exercises=there, seed=seed)) == []


def test_the_stubs_earn_nothing_and_are_not_started(grade):
    from grader.course.paths import PACKAGE

    sources = {t.name: (PACKAGE.parent / "exercises" / f"{t.name}.py").read_bytes() for t in registry.TOPICS}
    report = grade(sources)
    assert report.score == 0
    assert {exercise.status for exercise in report.exercises} == {"not_started"}
