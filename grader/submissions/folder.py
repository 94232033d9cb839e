"""Reads the topic modules of a folder, without following a link out of it or opening a device."""

from __future__ import annotations

import os
import stat
from collections import deque
from itertools import islice
from pathlib import Path

from grader.submissions.choose import DEEPEST, is_junk, matters
from grader.submissions.model import visible

MOST_BYTES = 1024 * 1024
MOST_ENTRIES = 20_000  # in an archive
MOST_LOOKED_AT = 100_000  # in a folder
MOST_SAID = 3  # of folders that cannot be opened


class Unreadable(Exception):
    """One file cannot be read; the text says why, in a student's words."""


def list_folder(root: Path) -> tuple[list[str], list[str]]:
    """The paths of the files below a folder, and what to say of the rest of it.

    Raises OSError where the folder itself cannot be opened.
    """
    found: list[str] = []
    said: list[str] = []
    pending = deque([("", 0)])
    left = MOST_LOOKED_AT
    while pending:
        prefix, depth = pending.popleft()
        try:
            with os.scandir(root / prefix) as scan:
                entries = []
                for entry in islice(scan, left + 1):
                    left -= 1
                    if matters(entry.name) or entry.is_dir(follow_symlinks=False):
                        entries.append(entry)
        except OSError as error:
            if not prefix:
                raise
            if len(said) < MOST_SAID:
                reason = (error.strerror or "it is gone").lower()
                said.append(f"The folder {visible(prefix)} could not be opened: {reason}.")
            continue
        entries.sort(key=lambda entry: entry.name)
        for entry in entries:
            if is_junk(entry.name):
                continue
            path = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if depth + 1 < DEEPEST:
                    pending.append((path + "/", depth + 1))
            else:
                found.append(path)
        if left < 0:
            return found, [*said, "The submission holds so many files that not all were looked at."]
    return found, said


def read_file(root: Path, path: str) -> bytes:
    """The bytes of one file. Raises Unreadable for what is no plain file inside the folder, or is too large."""
    full = root / path
    try:
        if full.is_symlink():
            full = full.resolve(strict=True)
            if not full.is_relative_to(root.resolve()):
                raise Unreadable("it is a link that leads out of the submission")
        if not stat.S_ISREG(full.lstat().st_mode):  # nothing else is opened: opening a device can do something
            raise Unreadable("it is no ordinary file")
        fd = os.open(full, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise Unreadable("it is no ordinary file")
            with os.fdopen(fd, "rb", closefd=False) as file:
                data = file.read(MOST_BYTES + 1)
        finally:
            os.close(fd)
    except (FileNotFoundError, RuntimeError) as error:  # RuntimeError: links that go round in a circle
        raise Unreadable("it is a link that leads nowhere, or is gone") from error
    except OSError as error:
        raise Unreadable(error.strerror.lower() if error.strerror else "reading it failed") from error
    if len(data) > MOST_BYTES:
        raise Unreadable("it is larger than 1 MB")
    return data
