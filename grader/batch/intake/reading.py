"""Reads what one student handed in, wherever in a download its pieces lie; a zip among them is looked into."""

from __future__ import annotations

import contextlib
import io
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.batch.intake.tree import MOST_ARCHIVE_IN_MEMORY, Opened, Tree, is_archive, is_noise
from grader.files.beneath import Unreadable
from grader.submissions import Problem, Submission, SubmissionError
from grader.submissions.archive import Archive
from grader.submissions.choose import choose, outside
from grader.submissions.model import visible
from grader.submissions.read import EXPECTED, collected

MOST_ARCHIVES = 8  # of one student


@dataclass(frozen=True)
class Piece:
    """A file or folder of a student's: where it is in the download, and as what it was handed in.

    `file` is "" for a folder whose content is the work.
    """

    path: str
    is_folder: bool
    file: str


def read_work(tree: Tree, pieces: Sequence[Piece], name: str, prefix: str = "") -> Submission:
    """Reads a student's modules. `prefix` is shown before their paths. Raises SubmissionError with the reason."""
    path = tree.path / pieces[0].path
    shown = visible(pieces[0].path or tree.path.name)
    try:
        with contextlib.ExitStack() as stack:
            work = _Work(stack.enter_context(tree.opened()), stack)
            for piece in pieces:
                work.add(piece)
            work.look_into_archives()
            choice = choose(work.paths)
            problems = (*choice.problems, *outside(work.outside, choice.paths))
            found = collected(path, name, replace(choice, problems=problems), work.read, prefix)
    except (OSError, Unreadable) as error:
        raise SubmissionError(f"{shown} cannot be read: {_reason(error)}") from error
    found = replace(found, problems=(*found.problems, *map(Problem, work.said)))
    if not found.modules:
        texts = [problem.text for problem in found.problems]
        reason = " ".join(texts) or f"There is none of the modules to grade: {EXPECTED}"
        raise SubmissionError(reason.removesuffix("."))  # it goes into sentences
    return found


class _Work:
    """The files of one student, those in zips included, by the path that they were handed in as."""

    def __init__(self, opened: Opened, stack: contextlib.ExitStack) -> None:
        self._opened = opened
        self._stack = stack
        self._places: dict[str, tuple[Archive | None, str]] = {}
        self._archives: list[tuple[str, str]] = []  # as what they were handed in, and where they are
        self.paths: list[str] = []
        self.outside: list[str] = []
        self.said: list[str] = []

    def add(self, piece: Piece) -> None:
        if not piece.is_folder:
            self._enter(piece.file, piece.path)
            return
        paths, said = self._opened.below(piece.path)
        self.said += said
        for path in paths:
            self._enter(f"{piece.file}/{path}".lstrip("/"), f"{piece.path}/{path}".lstrip("/"))

    def _enter(self, file: str, place: str) -> None:
        if is_archive(file):
            self._archives.append((file, place))
        else:
            self.paths.append(file)
            self._places.setdefault(file, (None, place))

    def look_into_archives(self) -> None:
        """Adds what is in the student's archives, as if each were a folder; one that is all there is, as if it were none."""
        alone = len(self._archives) == 1 and not choose(self.paths).paths
        left = MOST_ARCHIVE_IN_MEMORY
        pending: deque[tuple[str, str, Archive | None, str]] = deque(
            (file, "" if alone else f"{file}/", None, place) for file, place in sorted(self._archives)
        )
        looked_into = 0
        while pending:
            file, prefix, around, place = pending.popleft()
            looked_into += 1
            if looked_into > MOST_ARCHIVES or left <= 0:
                self.said.append("There are so many archives that not all were looked into.")
                break
            try:
                content = io.BytesIO(around.read(place, left)) if around else self._opened.open(place, left)
                archive = Archive(Path(file), content)
            except (OSError, Unreadable) as error:
                self.said.append(f"{visible(file)} could not be read: {_reason(error)}.")
                continue
            except SubmissionError as error:
                self.said.append(f"{error}.")
                continue
            self._stack.callback(archive.close)
            self.outside += archive.outside
            if isinstance(content, io.BytesIO):
                left -= len(content.getbuffer())
            for path in archive.paths:
                if around is None and is_archive(path) and not any(map(is_noise, path.split("/"))):
                    pending.append((path, f"{prefix}{path}/", archive, path))
                self.paths.append(prefix + path)
                self._places.setdefault(prefix + path, (archive, path))

    def read(self, file: str, most: int) -> bytes:
        """The bytes of one file, at most so many. Raises Unreadable."""
        archive, path = self._places[file]
        try:
            return archive.read(path, most) if archive else self._opened.read(path, most)
        except OSError as error:
            raise Unreadable(_reason(error)) from error


def _reason(error: Exception) -> str:
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
