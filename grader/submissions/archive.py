"""Reads the topic modules of a zip, without writing to the disk and without believing what it says of itself."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from grader.submissions.folder import MOST_BYTES, MOST_ENTRIES, Unreadable
from grader.submissions.model import SubmissionError

MOST_ARCHIVE_BYTES = 200 * 1024 * 1024
MOST_DIRECTORY_BYTES = 8 * 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, OverflowError,
    NotImplementedError, RuntimeError, UnicodeError, KeyError, IndexError, MemoryError,
)  # fmt: skip


class Archive:
    """An open zip: the paths of its files, and their bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise SubmissionError(f"{path} cannot be opened: {error.strerror}") from error
        try:
            self._check_directory()
            self._zip = zipfile.ZipFile(self._file)
            self._entries = self._usable(self._zip.infolist())
        except SubmissionError:
            self._file.close()
            raise
        except _BROKEN as error:
            self._file.close()
            raise SubmissionError(f"{path} is not a zip that can be read: it is damaged, cut short or something else") from error

    def _check_directory(self) -> None:
        """Refuses an archive whose list of files alone would fill the memory."""
        size = self._file.seek(0, io.SEEK_END)
        if size > MOST_ARCHIVE_BYTES:
            raise SubmissionError(f"{self.path} is larger than {MOST_ARCHIVE_BYTES // 2**20} MB")
        tail_length = min(size, 65_557 + 20)
        self._file.seek(size - tail_length)
        tail = self._file.read(tail_length)
        place = tail.rfind(b"PK\x05\x06")
        if place < 0 or len(tail) - place < _END.size:
            raise SubmissionError(f"{self.path} is not a zip: it does not end like one")
        _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, place)
        if b"PK\x06\x07" in tail[max(0, place - 20) : place] or entries > MOST_ENTRIES or directory > MOST_DIRECTORY_BYTES:
            raise SubmissionError(f"{self.path} lists too many files for a submission")
        self._file.seek(0)

    def _usable(self, entries: list[zipfile.ZipInfo]) -> dict[str, list[zipfile.ZipInfo]]:
        """The entries that stay inside the archive, by path; the same path may stand there twice."""
        if len(entries) > MOST_ENTRIES:
            raise SubmissionError(f"{self.path} lists too many files for a submission")
        found: dict[str, list[zipfile.ZipInfo]] = {}
        for entry in entries:
            name = entry.orig_filename.replace("\\", "/") if "\x00" not in entry.orig_filename else ""
            parts = name.split("/")
            if name and not name.endswith("/") and not name.startswith("/") and ".." not in parts and ":" not in parts[0]:
                found.setdefault("/".join(part for part in parts if part not in ("", ".")), []).append(entry)
        return found

    @property
    def paths(self) -> list[str]:
        """The paths of the files in the archive; one that stands there twice is listed twice."""
        return [path for path, entries in self._entries.items() for _ in entries]

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises Unreadable."""
        entry = self._entries[path][0]
        mode = entry.external_attr >> 16
        if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
            raise Unreadable("it is a link or a device, not an ordinary file")
        if entry.flag_bits & 0x1:
            raise Unreadable("it is encrypted")
        try:
            with self._zip.open(entry) as file:
                data = file.read(MOST_BYTES + 1)
                if len(data) <= MOST_BYTES and file.read(1):
                    data += b" " * (MOST_BYTES + 1)
        except NotImplementedError as error:
            raise Unreadable("it is packed in a way that cannot be read; use ordinary zip compression") from error
        except _BROKEN as error:
            raise Unreadable("the archive is damaged at this file") from error
        if len(data) > MOST_BYTES:
            raise Unreadable("it is larger than 1 MB")
        return data

    def close(self) -> None:
        """Closes the file."""
        self._zip.close()
        self._file.close()
