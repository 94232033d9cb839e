"""One session for all hostile submissions, with less patience than usual."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

from grader.sandbox.outer import scratch
from grader.system import can_fork
from tests.hostile import support

collect_ignore_glob = [] if sys.platform.startswith("linux") else ["test_*.py"]


@pytest.fixture(scope="session")
def arena(tmp_path_factory):
    """A started session to attack."""
    tmp_path_factory.getbasetemp()  # not in the folder that is to be found empty at the end
    before = tempfile.tempdir
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    arena = support.start_arena(folder)
    lacking = arena.session.missing_protections()
    yield arena
    arena.session.close()
    tempfile.tempdir = before
    left = [path.name for path in folder.glob("grader-*/*")]
    scratch.remove_tree(folder)
    assert left == ["in-use"]
    assert not lacking or not can_fork(), f"this machine could not test: {lacking}"


@pytest.fixture
def impatient(monkeypatch):
    """Calls may take a second, then less; one death is enough, and failures are not shrunk."""
    from grader.running import checking, limits

    monkeypatch.setattr(limits, "CALL_SECONDS", (1.0, 0.7, 0.5))
    monkeypatch.setattr(checking, "RESTARTS", 1)
    monkeypatch.setattr(
        checking, "_shrunk", lambda check, ask, casebook, patience, arguments, first: (arguments, first)
    )


@pytest.fixture
def hasty(impatient, monkeypatch):
    """Less patience still, for submissions that are going to use it up."""
    from grader.running import limits

    monkeypatch.setattr(limits, "CALL_SECONDS", (0.3, 0.2, 0.2))


@pytest.fixture
def attack(arena, impatient):
    """Grades a hostile submission."""
    return arena.grade
