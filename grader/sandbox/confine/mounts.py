"""A worker's own view of the files: a scratch folder in memory, of bounded size, and ways to Python for a lesser user."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from pathlib import Path

SCRATCH_BYTES = 64 * 2**20
SCRATCH_FILES = 4096
_CLONE_NEWNS = 0x00020000
_NOSUID, _NODEV, _NOEXEC, _BIND, _RECURSIVE, _PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18


def own_scratch(scratch: str) -> None:
    """Lays a folder in memory over the scratch folder, so that nothing in it can fill a disk. Raises OSError.

    Needs root or a user namespace. Other processes keep seeing the folder on disk, with the submission's files alone.
    """
    if not sys.platform.startswith("linux"):
        raise NotImplementedError("only Linux has mount namespaces")
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.unshare(_CLONE_NEWNS))
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)
    files = {path.relative_to(scratch): path.read_bytes() for path in Path(scratch).rglob("*") if path.is_file()}
    limits = f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES},mode=700"
    _mount("scratch", scratch, "tmpfs", _NOSUID | _NODEV | _NOEXEC, limits)  # no library of its own can be loaded
    for name, content in files.items():
        path = Path(scratch, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    os.chdir(scratch)


def open_ways(paths: tuple[str, ...], scratch: str) -> None:
    """Makes paths in closed folders, such as root's home, reachable for other users, and hides what is beside them.

    Only in this process's view: a folder in memory takes the closed one's place and holds these paths alone. Raises
    OSError.
    """
    behind: dict[Path, list[str]] = {}
    for path in (*paths, scratch):
        if (closed := first_closed(path if path != scratch else os.path.dirname(scratch))) is not None:
            behind.setdefault(closed, []).append(path)
    for closed, hidden in behind.items():
        if str(closed) in hidden:
            raise PermissionError(f"{closed} itself is closed to other users")
        opened = [(path, os.open(path, os.O_PATH)) for path in hidden]
        try:
            _mount("ways", str(closed), "tmpfs", _NOSUID | _NODEV, "size=1m,mode=755")
            for path, fd in opened:
                if stat.S_ISDIR(os.fstat(fd).st_mode):
                    os.makedirs(path, 0o755)
                else:
                    os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
                    Path(path).touch()
                _mount(f"/proc/self/fd/{fd}", path, None, _BIND | _RECURSIVE)
        finally:
            for _, fd in opened:
                os.close(fd)
    os.chdir(scratch)


def first_closed(path: str) -> Path | None:
    """The first folder on the way to a path, itself included, that other users may not pass; None without one."""
    for part in (*reversed(Path(path).parents), Path(path)):
        try:
            mode = part.stat().st_mode
        except OSError:
            return None  # what is not there need not be read
        if not mode & (stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH):
            return part
    return None


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    _check(libc.mount(*encoded, ctypes.c_ulong(flags), options.encode()))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
