"""Backups: whatever the kit writes over is first kept beside the file, under a name of its own."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from grader.files.beneath import Beneath, NotAnOrdinaryFile, read_all

_LARGEST = 64 * 2**20  # bytes of a file that is kept by copying it


def replace(folder: Beneath, name: str, content: bytes, *, is_ours: Callable[[bytes], bool]) -> str | None:
    """Puts a file in place. What was there and is not the kit's own is kept before: gives the backup's name, or None.

    A link, a pipe or a device of that name is replaced, and neither followed nor opened.
    Raises OSError, or Unreadable where what is there is too large to be kept.
    """
    kept = None
    with contextlib.suppress(FileNotFoundError, NotAnOrdinaryFile):
        before = read_all(folder.open(name), _LARGEST)
        if before and not is_ours(before):
            kept = keep(folder, name, before)
    folder.write(name, content)
    return kept


def keep(folder: Beneath, name: str, content: bytes) -> str:
    """Keeps what a file of the folder holds under a name with the time in it. Returns that name."""
    stem = f"{name}.backup-{time.strftime('%Y%m%d-%H%M%S')}"
    count = 1
    while True:
        backup = stem if count == 1 else f"{stem}-{count}"
        try:
            folder.write_new(backup, content)
            return backup
        except FileExistsError:
            count += 1
