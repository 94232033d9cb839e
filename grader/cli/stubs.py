"""`grader stubs`: writes exercises/ anew from solutions/, or says whether the two agree. For course authors."""

from __future__ import annotations

import click

from grader.cli.asking import somebody_answers
from grader.course.paths import root, solutions_folder
from grader.course.stubs import differing, write_stubs
from grader.exits import EARNED, POINTS_MISSING, UsageProblem
from grader.files.beneath import Unreadable
from grader.program import command
from grader.report.text import path_in_words


def stubs(*, check: bool, yes: bool) -> int:
    """Writes or compares the stubs; with `check`, status 1 where they differ."""
    solutions, exercises = solutions_folder(), root() / "exercises"
    if not solutions.is_dir():
        raise UsageProblem(f"{solutions} is not there: the stubs are made from the solutions")
    different = differing(solutions, exercises)
    if not different:
        print("The stubs agree with the solutions.")
        return EARNED
    listed = ", ".join(f"{name}.py" for name in different)
    if check:
        print(f"{path_in_words(exercises)} is not what the solutions give: {listed}.")
        print("Are these your own answers? Then all is well, and there is nothing to do.")
        print(f"Authors of the course: see {command('stubs', '--help')}")
        return POINTS_MISSING
    there = [name for name in different if (exercises / f"{name}.py").is_file()]
    if there and not yes and somebody_answers():
        print(f"In {path_in_words(exercises)}, these files are not stubs: {', '.join(f'{name}.py' for name in there)}.")
        print("Stubs would take their place. What is in them now is kept as a backup beside each.")
        click.confirm("Go on?", default=False, abort=True)
    try:
        exercises.mkdir(exist_ok=True)
        backups = write_stubs(solutions, exercises)
    except (OSError, Unreadable) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageProblem(f"{exercises} cannot be written: {reason}") from error
    print(f"Wrote the stubs to {path_in_words(exercises)}: {listed}")
    if backups:
        print("What stood there is kept:")
        print("\n".join(f"    {backup.name}" for backup in backups))
    return EARNED
