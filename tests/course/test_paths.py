"""Which folder is the student's work."""

import shutil
import sys
from pathlib import Path

import pytest

from grader.course import paths
from grader.sandbox.confine import filesystem


@pytest.fixture
def stand(tmp_path, monkeypatch):
    """Lays files below a folder and makes one of its folders the working directory; returns the former."""

    def lay(*files, here="."):
        for file in files:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).touch()
        (tmp_path / here).mkdir(parents=True, exist_ok=True)
        monkeypatch.chdir(tmp_path / here)
        return tmp_path

    return lay


@pytest.mark.parametrize(
    ("files", "here", "expected", "usual"),
    [
        (["exercises/shapes.py"], ".", "exercises", True),
        (["exercises/shapes.py"], "exercises", "exercises", True),
        (["exercises/shapes.py"], "notes/old", "exercises", False),
        (["alice/cnn.py"], "alice", "alice", False),
        (["alice/cnn.py", "alice/exercises/cnn.py"], "alice", "alice/exercises", True),
        (["exercises/cnn.py", "sub/exercises/essay.txt"], "sub", "exercises", False),
        (["exercises/cnn.py", "sub/exercises/cnn.py"], "sub", "sub/exercises", True),
    ],
)
def test_the_nearest_folder_with_topic_modules_is_the_work(stand, files, here, expected, usual):
    folder = stand(*files, here=here) / expected
    assert paths.exercises_folder() == folder.resolve()
    assert paths.is_where_one_looks(folder.resolve()) is usual


def test_where_there_is_none_it_is_that_of_the_checkout(stand):
    stand()
    assert paths.exercises_folder() == paths.PACKAGE.parent / "exercises"


def test_an_installed_kit_has_no_work_of_anybodys(stand, tmp_path, monkeypatch):
    installed = tmp_path / "site-packages" / "grader"
    shutil.copytree(paths.PACKAGE.parent / "exercises", installed.parent / "exercises")
    monkeypatch.setattr(paths, "PACKAGE", installed)
    assert paths.exercises_folder() != installed.parent / "exercises"
    folder = stand(here="empty") / "empty"
    assert paths.exercises_folder() == folder.resolve() / "exercises"


@pytest.mark.parametrize("inside", ["grader/topics", "solutions", "tests/samples/correct/loops"])
def test_modules_of_the_kit_itself_are_nobodys_work(monkeypatch, inside):
    monkeypatch.chdir(paths.PACKAGE.parent / inside)
    assert paths.exercises_folder() == paths.PACKAGE.parent / "exercises"


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A kit with a history and an environment of its own, below a folder of libraries."""
    kit = tmp_path / "lib" / "kit"
    for folder in ("grader", "solutions", "tests", "exercises", "build/lib/solutions", ".venv/lib/site-packages/torch"):
        (kit / folder).mkdir(parents=True)
    (kit / "pyproject.toml").touch()
    (tmp_path / "lib" / "numpy").mkdir()
    monkeypatch.setattr(paths, "PACKAGE", kit / "grader")
    monkeypatch.setattr(filesystem, "_SYSTEM", (str(tmp_path / "lib"),))
    monkeypatch.setattr(sys, "prefix", str(kit / ".venv"))
    return kit


@pytest.mark.parametrize("history", ["none", ".git", "../.git"])
def test_nothing_of_a_checkout_can_be_read_but_an_environment_in_it(kit, history):
    if history != "none":
        (kit / history).mkdir()
    readable = [Path(path) for path in filesystem.readable_paths(paths.hidden_folders())]
    ours = [path for path in readable if path.is_relative_to(kit.parent)]
    assert sorted(ours) == [kit / ".venv" / "lib", kit.parent / "numpy"]


def test_a_kit_among_installed_packages_hides_its_own_folders_alone(kit):
    (kit / "pyproject.toml").unlink()
    readable = filesystem.readable_paths(paths.hidden_folders())
    assert str(kit / "build") in readable and str(kit / "solutions") not in readable


def test_the_history_of_a_worktree_is_hidden_where_it_is(kit):
    (kit.parent / "main" / ".git" / "worktrees" / "kit").mkdir(parents=True)
    (kit / ".git").write_text("gitdir: ../main/.git/worktrees/kit\n")
    readable = filesystem.readable_paths(paths.hidden_folders())
    assert not any("main/.git" in path or str(kit.parent / "main") == path for path in readable)
