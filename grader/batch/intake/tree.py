"""The files of a download, in a folder or in a zip: what is there, and what one student's part of it holds."""

from __future__ import annotations

import contextlib
import io
import os
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from grader.files.beneath import Beneath, beneath, open_file, read_all
from grader.submissions.archive import Archive, Bounds
from grader.submissions.choose import DEEPEST, is_junk, matters
from grader.submissions.folder import MOST_LOOKED_AT, list_folder
from grader.submissions.unpacking import unpack

A_CLASS = Bounds(2**40, 64 * 2**20, 200_000, "a class; unpack it, and name the folder")
MOST_ARCHIVE_IN_MEMORY = 50 * 2**20  # a student's archive in the class's zip
_DEEPEST = 2 * DEEPEST  # a student's folders, and those around them
_NOISE = {"thumbs.db", "desktop.ini", "icon\r"}
_ARCHIVE = re.compile(r".+\.(?:zip|rar|7z|tar|tgz|t?[bgx]z2?)", re.IGNORECASE | re.DOTALL)


class Entry(NamedTuple):
    """A name in a folder of a download."""

    name: str
    is_folder: bool
    is_link: bool = False


class Opened(Protocol):
    """A download that is open for reading. Paths have forward slashes; a folder's is "" or the download itself."""

    def below(self, folder: str) -> tuple[list[str], list[str]]:
        """The paths, from the folder on, of what can matter in a submission, and what to say of the rest."""

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file. Raises Unreadable or OSError."""

    def open(self, path: str, most: int = MOST_ARCHIVE_IN_MEMORY) -> BinaryIO:
        """A file, open; where it must be unpacked it has at most so many bytes. Raises Unreadable or OSError."""


class Tree(Protocol):
    """A download. Its list of files is known; a file is opened only to be read."""

    path: Path

    def entries(self, folder: str) -> list[Entry]:
        """What is in a folder, sorted and without noise. Raises OSError."""

    def opened(self) -> contextlib.AbstractContextManager[Opened]:
        """Opens the download anew. Raises Unreadable or OSError."""


def is_noise(name: str) -> bool:
    """Whether a file or folder of this name was put there by a system, not by a person."""
    return is_junk(name) or name.lower() in _NOISE or name.startswith("~$")


def is_archive(name: str) -> bool:
    """Whether a file is named as a zip, or as an archive that was handed in for one."""
    return _ARCHIVE.fullmatch(name) is not None


def _wanted(name: str) -> bool:
    return matters(name) or is_archive(name)


class FolderTree:
    """A download that was unpacked. Nobody's link is followed below its folder."""

    def __init__(self, path: Path, only: frozenset[str] | None = None) -> None:
        """`only` are the names that count of those in the folder itself, None for all."""
        self.path = path
        self._only = only

    def entries(self, folder: str) -> list[Entry]:
        with beneath(self.path, named=True) as root, root.scan(folder) as scan:
            found = [
                Entry(one.name, one.is_dir(follow_symlinks=False), one.is_symlink())
                for one in islice(scan, MOST_LOOKED_AT)
                if not is_noise(one.name)
            ]
        if self._only is not None and not folder:
            found = [one for one in found if one.name in self._only]
        return sorted(found)

    @contextlib.contextmanager
    def opened(self) -> Iterator[Opened]:
        with beneath(self.path, named=True) as root:
            yield _OpenedFolder(root)


class _OpenedFolder:
    def __init__(self, root: Beneath) -> None:
        self._root = root

    def below(self, folder: str) -> tuple[list[str], list[str]]:
        start = folder and f"{folder}/"
        paths, said = list_folder(self._root, start, _wanted)
        return [path.removeprefix(start) for path in paths], said

    def read(self, path: str, most: int) -> bytes:
        return read_all(self._root.open(path), most)

    def open(self, path: str, most: int = MOST_ARCHIVE_IN_MEMORY) -> BinaryIO:
        return os.fdopen(self._root.open(path), "rb")


class ZipTree:
    """A download as it came. Its list of files is kept, so that opening it again takes no time."""

    def __init__(self, path: Path) -> None:
        """Raises SubmissionError where it is no zip that can be read."""
        self.path = path
        archive = Archive(path, bounds=A_CLASS)
        archive.close()
        self.outside = archive.outside
        self._files: dict[str, list[zipfile.ZipInfo]] = {}
        self._folders: dict[str, dict[str, bool]] = {"": {}}  # by path: the names in it, and whether they are folders
        for folder in archive.folders:
            self._add(folder, True)
        for file, entries in archive.entries.items():
            if self._add(file, False):
                self._files[file] = entries

    def _add(self, path: str, is_folder: bool) -> bool:
        """Enters a path into the folders; whether it can be reached there."""
        parts = path.split("/")
        if not path or any(map(is_noise, parts)):
            return False
        too_deep = len(parts) > _DEEPEST
        if too_deep:
            path, is_folder = "/".join(parts[:_DEEPEST]), True
        if is_folder:
            self._folders.setdefault(path, {})
        while path:
            path, _, name = path.rpartition("/")
            names = self._folders.setdefault(path, {})
            names[name] = names.get(name, False) or is_folder
            is_folder = True
        return not too_deep

    def entries(self, folder: str) -> list[Entry]:
        return sorted(Entry(name, is_folder) for name, is_folder in self._folders.get(folder, {}).items())

    @contextlib.contextmanager
    def opened(self) -> Iterator[Opened]:
        with os.fdopen(open_file(self.path), "rb") as file:
            yield _OpenedZip(self._files, self._folders, file)


class _OpenedZip:
    def __init__(
        self, files: dict[str, list[zipfile.ZipInfo]], folders: dict[str, dict[str, bool]], file: BinaryIO
    ) -> None:
        self._files, self._folders, self._file = files, folders, file

    def below(self, folder: str) -> tuple[list[str], list[str]]:
        found: list[str] = []
        pending = [(folder, "")]
        while pending:
            full, prefix = pending.pop()
            for name in sorted(self._folders.get(full, {})):
                path = f"{full}/{name}" if full else name
                if path in self._folders and prefix.count("/") < DEEPEST:
                    pending.append((path, f"{prefix}{name}/"))
                if _wanted(name):
                    found += [prefix + name] * len(self._files.get(path, ()))
        return found, []

    def read(self, path: str, most: int) -> bytes:
        return unpack(self._file, self._files[path][0], most)

    def open(self, path: str, most: int = MOST_ARCHIVE_IN_MEMORY) -> BinaryIO:
        return io.BytesIO(self.read(path, most))
