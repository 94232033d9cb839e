"""Reads the topic modules of a zip, without writing to the disk and without believing what it says of itself."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from grader.files.beneath import Unreadable, open_file
from grader.submissions.folder import MOST_BYTES, MOST_ENTRIES
from grader.submissions.model import SubmissionError, visible

MOST_ARCHIVE_BYTES = 200 * 1024 * 1024
MOST_DIRECTORY_BYTES = 4 * 1024 * 1024
MOST_EXTRA_BYTES = 4096  # of one entry: zipfile takes quadratic time for them
_LISTED = struct.Struct("<28x3H12x")  # of an entry in the directory: the lengths of name, extra field and comment
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_SIZE = 20
_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # zipfile unpacks bzip2 and LZMA without bound
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


class Archive:
    """An open zip: the paths of its files, and their bytes."""

    def __init__(self, path: Path) -> None:
        self._shown = visible(str(path))
        self.outside: list[str] = []  # the names that lead out of the archive, or are no names
        try:
            self._file = os.fdopen(open_file(path), "rb")
        except Unreadable as error:
            raise SubmissionError(f"{self._shown} cannot be opened: {error}") from error
        except OSError as error:
            raise SubmissionError(f"{self._shown} cannot be opened: {error.strerror}") from error
        try:
            self._check_directory()
            self._zip = zipfile.ZipFile(self._file)
            self._entries = self._usable(self._zip.infolist())
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

    def _check_directory(self) -> None:
        """Refuses an archive whose list of files alone would fill the memory."""
        size = self._file.seek(0, io.SEEK_END)
        if size > MOST_ARCHIVE_BYTES:
            raise SubmissionError(f"{self._shown} is larger than {MOST_ARCHIVE_BYTES // 2**20} MB")
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
        if entries > MOST_ENTRIES or directory > MOST_DIRECTORY_BYTES:
            raise SubmissionError(f"{self._shown} lists too many files for a submission")
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
            if count > MOST_ENTRIES:
                raise SubmissionError(f"{self._shown} lists too many files for a submission")
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
            name = entry.orig_filename.replace("\\", "/")
            parts = name.split("/")
            if name.endswith("/") or not name:
                continue
            if name.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in name:
                self.outside.append(name)
            else:
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
        if entry.compress_type not in _BOUNDED:
            raise Unreadable("it is packed in a way that cannot be read; use ordinary zip compression")
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
