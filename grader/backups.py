"""Backups: whatever the kit writes over is first kept beside the file, under a name of its own."""

from __future__ import annotations

import time
from pathlib import Path

from grader.beneath import Beneath, beneath


def back_up(path: Path) -> Path:
    """Copies a file to a name with the time in it, never over an older backup. Returns the copy's path."""
    with beneath(path.parent, named=True) as folder:
        return path.with_name(keep(folder, path.name, path.read_bytes()))


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
