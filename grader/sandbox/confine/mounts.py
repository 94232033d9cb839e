"""A worker's own view of the files: what it may read, and a scratch folder in memory, of bounded size."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

SCRATCH_BYTES = 64 * 2**20
SCRATCH_FILES = 4096
_DEVICES = ("/dev/null",)  # besides what may be read
_MOST_PARTS = 400  # of a path with its links
_DETACH = 2
_CLONE_NEWNS = 0x00020000
_NOSUID, _NODEV, _NOEXEC, _BIND, _RECURSIVE, _PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18


def show_only(readable: tuple[str, ...], scratch: str) -> None:
    """Leaves of this process's files what is readable, and a scratch folder in memory, so that nothing fills a disk.

    Landlock keeps files from being read, not from being found: who guesses a name learns that it is there, also that of a
    process in /proc. So a folder in memory takes the place of each folder of the root, and holds the readable paths
    alone, open to every user even where the way to them was closed. Other processes keep seeing what they saw.

    Needs root or a user namespace. Raises OSError; what was not covered by then is as it was.
    """
    if not sys.platform.startswith("linux"):
        raise NotImplementedError("only Linux has mount namespaces")
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.unshare(_CLONE_NEWNS))
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)
    files = {path.relative_to(scratch): path.read_bytes() for path in Path(scratch).rglob("*") if path.is_file()}
    covered = _covered(readable, scratch)
    _mount("view", scratch, "tmpfs", _NOSUID | _NODEV, "size=1m,mode=755")  # all is made in here first
    try:
        for folder in covered:
            os.makedirs(scratch + folder, 0o755, exist_ok=True)
        for path in (*readable, *_DEVICES):
            if _is_below(path, covered):
                _bind(path, scratch + path)
        for link, target in {link: target for path in _looked_up() for link, target in _links_on(path)}.items():
            if _is_below(link, covered) and not os.path.lexists(scratch + link):
                os.makedirs(os.path.dirname(scratch + link), 0o755, exist_ok=True)
                os.symlink(target, scratch + link)
        own = scratch + scratch
        os.makedirs(own, 0o755, exist_ok=True)
        limits = f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES},mode=700"
        _mount("scratch", own, "tmpfs", _NOSUID | _NODEV | _NOEXEC, limits)  # no library of its own can be loaded
        for name, content in files.items():
            file = Path(own, name)
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        view = os.open(scratch, os.O_PATH)
    except OSError:
        libc.umount2(os.fsencode(scratch), _DETACH)
        raise
    try:
        # The scratch folder's first, and last the one that leads to the view.
        for folder in sorted(covered, key=lambda folder: (folder == "/proc", not _is_below(scratch, [folder]))):
            _mount(f"/proc/self/fd/{view}{folder}", folder, None, _BIND | _RECURSIVE)
    finally:
        os.close(view)
        os.chdir(scratch)


def _covered(readable: tuple[str, ...], scratch: str) -> list[str]:
    """The folders whose place is taken: those of the root, and any other that is closed on the way to a path."""
    tops = [entry.path for entry in os.scandir("/") if entry.is_dir(follow_symlinks=False)]
    covered = [top for top in tops if top not in readable]
    for path in (*readable, os.path.dirname(scratch)):
        if not _is_below(path, covered) and (closed := first_closed(path)) is not None:
            if str(closed) in readable:
                raise PermissionError(f"{closed} itself is closed to other users")
            covered.append(str(closed))
    return covered if _is_below(scratch, covered) else [*covered, scratch]


def _is_below(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def _bind(path: str, place: str) -> None:
    if os.path.isdir(path):
        os.makedirs(place, 0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), 0o755, exist_ok=True)
        Path(place).touch()
    _mount(path, place, None, _BIND | _RECURSIVE)


def _looked_up() -> set[str]:
    """Where Python looks for what it imports; there may be links on the way."""
    return {sys.prefix, sys.base_prefix, os.path.dirname(os.__file__), *filter(os.path.isabs, sys.path)}


def _links_on(path: str) -> Iterator[tuple[str, str]]:
    """The links on the way to a path, each with what it holds."""
    here, rest = "", path.split("/")[1:]
    for _ in range(_MOST_PARTS):
        if not rest:
            return
        here, rest = f"{here}/{rest[0]}", rest[1:]
        if os.path.islink(here):
            target = os.readlink(here)
            yield here, target
            whole = os.path.normpath(os.path.join(os.path.dirname(here), target))
            here, rest = "", [*whole.split("/")[1:], *rest]


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
