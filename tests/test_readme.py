"""The screens and failures that the README shows are what a student reads. `python -m tests.test_readme` prints them anew."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from grader.audit import local
from grader.course import registry, source
from grader.course.paths import PACKAGE
from grader.report import terminal
from grader.report.model import ExerciseResult, Report
from grader.running import diagnosis, run
from grader.running.limits import Patience
from grader.running.loading import checks_of, mistakes_of

README = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
EIGHT = [
    ("flatten_images", "views-instead-of-reshaping"),
    ("get_accuracy", "mean-of-batch-means"),
    ("train", "never-back-to-training-mode"),
    ("weights_to_images", "not-detached"),
    ("conv2d_output_shape", "pads-one-side"),
    ("conv2d", "flips-the-kernel"),
    ("max_pool2d", "starts-from-zero"),
    ("replace_classifier", "works-on-the-original"),
]


def failure(name: str, identifier: str) -> str:
    """What a student with a known mistake reads about the exercise, without colours."""
    exercise = registry.exercise(name)
    mistake = next(mistake for mistake in mistakes_of(name) if mistake.identifier == identifier)
    ask = local.ask_module(diagnosis.with_function(exercise, mistake.wrong), exercise.topic)
    checks = checks_of(exercise.topic)[name]
    results = run.check_results(exercise, checks, ask, local.casebook(), Patience())
    stub = (PACKAGE.parent / "exercises" / f"{exercise.topic}.py").read_text(encoding="utf-8")
    place = f"exercises/{exercise.topic}.py:{source.line_of(stub, exercise)}"
    report = Report("", "", 0, 0.0, (), (ExerciseResult(exercise.topic, name, results, place),))
    console = Console(file=io.StringIO(), width=88, highlight=False)
    terminal.render(report, console=console)
    return console.file.getvalue().partition("\n\n")[0].rstrip()


def indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))


@pytest.mark.parametrize(("name", "identifier"), EIGHT)
def test_a_failure_in_the_readme_is_a_real_one(name, identifier):
    assert indented(failure(name, identifier)) in README


WRONG = """

def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    _require_at_least(1, kernel_size=kernel_size, stride=stride, dilation=dilation)
    _require_at_least(0, padding=padding)
    sizes = []
    for n, k, s, p, d in zip(input_shape[2:], *map(_pair, (kernel_size, stride, padding, dilation))):
        room = n + p - d * (k - 1) - 1
        if room < 0:
            raise ValueError(f"kernel_size={kernel_size} does not fit into input_shape={input_shape}")
        sizes.append(room // s + 1)
    return (input_shape[0], out_channels, *sizes)
"""


def screen(grade, **sources: str) -> str:
    """What `grader check` shows of modules in exercises/, where the others are stubs."""
    folder = PACKAGE.parent / "exercises"
    stubs = {topic.name: (folder / f"{topic.name}.py").read_text(encoding="utf-8") for topic in registry.TOPICS}
    report = grade({topic: text.encode() for topic, text in (stubs | sources).items()})
    places = {e.name: f"exercises/{e.topic}.py:{source.line_of(stubs[e.topic], e)}" for e in registry.EXERCISES}
    shown = replace(report, exercises=tuple(replace(e, location=places[e.name]) for e in report.exercises))
    console = Console(file=io.StringIO(), width=80, highlight=False)
    terminal.render(shown, console=console)
    return indented(console.file.getvalue().rstrip())


def after_some_work() -> dict[str, str]:
    """The modules of somebody who has two topics behind them, but for a mistake."""
    classifiers, shapes = (
        (PACKAGE.parent / "solutions" / f"{name}.py").read_text(encoding="utf-8") for name in ("classifiers", "shapes")
    )
    return {"classifiers": classifiers, "shapes": shapes + WRONG}


def test_the_first_screen_in_the_readme_is_a_real_one(grade):
    assert screen(grade) in README


def test_the_screen_after_some_work_in_the_readme_is_a_real_one(grade):
    assert screen(grade, **after_some_work()) in README


def printed() -> str:
    """All that the README shows, as it is now."""
    from grader.running.casebook import Casebook
    from grader.running.session import Session

    with Session.start(processes=1) as session:
        book = Casebook(0)

        def grade(sources: dict[str, bytes]) -> Report:
            return run.grade(sources, name="exercises", nursery=session.nurseries[0], casebook=book)

        screens = [screen(grade), screen(grade, **after_some_work())]
    return "\n\n".join([*screens, *(indented(failure(*one)) for one in EIGHT)])


if __name__ == "__main__":
    print(printed())
