"""One session for all hostile submissions, with less patience than usual."""

from __future__ import annotations

import sys
import tempfile

import pytest

from tests.hostile import support

collect_ignore_glob = [] if sys.platform.startswith("linux") else ["test_*.py"]


@pytest.fixture(scope="session")
def arena(tmp_path_factory):
    """A started session to attack."""
    before = tempfile.tempdir
    arena = support.start_arena(tmp_path_factory.mktemp("scratch"))
    lacking = arena.session.missing_protections()
    yield arena
    arena.session.close()
    tempfile.tempdir = before
    assert not lacking, f"this machine could not test: {lacking}"


@pytest.fixture
def impatient(monkeypatch):
    """Calls may take a second, then less."""
    from grader.grading import run

    monkeypatch.setattr(run, "CALL_SECONDS", (1.0, 0.7, 0.5))


@pytest.fixture
def attack(arena, impatient):
    """Grades a hostile submission."""
    return arena.grade
