"""Finds the submissions of a class: folders and archives that were named, or that lie in a folder that was named."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from grader.submissions.choose import almost, is_junk
from grader.submissions.model import SubmissionError, visible

# Other archives are listed too: their students are told to hand in a zip, rather than forgotten.
_ARCHIVES = {".zip", ".rar", ".7z", ".tar", ".tgz", ".gz", ".xz", ".bz2"}


def find_submissions(paths: Iterable[Path | str]) -> list[Path]:
    """The submissions at these paths, each once, sorted.

    A file is a submission, and so is a folder that holds a topic's module, nearly one, or `exercises/`. Of any other
    folder each child folder and archive is one; where it has none, it is taken for a submission itself, so that whoever
    reads it says what is missing. Children that are links are followed: whoever grades made them, not a student.

    Raises:
        SubmissionError: there is nothing at one of the paths, or its folder cannot be opened. The text names the path.
    """
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        try:
            if not path.exists():
                raise SubmissionError(f"{visible(str(path))} cannot be read: there is nothing of that name")
            for submission in (_below(path) or [path]) if path.is_dir() else [path]:
                found.setdefault(_real(submission), submission)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is no valid path"
            raise SubmissionError(f"{visible(str(path))} cannot be read: {reason}") from error
    return sorted(found.values())


def _below(folder: Path) -> list[Path]:
    """The submissions in a folder; none where it is one itself."""
    children = [child for child in folder.iterdir() if not is_junk(child.name)]
    if any(child.name == "exercises" if child.is_dir() else almost(child.name) for child in children):
        return []
    return [child for child in children if child.suffix.lower() in _ARCHIVES or child.is_dir()]


def submission_name(path: Path) -> str:
    """What a submission is called: its folder or its zip; where the folder is `exercises`, the one around it."""
    whole = _whole(path)
    return visible(whole.stem if whole.suffix.lower() == ".zip" and not whole.is_dir() else whole.name) or str(path)


def distinct_names(paths: Sequence[Path]) -> list[str]:
    """A name for each submission, no two of them alike, not even where capitals are not told apart.

    Those that share a name get their ending, then the folder around them, then a number.
    """
    names = [submission_name(path) for path in paths]
    longer: tuple[Callable[[Path], str], ...] = (
        lambda path: visible(_whole(path).name),
        lambda path: visible("-".join(_whole(path).parts[-2:])),
    )
    for rename in longer:
        shared = _shared(names)
        names = [rename(path) if name.casefold() in shared else name for path, name in zip(paths, names, strict=True)]
    for index, name in enumerate(names):
        number, taken = 2, {other.casefold() for other in (*names[:index], *names[index + 1 :])}
        while names[index].casefold() in taken:
            names[index], number = f"{name} ({number})", number + 1
    return names


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike Path.resolve, it takes links that go round in a circle


def _whole(path: Path) -> Path:
    real = _real(path)
    return real.parent if real.name == "exercises" and real.parent.name else real


def _shared(names: Iterable[str]) -> set[str]:
    return {name for name, count in Counter(name.casefold() for name in names).items() if count > 1}
