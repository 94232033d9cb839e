"""Small classes for tests: a module or two a student, so that a whole class is graded in seconds."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHAPES = (ROOT / "solutions" / "shapes.py").read_text(encoding="utf-8")
WEIGHTS = (ROOT / "solutions" / "weights.py").read_text(encoding="utf-8")
SEED = 0  # what is worked out for it is kept, and most other tests have needed it already
STUBS = (ROOT / "exercises" / "shapes.py").read_text(encoding="utf-8")


def padded_once() -> str:
    """A module in which the padding is counted once."""
    found, count = re.subn(r"size \+ 2 \* p(adding)?", r"size + p\1", SHAPES)
    assert count
    return found


def written(folder: Path, students: Mapping[str, Mapping[str, str]]) -> Path:
    """A folder for each student, with their files."""
    for name, files in students.items():
        for file, text in files.items():
            path = folder / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


def batch(*arguments: object, timeout: float = 300, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `grader batch`."""
    return subprocess.run(
        command(*arguments), env=surroundings(**environment), capture_output=True, text=True, timeout=timeout
    )


def command(*arguments: object) -> list[str]:
    """The command that runs `grader batch`."""
    return [sys.executable, "-P", "-m", "grader", "batch", *map(str, arguments)]


def surroundings(**environment: str) -> dict[str, str]:
    """The environment of such a command."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **environment}


def rows(out: Path) -> dict[str, dict[str, str]]:
    """The gradebook's rows, by student."""
    text = (out / "gradebook.csv").read_text(encoding="utf-8")
    return {row["submission"]: row for row in csv.DictReader(io.StringIO(text))}
