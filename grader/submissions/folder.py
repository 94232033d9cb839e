"""Reads the topic modules of a folder, without following a link out of it or opening a device."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from grader.submissions.choose import DEEPEST

MOST_BYTES = 1024 * 1024
MOST_ENTRIES = 20_000


class Unreadable(Exception):
    """One file cannot be read; the text says why, in a student's words."""


def list_folder(root: Path) -> tuple[list[str], bool]:
    """The paths of the files below a folder, and whether there were too many to look at all."""
    found: list[str] = []
    pending = [("", 0)]
    looked_at = 0
    while pending:
        prefix, depth = pending.pop(0)
        try:
            entries = sorted(os.scandir(root / prefix), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            looked_at += 1
            if looked_at > MOST_ENTRIES:
                return found, True
            path = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if depth + 1 < DEEPEST:
                    pending.append((path + "/", depth + 1))
            else:
                found.append(path)
    return found, False


def read_file(root: Path, path: str) -> bytes:
    """The bytes of one file. Raises Unreadable for what is no plain file inside the folder, or is too large."""
    full = root / path
    try:
        if full.is_symlink() and not full.resolve().is_relative_to(root.resolve()):
            raise Unreadable("it is a link that leads out of the submission")
        fd = os.open(full.resolve() if full.is_symlink() else full, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        raise Unreadable(error.strerror.lower() if error.strerror else "it cannot be opened") from error
    except RuntimeError as error:  # links that go round in a circle
        raise Unreadable("it is a link that leads nowhere") from error
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise Unreadable("it is no ordinary file")
        try:
            data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise Unreadable("reading it failed") from error
    if len(data) > MOST_BYTES:
        raise Unreadable("it is larger than 1 MB")
    return data
