"""What a grade depends on besides the submission: the kit's sources, and the libraries that compute."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Collection

from grader.course import registry
from grader.course.paths import PACKAGE, solutions_folder

_NOT_GRADING = ("audit", "batch", "cli", "lesson")  # rooms that no grade and no report depends on
_LIBRARIES = ("torch", "numpy", "hypothesis")


@functools.cache
def kit_digest() -> str:
    """The digest of the kit's sources and solutions, and of the versions of Python and of the libraries that compute."""
    found = hashlib.sha256()
    found.update(".".join(platform.python_version_tuple()[:2]).encode())
    for name in _LIBRARIES:
        found.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    found.update(source_digest(_NOT_GRADING).encode())
    return found.hexdigest()


def source_digest(without: Collection[str] = ()) -> str:
    """The digest of the kit's files and of the solutions, some of its rooms left out."""
    found = hashlib.sha256()
    for folder in (PACKAGE, solutions_folder()):
        for place, path in sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*")):
            parts = place.split("/")
            is_ours = "__pycache__" not in parts and not path.name.startswith(".")
            if path.is_file() and is_ours and parts[0] not in without:
                content = path.read_bytes().replace(b"\r\n", b"\n")  # as Git may have written it on Windows
                found.update(f"{folder.name} {place} {len(content)}\n".encode() + content)
    return found.hexdigest()


def settings_digest() -> str:
    """The digest of an instructor's settings: what is graded, for how many points, and what a report tells of it.

    Without the seed, which the command line may name as well: what is kept of a grading says it by itself.
    """
    worth = [(exercise.topic, exercise.name, exercise.points) for exercise in registry.EXERCISES]
    others = {name: value for name, value in registry.FACTS.others().items() if name != "seed"}
    told = json.dumps([worth, sorted(registry.FACTS.without), others], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
