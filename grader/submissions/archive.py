"""Reads the topic modules of a zip, without writing to the disk and without believing what it says of itself."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from grader.files.beneath import Unreadable, open_file
from grader.submissions.folder import MOST_BYTES, MOST_ENTRIES
from grader.submissions.model import SubmissionError, visible
from grader.submissions.unpacking import unpack

MOST_EXTRA_BYTES = 4096  # of one entry: zipfile takes quadratic time for them
_LISTED = struct.Struct("<28x3H12x")  # of an entry in the directory: the lengths of name, extra field and comment
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_SIZE = 20
_KINDS = {
    b"PK\x03\x04": "a zip that was cut short; pack or send it again",
    b"Rar!": "a RAR archive; hand in a zip",
    b"7z\xbc\xaf": "a 7z archive; hand in a zip",
    b"\x1f\x8b": "a gzip archive; hand in a zip",
    b"BZh": "a bzip2 archive; hand in a zip",
    b"\xfd7zXZ": "an xz archive; hand in a zip",
}
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, OverflowError,
    NotImplementedError, RuntimeError, UnicodeError, KeyError, IndexError, MemoryError,
)  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """How large an archive may be: its bytes, those of its list of files, and the files; and what it is then too large for."""

    archive: int
    directory: int
    entries: int
    whose: str


ONE_SUBMISSION = Bounds(200 * 2**20, 4 * 2**20, MOST_ENTRIES, "a submission")


class Archive:
    """An open zip: the paths of its files, and their bytes."""

    def __init__(self, path: Path, file: BinaryIO | None = None, bounds: Bounds = ONE_SUBMISSION) -> None:
        """Reads the list of files of the zip at a path, or of one that is open already and belongs to this one then.

        Raises SubmissionError.
        """
        self._shown = visible(str(path))
        self._bounds = bounds
        self.outside: list[str] = []  # the names that lead out of the archive, or are no names
        self.folders: list[str] = []  # that are listed themselves; others only show in the paths of files
        self._file = file or self._opened(path)
        try:
            self._check_directory()
            with zipfile.ZipFile(self._file) as listed:
                self.entries = self._usable(listed.infolist())
        except SubmissionError:
            self._file.close()
            raise
        except UnicodeError as error:
            self._file.close()
            raise SubmissionError(f"{self._shown} lists a file whose name cannot be decoded") from error
        except _BROKEN as error:
            self._file.close()
            text = f"{self._shown} is not a zip that can be read: it is damaged, cut short or something else"
            raise SubmissionError(text) from error

    def _opened(self, path: Path) -> BinaryIO:
        try:
            return os.fdopen(open_file(path), "rb")
        except Unreadable as error:
            raise SubmissionError(f"{self._shown} cannot be opened: {error}") from error
        except OSError as error:
            raise SubmissionError(f"{self._shown} cannot be opened: {error.strerror}") from error

    def _check_directory(self) -> None:
        """Refuses an archive whose list of files alone would fill the memory."""
        size = self._file.seek(0, io.SEEK_END)
        if size > self._bounds.archive:
            raise SubmissionError(f"{self._shown} is larger than {self._bounds.archive // 2**20} MB")
        tail_length = min(size, 65_557 + _LOCATOR_SIZE + _END64.size)
        self._file.seek(size - tail_length)
        tail = self._file.read(tail_length)
        place = tail.rfind(b"PK\x05\x06")
        if place < 0 or len(tail) - place < _END.size:
            raise SubmissionError(f"{self._shown} {self._kind(size)}")
        _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, place)
        end = size - len(tail) + place  # where the directory ends
        place64 = place - _LOCATOR_SIZE - _END64.size
        if tail[max(0, place - _LOCATOR_SIZE) : place].startswith(b"PK\x06\x07"):
            if place64 < 0 or not tail.startswith(b"PK\x06\x06", place64):
                raise SubmissionError(f"{self._shown} is not a zip that can be read: its list of files is not found")
            *_, entries, directory, _ = _END64.unpack_from(tail, place64)
            end -= place - place64
        if entries > self._bounds.entries or directory > self._bounds.directory:
            raise SubmissionError(f"{self._shown} lists too many files for {self._bounds.whose}")
        if directory <= end:
            self._file.seek(end - directory)
            self._check_entries(self._file.read(directory))
        self._file.seek(0)

    def _check_entries(self, directory: bytes) -> None:
        """Counts the files, whatever their number is claimed to be."""
        at = count = 0
        while directory.startswith(b"PK\x01\x02", at) and at + _LISTED.size <= len(directory):
            name, extra, comment = _LISTED.unpack_from(directory, at)
            at += _LISTED.size + name + extra + comment
            count += 1
            if count > self._bounds.entries:
                raise SubmissionError(f"{self._shown} lists too many files for {self._bounds.whose}")
            if extra > MOST_EXTRA_BYTES:
                raise SubmissionError(f"{self._shown} lists a file with {extra} bytes of extra fields; pack it again")

    def _kind(self, size: int) -> str:
        """What a file that does not end like a zip is instead."""
        if not size:
            return "is empty"
        self._file.seek(0)
        start = self._file.read(512)
        kind = next((kind for magic, kind in _KINDS.items() if start.startswith(magic)), None)
        if start[257:262] == b"ustar":
            kind = "a tar archive; hand in a zip"
        return f"is {kind}" if kind else "is not a zip: it does not end like one"

    def _usable(self, entries: list[zipfile.ZipInfo]) -> dict[str, list[zipfile.ZipInfo]]:
        """The entries that stay inside the archive, by path; the same path may stand there twice."""
        found: dict[str, list[zipfile.ZipInfo]] = {}
        for entry in entries:
            name = _name_of(entry).replace("\\", "/")
            parts = name.split("/")
            if not name:
                continue
            if name.startswith("/") or ".." in parts or name[1:2] == ":" or "\x00" in name:
                self.outside.append(name)
                continue
            path = "/".join(part for part in parts if part not in ("", "."))
            if name.endswith("/"):
                self.folders.append(path)
            else:
                found.setdefault(path, []).append(entry)
        return found

    @property
    def paths(self) -> list[str]:
        """The paths of the files in the archive; one that stands there twice is listed twice."""
        return [path for path, entries in self.entries.items() for _ in entries]

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        """The bytes of one file, which may be so many. Raises Unreadable."""
        return unpack(self._file, self.entries[path][0], most)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def _name_of(entry: zipfile.ZipInfo) -> str:
    """An entry's name; where its encoding is not declared, UTF-8 if it can be that, as macOS writes it."""
    name = entry.orig_filename
    if entry.flag_bits & 0x800 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name
