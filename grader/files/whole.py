"""Files and folders that are written whole or not at all, whatever ends the writing: a kill, a full disk, the power."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

_PAUSES = (0.05, 0.1, 0.2, 0.4) if os.name == "nt" else ()  # seconds
T = TypeVar("T")
UNFINISHED = ".unfinished"  # how the name of a file ends that is not in its place yet


def write_whole(path: Path, content: bytes) -> None:
    """Puts a file in place of whatever has its name. Raises OSError; then what was there is still there."""
    fresh = path.with_name(f".{secrets.token_hex(8)}{UNFINISHED}")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(fresh, path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise


def put_in_place(fresh: Path, path: Path) -> None:
    """Gives a file the name of another, which it replaces, or a folder a name that is free. Raises OSError.

    On Windows a file that somebody holds open, such as an editor or what looks for viruses, cannot be replaced, nor a
    folder be renamed that it lies in: most let go of it soon.
    """
    patiently(lambda: os.replace(fresh, path))


def patiently(act: Callable[[], T]) -> T:
    """Does something with a file that, on Windows, another program may hold for a moment."""
    for pause in _PAUSES:
        try:
            return act()
        except PermissionError:
            time.sleep(pause)
    return act()


def write_tree(folder: Path, content: Mapping[str, bytes]) -> None:
    """Makes a folder of files, by their names below it: a new one whole or not at all, one that is there file by file.

    Raises OSError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder if folder.is_dir() else folder.with_name(f".{secrets.token_hex(8)}{UNFINISHED}")
    try:
        for name, data in content.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)
        if fresh is not folder:
            put_in_place(fresh, folder)
    except BaseException:
        if fresh is not folder:
            shutil.rmtree(fresh, ignore_errors=True)
        raise
