"""From what the command was given to a class: each student's work apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.batch.handed_in import HandedIn, Person
from grader.exits import UsageProblem
from grader.submissions import Submission, read_submission
from grader.submissions.model import visible
from grader.submissions.read import submission_name


@dataclass(frozen=True)
class Class:
    """A class's work; `platform` is "folders" where it is no platform's, `problems` tell what belongs to nobody."""

    platform: str
    said: str
    handed_in: tuple[HandedIn, ...]
    problems: tuple[str, ...]


def collect(paths: Sequence[Path], *, platform: str | None = None, pattern: str | None = None) -> Class:
    """Finds each student's work below the paths.

    Raises UsageProblem: nothing is there, or the platform or the pattern is none.
    """
    found: list[HandedIn] = []
    for path in paths:
        if not path.exists():
            raise UsageProblem(f"There is nothing at {visible(str(path))}.")
        whole = path.is_file() or any(path.glob("*.py")) or (path / "exercises").is_dir()
        for child in [path] if whole else sorted(path.iterdir()):
            name = submission_name(child)
            found.append(HandedIn(name, (Person(name),), str(child), partial(_read, child, name)))
    found.sort(key=lambda one: (unicodedata.normalize("NFC", one.name).casefold(), one.name))
    return Class("folders", f"Folders: {len(found)} students.", tuple(found), ())


def _read(path: Path, name: str) -> Submission:
    return replace(read_submission(path), name=name)
