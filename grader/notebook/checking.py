"""Grades a cell, or the work in exercises/, and makes the verdict on it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader import submissions
from grader.cli.check import (
    general_problems,
    named,
    problems_by_topic,
    read_submission,
    remember,
    wanted_exercises,
)
from grader.course import registry, state
from grader.course.hints import hints_for
from grader.course.merging import Merged, decoded, defined, merged, unix, write
from grader.course.paths import exercises_folder, solutions_folder
from grader.course.stubs import StubError, pristine_stub
from grader.exits import UsageProblem
from grader.files.beneath import Unreadable
from grader.notebook import warm
from grader.notebook.places import in_the_cell
from grader.notebook.verdict import Verdict
from grader.report.model import Report
from grader.report.text import path_in_words
from grader.running.watching import Request
from grader.submissions import Submission
from grader.submissions.choose import is_notebook


def check_work(names: Sequence[str], *, first: str = "") -> Verdict:
    """The verdict on what stands in exercises/; `first` is said above it. Raises UsageProblem."""
    exercises = wanted_exercises(names)
    read = read_submission(_folder(), named=False)
    sources = {topic: module.source for topic, module in read.modules.items()}
    asked = {exercise.topic for exercise in exercises}
    in_notebooks = any(is_notebook(m.display_path) for topic, m in read.modules.items() if topic in asked)
    notes = general_problems(read if in_notebooks else _work())
    report = warm.grade(_request(read.name, sources, problems_by_topic(read), notes, exercises))
    remember(report, read)
    return _verdict(report, [named(name).name for name in names], first=first)


def in_cell(cell: str, names: Sequence[str]) -> tuple[registry.Exercise, ...]:
    """The exercises of a cell that are meant: those that are named, or else all that it defines.

    Raises UsageProblem, and what parsing does.
    """
    here = defined(cell)
    if not names and not here:
        raise UsageProblem("this cell defines no exercise's function. What stands in exercises/ is graded by %check")
    meant = wanted_exercises(names)
    for name in names:
        if not set(wanted_exercises([name])) & set(here):
            raise UsageProblem(
                f"this cell defines no {named(name).name}. What stands in exercises/ is graded by %check {name}"
            )
    return tuple(exercise for exercise in here if exercise in meant)


def check_cell(cell: str, names: Sequence[str]) -> Verdict:
    """The verdict on a cell below its line `%%check`, with the rest of each module as it is in exercises/, or a stub.

    Raises UsageProblem, and what parsing does.
    """
    exercises = in_cell(cell, names)
    folder, read = exercises_folder(), _work()
    sources = {topic: module.source for topic, module in read.modules.items()}
    problems, notes, lines = problems_by_topic(read), list(general_problems(read)), {}
    for topic in dict.fromkeys(exercise.topic for exercise in exercises):
        here = [exercise.name for exercise in exercises if exercise.topic == topic]
        made, encoding = None, "utf-8"
        if topic in sources:
            try:
                text, encoding = decoded(sources[topic])
                made = merged(unix(text), cell, here)
                made.text.encode(encoding)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                made, encoding = None, "utf-8"
                notes.append(f"exercises/{topic}.py is no Python just now: a stub took its place around this cell.")
        made = made or merged(_stub(topic), cell, here)
        sources[topic] = made.text.encode(encoding, "replace")
        lines[topic] = _numbers(made)
        problems.pop(topic, None)
    report = warm.grade(_request(read.name, sources, problems, notes, exercises))
    last = ""
    if all(result.status == "passed" for result in report.exercises) and folder.is_dir():
        kept = " ".join(exercise.name for exercise in exercises)
        last = f"`%%exercise {kept}` in place of `%%check` writes it into exercises/."
    return _verdict(in_the_cell(report, lines), [exercise.name for exercise in exercises], last=last)


def write_cell(cell: str, names: Sequence[str]) -> Verdict:
    """Writes a cell's exercises into the modules in exercises/; the verdict on what stands there then.

    Raises UsageProblem, and what parsing does.
    """
    exercises, folder = in_cell(cell, names), _folder()
    said = []
    for topic in dict.fromkeys(exercise.topic for exercise in exercises):
        here = [exercise.name for exercise in exercises if exercise.topic == topic]
        path = folder / f"{topic}.py"
        try:
            done = write(path, _stub(topic), cell, here)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise UsageProblem(
                f"{path_in_words(path)} is left as it is, because Python cannot read it: {error}. Mend it first"
            ) from error
        except (OSError, Unreadable) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageProblem(f"{path_in_words(path)} cannot be written: {reason}") from error
        said.append(
            f"{', '.join(here)} written to {path_in_words(path)}."
            if done.changed
            else f"{path_in_words(path)} holds this already."
        )
        if done.backup:
            said.append(f"The earlier version is kept as {done.backup.name}.")
    return check_work([exercise.name for exercise in exercises], first=" ".join(said))


def _folder() -> Path:
    """The student's work. Raises UsageProblem where there is none."""
    folder = exercises_folder()
    if not folder.is_dir():
        raise UsageProblem(
            "here is no exercises/ with your work, nor in a folder above. `!grader start work` makes one, and `%cd work` "
            "goes there"
        )
    return folder


def _work() -> Submission:
    """The modules in exercises/, without what other cells and notebooks hold; nothing where there is no such folder."""
    with contextlib.suppress(UsageProblem, submissions.SubmissionError):
        return submissions.read_submission(_folder(), named=False, notebooks=False)
    return Submission("notebook", exercises_folder())


def _stub(topic: str) -> str:
    try:
        return pristine_stub(topic, solutions_folder())
    except StubError as error:
        raise UsageProblem(str(error)) from error


def _numbers(made: Merged) -> dict[int, int]:
    """Lines of the cell as a notebook counts them: its first is the magic's own."""
    return {line: of_cell + 1 for line, of_cell in made.lines.items()}


def _request(
    name: str,
    sources: Mapping[str, bytes],
    problems: Mapping[str, str],
    notes: Sequence[str],
    exercises: Sequence[registry.Exercise],
) -> Request:
    topics = tuple(dict.fromkeys(exercise.topic for exercise in exercises))
    only = frozenset(exercise.name for exercise in exercises)
    return Request(0, name, dict(sources), dict(problems), tuple(notes), topics, only)


def _verdict(report: Report, names: Sequence[str], *, first: str = "", last: str = "") -> Verdict:
    remembered = state.load(exercises_folder())
    waiting = [e.name for e in report.exercises if e.status != "passed"] if registry.FACTS.show_hints else []
    hints = {name: _hint(name, remembered) for name in waiting}
    return Verdict(report, tuple(names), hints, _next(report, remembered), first, last)


def _hint(name: str, remembered: Mapping[str, Any]) -> str:
    """The hint that `grader hint` would give next; it does not count as given: opening it tells nobody."""
    hints, given = hints_for(name), remembered.get(name, {}).get("hints_given", 0)
    return hints[min(max(given, 0), len(hints) - 1) if isinstance(given, int) else 0].strip()


def _next(report: Report, remembered: Mapping[str, Any]) -> str:
    """The exercise after those of the report that was not right yet, where all of them are; empty where none is left."""
    if not report.exercises or any(result.status != "passed" for result in report.exercises):
        return ""
    done = {result.name for result in report.exercises}
    names = [exercise.name for exercise in registry.EXERCISES]
    after = names.index(report.exercises[-1].name) + 1
    left = (n for n in [*names[after:], *names[:after]] if n not in done)
    return next((name for name in left if not remembered.get(name, {}).get("solved_with")), "")
