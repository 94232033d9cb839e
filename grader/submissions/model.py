"""What a submission is once it has been read: its topic modules and what was noticed on the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path


class SubmissionError(Exception):
    """Nothing of the submission can be read; the text names its path and says why."""


@dataclass(frozen=True)
class Problem:
    """Something that a student should know about their submission; `topic` is None where it concerns all of it."""

    text: str
    topic: str | None = None


@dataclass(frozen=True)
class SourceFile:
    """One topic's module: its bytes, and where in the submission they stood."""

    topic: str
    source: bytes
    display_path: str


@dataclass(frozen=True)
class Submission:
    """The topic modules of a submission, by topic."""

    name: str
    path: Path
    modules: dict[str, SourceFile] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def digest(self) -> str:
        """A fingerprint of what will be graded."""
        found = hashlib.sha256()
        for topic in sorted(self.modules):
            found.update(f"{topic}:{len(self.modules[topic].source)}:".encode())
            found.update(self.modules[topic].source)
        for problem in self.problems:
            found.update(f"{problem.topic}:{problem.text}".encode())
        return found.hexdigest()


def as_text(name: str) -> str:
    """A text that can be written: bytes of a file's name that are no characters are spelled out."""
    return name.encode("utf-8", "backslashreplace").decode()


def visible(name: str) -> str:
    """A file's name with its control and other unprintable characters made visible, and of bounded length."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in name)
    return shown if len(shown) <= 120 else shown[:80] + " … " + shown[-30:]
