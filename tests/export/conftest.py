"""A handout without solutions, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course import registry
from grader.export import handout, recording
from grader.files.whole import write_tree

NAMES = "shapes"  # the topic whose known mistakes it knows: recording what those of all topics answer takes minutes


@pytest.fixture(scope="session")
def withheld(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder, for seed 0. Nobody may write into it."""
    folder = tmp_path_factory.mktemp("export") / "handout"
    with pytest.MonkeyPatch.context() as patch:
        known = recording.mistakes_of
        patch.setattr(recording, "mistakes_of", lambda name: known(name) if _is_named(name) else ())
        write_tree(folder, handout.content(True))
    return folder


def _is_named(exercise: str) -> bool:
    return registry.exercise(exercise).topic == NAMES
