"""Files that are written whole or not at all, whatever ends the writing: a kill, a full disk, the power."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

UNFINISHED = ".unfinished"  # how the name of a file ends that is not in its place yet


def write_whole(path: Path, content: bytes) -> None:
    """Puts a file in place of whatever has its name. Raises OSError; then what was there is still there."""
    fresh = path.with_name(f".{secrets.token_hex(8)}{UNFINISHED}")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
