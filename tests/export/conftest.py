"""A handout without solutions, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.export import handout
from grader.files.whole import write_tree


@pytest.fixture(scope="session")
def withheld(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder, for seed 0. Nobody may write into it."""
    folder = tmp_path_factory.mktemp("export") / "handout"
    write_tree(folder, handout.content(True))
    return folder
