"""What the grader remembers between two runs, in one file of the folder that holds the work: hints given, what is solved.

It belongs to that folder: another clone, or another student on the same machine, begins anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.files.beneath import Unreadable, beneath, read_all

FOLDER, FILE = ".grader", "progress.json"
MOST_BYTES = 2**20


def file(work: Path) -> Path:
    """Where progress is kept: beside the modules, in a folder that git does not see and no submission counts."""
    return work / FOLDER / FILE


def load(work: Path) -> dict[str, Any]:
    """What is remembered, by exercise; empty where the file is missing or is no longer readable."""
    try:
        with beneath(work, named=False) as folder:
            data = json.loads(read_all(folder.open(f"{FOLDER}/{FILE}"), MOST_BYTES))
    except (OSError, Unreadable, ValueError, RecursionError):
        return {}
    return {name: entry for name, entry in data.items() if isinstance(entry, dict)} if isinstance(data, dict) else {}


def save(work: Path, data: Mapping[str, Any]) -> None:
    """Writes the state whole or not at all. Raises OSError where the folder cannot be written."""
    with beneath(work, named=False) as folder:
        folder.write(f"{FOLDER}/.gitignore", b"*\n")
        folder.write(f"{FOLDER}/{FILE}", (json.dumps(data, indent=2, sort_keys=True) + "\n").encode())


def remember_solved(work: Path, solved: Mapping[str, bool], modules: Mapping[str, Any]) -> None:
    """Notes which exercises have all their points, with the text of the module that earned them, where it can."""
    from grader.course import registry

    data = load(work)
    for name, earned in solved.items():
        entry = data.setdefault(name, {})
        module = modules.get(registry.exercise(name).topic)
        entry["solved_with"] = digest(module.source) if earned and module else None
    with contextlib.suppress(OSError):  # grading goes without it; `grader hint` says so
        save(work, data)


def digest(source: bytes) -> str:
    """A module's fingerprint."""
    return hashlib.sha256(source).hexdigest()
