"""A handout without solutions, made once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from grader.course import registry
from grader.export import handout, recording
from grader.files.whole import write_tree

NAMES = "shapes"  # the topic whose known mistakes it knows: recording what those of all topics answer takes minutes


@pytest.fixture(scope="session")
def withheld(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder, for seed 0. Nobody may write into it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "handout-without-solutions"
    with FileLock(f"{folder}.lock"), pytest.MonkeyPatch.context() as patch:
        if folder.is_dir():  # another worker of the suite has made it
            return folder
        known = recording.mistakes_of
        patch.setattr(recording, "mistakes_of", lambda name: known(name) if _is_named(name) else ())
        write_tree(folder, handout.content(True))
    return folder


def _is_named(exercise: str) -> bool:
    return registry.exercise(exercise).topic == NAMES


@pytest.fixture(scope="session")
def handed_out(withheld: Path) -> dict[str, bytes]:
    """The same as files by their names."""
    files = [path for path in withheld.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(withheld).as_posix(): path.read_bytes() for path in files}
