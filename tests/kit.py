"""A copy of the kit that a test may change: its course, its settings, its content."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def copied(folder: Path) -> Path:
    """Copies what the kit is made of into a folder, and gives that."""
    for name in ("grader", "solutions", "exercises", "imgs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*", "*.backup-*"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in a copy, with the packages that are there."""
    path = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "80"}
    command = [sys.executable, "-P", *arguments]
    return subprocess.run(command, cwd=folder, env=path, capture_output=True, text=True, timeout=300)
