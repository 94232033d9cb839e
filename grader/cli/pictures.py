"""`grader pictures`: draws the lesson's pictures with the student's own functions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import launch
from grader.cli.check import (
    erase_starting,
    read_submission,
    reference_folder,
    say_starting,
    students_folder,
    whose_work,
)
from grader.exits import EARNED, UsageProblem
from grader.report.text import path_in_words

if TYPE_CHECKING:
    from grader.submissions import Submission


def pictures(submission: Path | None, solutions: bool, out: Path, image: Path | None) -> int:
    """Draws into a folder and says which file shows what."""
    if out.exists() and not out.is_dir():
        raise UsageProblem(f"--out: {out} is not a folder")
    if out.is_symlink():  # whoever's work is graded may have put it there
        raise UsageProblem(f"--out: {out} is a link: name the folder that it leads to")
    path = submission or (reference_folder() if solutions else students_folder())
    if not (submission or solutions) and whose_work(path):
        print(whose_work(path))
    say_starting()
    return launch.run(_drawn, read_submission(path, named=bool(submission or solutions)), out, image)


def _drawn(read: Submission, out: Path, image: Path | None) -> int:
    """The part of `pictures` that knows PyTorch."""
    from grader.running.session import Session

    with Session.start(processes=1) as session:
        erase_starting()
        drawn = draw(session, {topic: module.source for topic, module in read.modules.items()}, image, out)
    for picture in drawn:
        print(f"{path_in_words(out / (picture.name + '.png'))}: {picture.title}")
        print(f"    {picture.alt}")
    return EARNED


def draw(
    session: Any,
    sources: dict[str, bytes],
    image: Path | None = None,
    out: Path | None = None,
    *,
    download: bool = True,
) -> list[Any]:
    """The lesson's pictures, drawn with the functions in these sources. Raises UsageProblem."""
    from grader.lesson.pictures import draw_pictures
    from grader.lesson.problems import LessonDataError
    from grader.lesson.student import SandboxedStudent

    with SandboxedStudent(session.nurseries[0], sources) as student:
        try:
            return draw_pictures(student, image_path=image, out_dir=out, download=download)
        except (ValueError, LessonDataError, OSError) as error:
            raise UsageProblem(str(error)) from error


def to_fetch() -> str:
    """What `grader pictures` would download, in words; empty where all of it is there."""
    from grader.lesson import data, weights

    return " and ".join(filter(None, (data.to_fetch(), weights.to_fetch())))
