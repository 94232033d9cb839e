"""Scratch folders: each worker's own, all of a process in one place that the next process clears if this one cannot."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_WINDOWS = os.name == "nt"
_PREFIX, _LOCK = "grader-", "in-use"
_JUST_MADE = 60.0  # seconds: a place so young may not have its lock yet
_PAUSES = (0.0, 0.05, 0.2, 0.5)  # seconds before each try, where others hold files

_places: dict[str, tuple[Path, int]] = {}  # by the folder for temporary files: the place and its lock's descriptor


def new_folder() -> Path:
    """A new folder for one worker, under a name that tells nothing."""
    return Path(tempfile.mkdtemp(prefix="", dir=place()))


def place() -> Path:
    """This process's place for such folders; what processes that were killed have left is cleared away first."""
    where = os.path.realpath(tempfile.gettempdir())  # on macOS it lies behind a link, which a worker would not name
    if where not in _places or not _places[where][0].is_dir():
        clear_left(Path(where))
        made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=where))
        made.chmod(0o711)  # workers may be other users
        lock = os.open(made / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        if fcntl is not None:
            with contextlib.suppress(OSError):  # some file systems have no locks
                fcntl.flock(lock, fcntl.LOCK_EX)  # forks hold it, too, until the last of them ends
        if not _places:
            atexit.register(_leave, os.getpid())
        _places[where] = (made, lock)
    return _places[where][0]


def clear() -> None:
    """Removes the folders of workers that were ended before they could be closed. No worker may be alive."""
    for folder in place().iterdir():
        if folder.name != _LOCK:
            remove_tree(folder)


def _leave(owner: int) -> None:
    """At the end of the process: nothing that it started lives any more."""
    if os.getpid() == owner:
        for made, lock in _places.values():
            with contextlib.suppress(OSError):
                os.close(lock)  # Windows removes no file that is open
            remove_tree(made)


def clear_left(where: Path) -> None:
    """Removes places of the same user whose processes are gone."""
    if fcntl is None:
        _clear_what_nobody_holds(where)
        return
    for left in where.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            about = left.lstat()
            if about.st_uid != os.geteuid() or time.time() - about.st_mtime < _JUST_MADE:
                continue
            lock = os.open(left / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(left)
            finally:
                os.close(lock)


def _clear_what_nobody_holds(where: Path) -> None:
    """The same on Windows, where a lock cannot be removed while its process lives and holds it open."""
    if not _WINDOWS:
        return
    for left in where.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime >= _JUST_MADE:
                (left / _LOCK).unlink(missing_ok=True)
                remove_tree(left)


def remove_tree(path: Path) -> None:
    """Removes a folder whatever a submission made of it: no permissions, or deeper than paths can name.

    What cannot be removed stays; nothing is raised.
    """
    if _WINDOWS:
        _remove_patiently(path)
        return
    with contextlib.suppress(RecursionError):
        shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        for command in (["chmod", "-R", "u+rwX", "--"], ["rm", "-rf", "--"]):
            usual = {"PATH": "/usr/bin:/bin"}  # the grader's own may begin with the working folder
            subprocess.run([*command, str(path.absolute())], capture_output=True, check=False, cwd="/", env=usual)


def _remove_patiently(path: Path) -> None:
    """Removes a folder on Windows, also what is read-only, or is held for a moment by what looks for viruses."""
    whole = os.path.abspath(path)
    if os.name == "nt" and not whole.startswith("\\\\"):  # so begins what names a server, or is spelled so already
        whole = "\\\\?\\" + whole  # which may be longer than 260 characters
    for pause in _PAUSES:
        time.sleep(pause)
        with contextlib.suppress(OSError, RecursionError):
            if sys.version_info >= (3, 12):
                shutil.rmtree(whole, onexc=_remove_anyway)
            else:
                shutil.rmtree(whole, onerror=_remove_anyway)
        if not os.path.lexists(whole):
            return


def _remove_anyway(function: Callable[[str], object], path: str, _: object) -> None:
    with contextlib.suppress(OSError):
        if not os.path.islink(path):
            os.chmod(path, 0o700)
        function(path)
