"""Two repositories for GitHub: what students get, checked on each push, and the course's own, which gives the grades."""

from __future__ import annotations

from collections.abc import Mapping

from grader.course.students import students_part
from grader.export import bundles, handout
from grader.export.handout import Progress

STUDENTS, COURSE = "students", "course"


def content(seed: int, *, progress: Progress = lambda what, done, total: None) -> dict[str, bytes]:
    """All files, by their names below the folder.

    Args:
        seed: of the cases that students' handout is recorded with.
        progress: is told what is being done, how much of it has been, and how much there is.

    Raises StubError or OSError where the kit is not whole; ReferenceFails where a solution fails a check.
    """
    files = {"README.md": bundles.program("github", "both.md")}
    both = {STUDENTS: students(handout.content(True, seed, progress=progress)), COURSE: course()}
    files.update({f"{folder}/{name}": data for folder, part in both.items() for name, data in part.items()})
    return files


def students(handed_out: Mapping[str, bytes]) -> dict[str, bytes]:
    """The template repository: a handout without solutions, and the workflow that checks each push."""
    files = dict(handed_out)
    files["README.md"] += bundles.program("github", "students.md")
    files[".github/workflows/feedback.yml"] = bundles.program("github", "feedback.yml")
    files[".github/feedback.py"] = bundles.program("github", "feedback.py")
    return files


def course() -> dict[str, bytes]:
    """The private repository: the whole kit, and the workflow that grades all clones."""
    files = dict(students_part())
    files.update(handout.whole_kit())
    files["README.md"] = bundles.program("github", "course.md")
    files["repositories.txt"] = bundles.program("github", "repositories.txt")
    files[".github/workflows/grade.yml"] = bundles.program("github", "grade.yml")
    files[".github/clone.py"] = bundles.program("github", "clone.py")
    return files
