"""Reads the topic modules of a folder, without following a link in it or opening a device."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import islice

from grader.files.beneath import Beneath, Unreadable, read_all
from grader.files.whole import patiently
from grader.submissions.choose import DEEPEST, is_junk, matters
from grader.submissions.model import visible

MOST_BYTES = 1024 * 1024
MOST_ENTRIES = 20_000  # in an archive
MOST_LOOKED_AT = 100_000  # in a folder
MOST_SAID = 3  # of folders that cannot be opened, or are links


def list_folder(
    folder: Beneath, start: str = "", wanted: Callable[[str], bool] = matters
) -> tuple[list[str], list[str]]:
    """The paths of the files below a folder, or below one that starts in it, and what to say of the rest.

    Args:
        start: "" or a path with a slash at its end.
        wanted: whether a file of this name matters; the others are passed over.

    Raises OSError where the folder itself cannot be opened.
    """
    found: list[str] = []
    said: list[str] = []
    pending = deque([(start, 0)])
    left = MOST_LOOKED_AT
    while pending:
        prefix, depth = pending.popleft()
        try:
            with folder.scan(prefix) as scan:
                entries = []
                for entry in islice(scan, left + 1):
                    left -= 1
                    is_folder = entry.is_dir(follow_symlinks=False)
                    if is_folder or wanted(entry.name):
                        entries.append((entry.name, is_folder))
                    elif entry.name == "exercises" and entry.is_symlink() and len(said) < MOST_SAID:
                        said.append(f"{visible(prefix)}exercises is a link, and links are not followed.")
        except OSError as error:
            if prefix == start:
                raise
            if len(said) < MOST_SAID:
                reason = (error.strerror or "it is gone").lower()
                said.append(f"The folder {visible(prefix)} could not be opened: {reason}.")
            continue
        for name, is_folder in sorted(entries):
            if is_junk(name):
                continue
            path = f"{prefix}{name}"
            if is_folder:
                if depth + 1 < DEEPEST:
                    pending.append((path + "/", depth + 1))
            else:
                found.append(path)
        if left < 0:
            return found, [*said, "The submission holds so many files that not all were looked at."]
    return found, said


def read_file(folder: Beneath, path: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of one file. Raises Unreadable for what is no plain file inside the folder, or is too large."""
    try:
        return patiently(lambda: read_all(folder.open(path), most))
    except FileNotFoundError as error:
        raise Unreadable("it is gone") from error
    except OSError as error:
        raise Unreadable(error.strerror.lower() if error.strerror else "reading it failed") from error
