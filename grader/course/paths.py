"""Where the project's folders are: beside this package, or around the working directory."""

from __future__ import annotations

from pathlib import Path

from grader.course import registry

PACKAGE = Path(__file__).resolve().parents[1]
PICTURE = "imgs/dog2.jpg"
_MODULES = tuple(f"{topic.name}.py" for topic in registry.TOPICS)


def root() -> Path:
    """The kit's own folders, for its authors: the nearest above the working directory, else around the package."""
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "exercises").is_dir() and (folder / "grader").is_dir():
            return folder
    return PACKAGE.parent


def exercises_folder() -> Path:
    """The student's work: the nearest folder, from the working directory upwards, that holds topic modules.

    Where none does, it is the exercises/ of the checkout that this package lies in. Without such a checkout it is
    exercises/ in the working directory, where there is nothing to grade.
    """
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if _belongs_to_the_kit(folder):
            continue
        for place in (folder / "exercises", folder):
            if any((place / module).is_file() for module in _MODULES):
                return place
    return PACKAGE.parent / "exercises" if _is_checkout() else here / "exercises"


def is_where_one_looks(folder: Path) -> bool:
    """Whether it goes without saying that this folder holds the work: it is exercises/, here or around us."""
    here = Path.cwd().resolve()
    return folder.name == "exercises" and here in (folder, folder.parent)


def solutions_folder() -> Path:
    """The reference solutions."""
    return PACKAGE.parent / "solutions"


def picture() -> Path:
    """The lesson's photograph."""
    return PACKAGE.parent / PICTURE


def hidden_folders() -> tuple[Path, ...]:
    """What a worker must not read: the solutions, the grader and the tests; with them all of the checkout around them.

    Its history holds the solutions, too, and what was built from it may.
    """
    own = tuple(PACKAGE.parent / name for name in ("solutions", "grader", "tests", "exercises"))
    checkout = (PACKAGE.parent,) if _is_checkout() else ()
    repository = next((folder for folder in PACKAGE.parents if (folder / ".git").exists()), None)
    if repository is None:
        return (*own, *checkout)
    history = repository / ".git"
    return (*own, *checkout, repository, history, *_history_elsewhere(history))


def _history_elsewhere(git: Path) -> tuple[Path, ...]:
    """Where a worktree's or a submodule's history is kept, which has a file in place of the folder .git."""
    try:
        text = git.read_text(encoding="utf-8") if git.is_file() else ""
    except (OSError, UnicodeDecodeError):
        return ()
    if not text.startswith("gitdir:"):
        return ()
    folder = (git.parent / text.removeprefix("gitdir:").strip()).resolve()
    return (next((part for part in (folder, *folder.parents) if part.name == ".git"), folder),)


def _belongs_to_the_kit(folder: Path) -> bool:
    """Whether modules in this folder are the reference, checks or known mistakes: named like a student's, but none."""
    return any(folder.is_relative_to(own) for own in (PACKAGE, solutions_folder(), PACKAGE.parent / "tests"))


def _is_checkout() -> bool:
    """Whether the package lies in a project's folder, not among installed packages that belong to nobody."""
    return (PACKAGE.parent / "pyproject.toml").is_file() and (PACKAGE.parent / "exercises").is_dir()
