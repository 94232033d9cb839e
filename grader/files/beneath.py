"""Reads and writes what lies below a folder without ever following a link there.

Whoever grades may name a folder through links. Below it nothing may be one: a student's program could exchange a folder
for a link between two looks at it. So each part of a path is opened relative to the one before it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from grader.files.whole import put_in_place

_IS_LINK = "it is a link, or lies behind one, and links are not followed"
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
# A folder that is only passed through need not be readable; where O_PATH is missing it must be.
_WAY = _FOLDER | getattr(os, "O_PATH", 0)
_PLAIN = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_FILE = _PLAIN | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FILE
_HAS_OPENAT = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
_NAME_SURROGATE = 0x20000000  # of Windows' reparse tags: those that stand for another place, junctions among them


class Unreadable(Exception):
    """One file cannot be read; the text says why, in a student's words."""


class NotAnOrdinaryFile(Unreadable):
    """It is a link, a folder, a pipe or a device."""


class Beneath(Protocol):
    """A folder, and what lies below it. Paths are relative, with forward slashes; "" is the folder itself."""

    def scan(self, folder: str) -> contextlib.AbstractContextManager[Iterator[os.DirEntry[str]]]:
        """The entries of a folder. Raises OSError, also for what is a link."""

    def open(self, path: str) -> int:
        """A descriptor of an ordinary file, to be read. Raises Unreadable or OSError."""

    def write(self, path: str, content: bytes) -> None:
        """Puts a file in place, whole or not at all; one that is there is replaced, never written through.

        A missing folder around it is made. Raises OSError.
        """

    def write_new(self, path: str, content: bytes) -> None:
        """Makes a file in a folder that is there. Raises FileExistsError, or another OSError."""

    def close(self) -> None:
        """Lets go of the folder."""


@contextlib.contextmanager
def beneath(root: Path, *, named: bool) -> Iterator[Beneath]:
    """Opens a folder for what lies below it.

    Args:
        root: the folder; absolute unless it is `named`.
        named: somebody typed the path, so that it may lead through links; otherwise no part of it may be one.

    Raises OSError where it is no folder, cannot be opened or, not `named`, lies behind a link.
    """
    folder: Beneath = _Opened(root, named) if _HAS_OPENAT else _Careful(root, named)
    try:
        yield folder
    finally:
        folder.close()


def read_all(fd: int, most: int) -> bytes:
    """The bytes of an open file, which is closed. Raises Unreadable where they are more than `most`."""
    with os.fdopen(fd, "rb") as file:
        size = os.fstat(fd).st_size  # as much memory is taken as is asked for
        data = file.read(min(size, most) + 1)
        if size < len(data) <= most:  # it has grown
            data += file.read(most + 1 - len(data))
    if len(data) > most:
        raise Unreadable(f"it is larger than {most // 2**20} MB")
    return data


def open_file(path: Path) -> int:
    """A descriptor of the ordinary file that somebody named, through links or not. Raises Unreadable or OSError."""
    _refuse_special(path.stat())  # nothing else is opened: opening a device can do something
    return _checked(os.open(path, os.O_RDONLY | _PLAIN | getattr(os, "O_CLOEXEC", 0)))


class _Opened:
    """The way of every Unix: openat."""

    def __init__(self, root: Path, named: bool) -> None:
        if named:
            self._root = os.open(root, _WAY & ~getattr(os, "O_NOFOLLOW", 0))
        else:
            start = os.open(root.anchor, _WAY)
            try:
                self._root = _descend(start, list(root.parts[1:]))
            finally:
                os.close(start)

    @contextlib.contextmanager
    def scan(self, folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        way = _descend(self._root, folder.split("/"))
        try:
            fd = os.open(".", _FOLDER, dir_fd=way)
        finally:
            os.close(way)
        try:
            with os.scandir(fd) as entries:
                yield entries
        finally:
            os.close(fd)

    def open(self, path: str) -> int:
        folder, name = self._around(path)
        try:
            _refuse_special(os.stat(name, dir_fd=folder, follow_symlinks=False))
            return _checked(os.open(name, os.O_RDONLY | _FILE, dir_fd=folder))
        finally:
            os.close(folder)

    def write(self, path: str, content: bytes) -> None:
        parts = path.split("/")
        if len(parts) > 1:
            above, name = self._around("/".join(parts[:-1]))
            try:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, dir_fd=above)
            finally:
                os.close(above)
        folder, name = self._around(path)
        try:
            before = None
            with contextlib.suppress(FileNotFoundError):
                before = os.stat(name, dir_fd=folder, follow_symlinks=False)
            fresh = f".{name}.{os.getpid()}.new"
            with contextlib.suppress(FileNotFoundError):
                os.unlink(fresh, dir_fd=folder)
            fd = os.open(fresh, _NEW, 0o666, dir_fd=folder)
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(content)
                    if before is not None and stat.S_ISREG(before.st_mode) and hasattr(os, "fchmod"):
                        with contextlib.suppress(OSError):  # some mounted folders of other systems have no modes
                            os.fchmod(fd, stat.S_IMODE(before.st_mode))
                        with contextlib.suppress(OSError):  # whoever is not root keeps what is their own
                            os.fchown(fd, before.st_uid, before.st_gid)
                os.replace(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(fresh, dir_fd=folder)
                raise
        finally:
            os.close(folder)

    def write_new(self, path: str, content: bytes) -> None:
        folder, name = self._around(path)
        try:
            with os.fdopen(os.open(name, _NEW, 0o666, dir_fd=folder), "wb") as file:
                file.write(content)
        finally:
            os.close(folder)

    def close(self) -> None:
        os.close(self._root)

    def _around(self, path: str) -> tuple[int, str]:
        """The folder that holds a path's last part, opened, and that part."""
        *folders, name = path.split("/")
        return _descend(self._root, folders), name


def _descend(start: int, parts: list[str]) -> int:
    """A descriptor of the folder that the parts lead to from an open one; each part is opened from the one before."""
    here = os.open(".", _WAY, dir_fd=start)
    for part in filter(None, parts):
        try:
            below = os.open(part, _WAY, dir_fd=here)
        except OSError as error:
            if _is_link_at(here, part):
                raise OSError(errno.ELOOP, _IS_LINK) from error
            raise
        finally:
            os.close(here)
        here = below
    return here


def _is_link_at(folder: int, name: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


class _Careful:
    """The way where there is no openat, as on Windows: looks at each part before, and again once a file is open."""

    def __init__(self, root: Path, named: bool) -> None:
        if not named:
            for part in (*reversed(root.parents), root):
                _refuse_link(part)
        self._root = Path(os.path.realpath(root))
        if not self._root.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(root))

    @contextlib.contextmanager
    def scan(self, folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        with os.scandir(self._way(folder)) as entries:
            yield entries
        self._way(folder)

    def open(self, path: str) -> int:
        full = self._way(path)
        _refuse_special(full.lstat())
        fd = os.open(full, os.O_RDONLY | _FILE)
        try:
            if not os.path.samestat(os.fstat(fd), self._way(path).lstat()):
                raise Unreadable("it was exchanged while it was being opened")
        except BaseException:
            os.close(fd)
            raise
        return _checked(fd)

    def write(self, path: str, content: bytes) -> None:
        folder, _, name = path.rpartition("/")
        if folder:
            above, _, own = folder.rpartition("/")
            (self._way(above) / own).mkdir(exist_ok=True)
        around = self._way(folder)
        fresh = around / f".{name}.{os.getpid()}.new"
        fresh.unlink(missing_ok=True)
        try:
            with fresh.open("xb") as file:
                file.write(content)
            self._way(folder)
            put_in_place(fresh, around / name)
        except BaseException:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise

    def write_new(self, path: str, content: bytes) -> None:
        folder, _, name = path.rpartition("/")
        with (self._way(folder) / name).open("xb") as file:
            file.write(content)

    def close(self) -> None:
        return None

    def _way(self, path: str) -> Path:
        """The whole path, no part of which is a link below the folder. Raises OSError."""
        here = self._root
        for part in filter(None, path.split("/")):
            here /= part
            _refuse_link(here)
        return here


def _refuse_link(path: Path) -> None:
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) & _NAME_SURROGATE:
        raise OSError(errno.ELOOP, _IS_LINK)


def _refuse_special(found: os.stat_result) -> None:
    """Refuses what is no ordinary file before it is opened: opening a device can do something."""
    if stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) & _NAME_SURROGATE:
        raise NotAnOrdinaryFile(_IS_LINK)
    if not stat.S_ISREG(found.st_mode):
        raise NotAnOrdinaryFile("it is no ordinary file")


def _checked(fd: int) -> int:
    """The descriptor, if it is an ordinary file's; it may have been exchanged since it was looked at."""
    try:
        _refuse_special(os.fstat(fd))
    except BaseException:
        os.close(fd)
        raise
    return fd
