"""A handout without solutions, made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock  # PyTorch's own lock

from grader.export import handout
from grader.files.whole import write_tree


@pytest.fixture(scope="session")
def withheld(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Its folder, for seed 0, one for all workers of pytest-xdist. Nobody may write into it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "export" / "handout"
    folder.parent.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.is_dir():
            write_tree(folder, handout.content(True))
    return folder


@pytest.fixture(scope="session")
def handed_out(withheld: Path) -> dict[str, bytes]:
    """The same as files by their names."""
    return {path.relative_to(withheld).as_posix(): path.read_bytes() for path in withheld.rglob("*") if path.is_file()}
