"""Backups: whatever the kit writes over is first kept beside the file, under a name of its own."""

from __future__ import annotations

import time
from pathlib import Path


def back_up(path: Path) -> Path:
    """Copies a file to a name with the time in it, never over an older backup. Returns the copy's path."""
    stem = f"{path.name}.backup-{time.strftime('%Y%m%d-%H%M%S')}"
    content = path.read_bytes()
    count = 1
    while True:
        backup = path.with_name(stem if count == 1 else f"{stem}-{count}")
        try:
            with backup.open("xb") as file:
                file.write(content)
            return backup
        except FileExistsError:
            count += 1
