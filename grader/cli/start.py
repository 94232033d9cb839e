"""`grader start DIR`: a new folder with the student's part of the kit: stubs, lesson, picture."""

from __future__ import annotations

from pathlib import Path

from grader.course.stubs import StubError
from grader.course.students import students_part
from grader.exits import EARNED, UsageProblem
from grader.files.whole import write_tree
from grader.program import command_elsewhere
from grader.report.text import path_in_words


def start(folder: Path) -> int:
    """Writes the folder, which must be new or empty, and says how to go on."""
    refuse_filled(folder)
    try:
        content = dict(students_part())
    except (StubError, OSError, ValueError) as error:
        raise UsageProblem(f"this installation of the kit is not whole: {error}") from error
    try:
        write_tree(folder, content)
    except OSError as error:
        raise UsageProblem(f"{path_in_words(folder)} cannot be written: {error.strerror}") from error
    print(f"Your folder is {path_in_words(folder)}. You write in its exercises/, and open the lesson there:")
    print(f"    cd {path_in_words(folder)}")
    print(f"    {command_elsewhere('check')}")
    return EARNED


def refuse_filled(folder: Path) -> None:
    """Raises UsageProblem where a folder that is to be made holds something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is not empty" if folder.is_dir() else "is a file"
        raise UsageProblem(f"{path_in_words(folder)} {what}; name a new folder: nothing of yours is to be written over")
