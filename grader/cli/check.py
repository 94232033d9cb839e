"""`grader check`: grades one submission and shows the report in every view that was asked for."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader import launch
from grader.cli.output import write
from grader.cli.progress import Bar
from grader.course import registry
from grader.course.handed_out import WITHHELD
from grader.course.paths import exercises_folder, is_where_one_looks, solutions_folder
from grader.exits import EARNED, GRADER_FAILED, POINTS_MISSING, UsageProblem
from grader.program import command, program
from grader.report.text import path_in_words
from grader.report.views import view

if TYPE_CHECKING:
    from grader.lesson.painting import Drawn
    from grader.report.model import Report
    from grader.running.session import Session
    from grader.submissions import Submission

_STARTING, _FIRST_TIME = "Starting PyTorch …", " The first time this takes up to a minute."


Targets = dict[str, str]  # where views of the report go, by name: a file, or "-" for standard output


def check(
    names: Sequence[str],
    submission: Path | None,
    solutions: bool,
    views: Targets,
    *,
    seed: int,
    examples: int | None,
    require_protections: bool,
    verbose: bool,
) -> int:
    """Grades and reports; returns the exit status."""
    exercises = wanted_exercises(names)
    names = [named(name).name for name in names]
    _refuse_unwritable(views)
    if sum(target == "-" for target in views.values()) > 1:
        raise UsageProblem("only one view can go to standard output (-)")
    path = submission or (reference_folder() if solutions else students_folder())
    say_starting()
    read = read_submission(path, named=bool(submission or solutions))
    said = whose_work(path) if not (submission or solutions) else ""
    return launch.run(
        _graded, read, exercises, names, views, said,
        seed=seed, examples=examples, require_protections=require_protections, verbose=verbose,
    )  # fmt: skip


def _graded(
    read: Submission,
    exercises: Sequence[registry.Exercise],
    names: Sequence[str],
    views: Targets,
    said: str,
    *,
    seed: int,
    examples: int | None,
    require_protections: bool,
    verbose: bool,
) -> int:
    """The part of `check` that knows PyTorch; `said` stands above the report."""
    from grader.running.session import MissingProtection, Session

    with Session.start(processes=1 if len({e.topic for e in exercises}) == 1 else None) as session:
        erase_starting()
        if require_protections:
            try:
                session.require_protections()
            except MissingProtection as missing:
                print(f"grader: {missing}", file=sys.stderr)
                return GRADER_FAILED
        sources = {topic: module.source for topic, module in read.modules.items()}
        with Bar() as bar:
            numbers = itertools.count(1)
            report = session.grade(
                sources,
                name=read.name,
                exercises=exercises,
                seed=seed,
                examples=examples,
                progress=lambda name: bar.tell(f"Checking {name}", next(numbers), len(exercises)),
                note=lambda text: print(f"grader: {text}", file=sys.stderr) if verbose else None,
                problems=problems_by_topic(read),
                notes=general_problems(read),
            )
        pictures: Sequence[Drawn] = ()
        if any(view(name).has_pictures for name in views):
            say_what_pictures_lack()
            pictures = drawn(session, sources)
    remember(report, read)
    failed = _show(report, views, pictures, verbose=verbose, names=names, first=said)
    if report.faults:
        return _tell_faults(report)
    if failed:
        return GRADER_FAILED
    return EARNED if report.score >= report.max_score else POINTS_MISSING


def _tell_faults(report: Report) -> int:
    """Says, for the course, what the grader could not check and why; gives the exit status."""
    for fault in report.faults:
        said = fault.text.strip().splitlines()
        print(
            f"grader: {fault.where} could not be checked: {said[-1] if said else 'no more is known'}", file=sys.stderr
        )
        if os.environ.get("GRADER_TRACEBACK"):
            print(fault.text, file=sys.stderr)
    print("grader: this is a fault of the grader, not of the work (GRADER_TRACEBACK=1 shows where).", file=sys.stderr)
    return GRADER_FAILED


def wanted_exercises(names: Sequence[str]) -> tuple[registry.Exercise, ...]:
    """The exercises that the names stand for, in the lesson's order. Raises UsageProblem with a suggestion."""
    wanted: set[str] = set()
    for found in map(named, names):
        wanted.update([found.name] if isinstance(found, registry.Exercise) else [e.name for e in found.exercises])
    return tuple(e for e in registry.EXERCISES if not names or e.name in wanted)


def named(name: str) -> registry.Topic | registry.Exercise:
    """What a name on the command line means. Raises UsageProblem with a suggestion."""
    file = Path(name.partition(":")[0])
    if file.is_file() and file.resolve().parent != exercises_folder():
        raise UsageProblem(f"{name} does not lie in {exercises_folder()}. To grade it: --submission {file}")
    try:
        return registry.find(name)
    except registry.UnknownNameError as error:
        raise UsageProblem(str(error)) from error


def students_folder() -> Path:
    """The student's work. Raises UsageProblem where there is none, here or in a folder above."""
    folder = exercises_folder()
    if not folder.is_dir():
        raise UsageProblem(
            "here is no work to grade, nor in a folder above: no classifiers.py, no training.py, none of the modules. "
            "Go to the folder with your work, or name it: --submission PATH"
        )
    return folder


def reference_folder() -> Path:
    """The reference solutions. Raises UsageProblem in a handout without them."""
    if WITHHELD:
        raise UsageProblem("this handout holds no solutions: they stayed with your course")
    return solutions_folder()


def whose_work(path: Path) -> str:
    """A line that says which folder is meant, where it is not the one that everybody would look in; else empty."""
    return "" if is_where_one_looks(path.resolve()) else f"Your work: {path_in_words(path)}"


def read_submission(path: Path, *, named: bool = True) -> Submission:
    """The submission at a path, which somebody `named` or not. Raises UsageProblem where there is nothing readable."""
    from grader import submissions

    try:
        return submissions.read_submission(path, named=named)
    except submissions.SubmissionError as error:
        raise UsageProblem(str(error)) from error


def problems_by_topic(read: Submission) -> dict[str, str]:
    """Why a topic's module could not be read, by topic."""
    return {problem.topic: problem.text for problem in read.problems if problem.topic}


def general_problems(read: Submission) -> tuple[str, ...]:
    """What else was noticed about a submission."""
    return tuple(problem.text for problem in read.problems if not problem.topic)


def _refuse_unwritable(views: Targets) -> None:
    """A report that cannot be written is told before the work, not after it."""
    for name, target in views.items():
        if target == "-":
            continue
        path = Path(target)
        if path.suffix in (".py", ".ipynb"):
            raise UsageProblem(f"--{name}: {target} is a file of code; name another one for the report")
        if path.is_dir() or not (path.parent.is_dir() or not path.parent.exists()):
            raise UsageProblem(
                f"--{name}: {target} cannot be written: it is a folder, or lies in something that is none"
            )


def starting() -> str:
    """What is said while PyTorch is on its way."""
    return _STARTING + (_FIRST_TIME if _is_first_time() else "")


def say_starting() -> None:
    """Says that PyTorch is on its way, where somebody watches."""
    if sys.stderr.isatty():
        print(starting(), end="\r", file=sys.stderr, flush=True)


def erase_starting() -> None:
    """Erases what `say_starting` said."""
    if sys.stderr.isatty():
        print(" " * len(_STARTING + _FIRST_TIME), end="\r", file=sys.stderr, flush=True)


def _is_first_time() -> bool:
    """Whether Python has PyTorch still to compile, as after its installation."""
    found = importlib.util.find_spec("torch")
    return bool(found and found.cached and not Path(found.cached).exists())


def drawn(session: Session, sources: Mapping[str, bytes]) -> Sequence[Drawn]:
    """The lesson's pictures for the page, drawn with what is there; a page without them is better than none."""
    from grader.cli.pictures import draw

    try:
        return draw(session, dict(sources), download=False)
    except UsageProblem as problem:
        print(f"grader: the page has no pictures: {problem}", file=sys.stderr)
    except Exception as error:  # what a submission returns may break any library that draws
        print(f"grader: the page has no pictures: {type(error).__name__}", file=sys.stderr)
    return ()


def say_what_pictures_lack() -> None:
    """Says which data the pictures have to do without, where they do."""
    from grader.cli.pictures import to_fetch

    missing = to_fetch()
    if missing:
        print(f"The page's pictures do without {missing}.", file=sys.stderr)
        print(f"To fetch that, once: {command('pictures')}", file=sys.stderr)


def _show(
    report: Report, views: Targets, pictures: Sequence[Drawn], *, verbose: bool, names: Sequence[str], first: str = ""
) -> list[str]:
    """Shows every view that was asked for; which of them failed. Raises UsageProblem, at the end, for a file of one."""
    if first:
        print(first, file=sys.stderr if "-" in views.values() else sys.stdout, end="\n\n")
    failed: list[str] = []
    unwritten: list[UsageProblem] = []
    for name, target in views.items():
        with _on_its_own(f"--{name}", failed, unwritten):
            write(target, view(name).render(report, pictures))
    if "-" not in views.values():
        with _on_its_own("the screen", failed, unwritten):
            from rich.console import Console

            from grader.report import terminal

            console = Console(highlight=False)
            terminal.render(report, console=console, verbose=verbose, show=names or None, program=program())
    if unwritten:
        raise unwritten[0]
    return failed


@contextlib.contextmanager
def _on_its_own(what: str, failed: list[str], unwritten: list[UsageProblem]) -> Iterator[None]:
    """A view that cannot be made, or written, costs no other; its name is noted and told."""
    try:
        yield
    except BrokenPipeError:
        raise
    except UsageProblem as problem:
        unwritten.append(problem)
    except Exception as error:
        failed.append(what)
        print(
            f"grader: {what} could not be made, which says nothing about the work: {type(error).__name__}",
            file=sys.stderr,
        )
        if os.environ.get("GRADER_TRACEBACK"):
            traceback.print_exception(error)
        else:
            print("(GRADER_TRACEBACK=1 shows where.)", file=sys.stderr)


def remember(report: Report, read: Submission) -> None:
    """Keeps which exercises have all their points, for `grader hint`; only for the work in exercises/."""
    work = exercises_folder()
    if Path(read.path).resolve() != work:
        return
    from grader.course import state

    state.remember_solved(work, {e.name: e.status == "passed" for e in report.exercises}, read.modules)
