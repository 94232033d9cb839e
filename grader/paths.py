"""Where the project's folders are: beside this package, or in the working directory."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The project's root: the nearest folder above the working directory that has exercises/, else the package's own."""
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "exercises").is_dir() and (folder / "grader").is_dir():
            return folder
    return PACKAGE.parent


def exercises_folder() -> Path:
    """The student's work."""
    return root() / "exercises"


def solutions_folder() -> Path:
    """The reference solutions."""
    return PACKAGE.parent / "solutions"


def hidden_folders() -> tuple[Path, ...]:
    """What a worker must not read: the solutions, the grader itself and the tests."""
    return tuple(PACKAGE.parent / name for name in ("solutions", "grader", "tests", "exercises"))
