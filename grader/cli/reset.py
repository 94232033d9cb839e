"""`grader reset NAME`: puts an exercise's stub back and keeps the student's version."""

from __future__ import annotations

from grader.cli.check import students_folder
from grader.cli.hint import one_exercise
from grader.course.paths import solutions_folder
from grader.course.resetting import reset_exercise
from grader.course.stubs import StubError, pristine_stub
from grader.exits import EARNED, UsageProblem
from grader.files.beneath import Unreadable
from grader.report.text import path_in_words


def reset(name: str) -> int:
    """Replaces one function by its stub; says where the backup is."""
    exercise = one_exercise(name)
    path = students_folder() / f"{exercise.topic}.py"
    try:
        done = reset_exercise(path, pristine_stub(exercise.topic, solutions_folder()), exercise.name)
    except (StubError, OSError, Unreadable) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageProblem(f"{name} could not be reset: {reason}") from error
    what = f"The whole file {path_in_words(path)}" if done.whole_file else f"{exercise.name} in {path_in_words(path)}"
    print(f"{what} is a stub already: nothing was changed." if done.nothing else f"{what} is a stub again.")
    if done.backup:
        print(f"Your version is kept as {path_in_words(done.backup)}")
    return EARNED
