"""Scratch folders go away, also where files are read-only, are held by others, or a process was killed: as on Windows."""

from __future__ import annotations

import os
import shutil
import stat
import time
from pathlib import Path

import pytest

from grader.sandbox.outer import scratch


@pytest.fixture
def as_windows(monkeypatch):
    """Files that are read-only or held open cannot be removed, and Python goes by paths, as there. Gives what is held."""
    unlink, held = os.unlink, {}

    def careful(path, *, dir_fd=None):
        assert dir_fd is None
        if not os.lstat(path).st_mode & stat.S_IWUSR:
            raise PermissionError(13, "Access is denied", path)
        if held.get(Path(path).name, 0) > 0:
            held[Path(path).name] -= 1
            raise PermissionError(32, "It is being used by another process", path)
        unlink(path)

    monkeypatch.setattr(os, "unlink", careful)
    monkeypatch.setattr(os, "remove", careful)
    monkeypatch.setattr(shutil, "_use_fd_functions", False)
    monkeypatch.setattr(shutil, "_rmtree_impl", shutil._rmtree_unsafe, raising=False)  # chosen by then, in Python 3.14
    monkeypatch.setattr(scratch, "_WINDOWS", True)
    monkeypatch.setattr(scratch, "_PAUSES", (0.0, 0.0, 0.0))
    return held


def test_what_is_read_only_is_removed(as_windows, tmp_path):
    folder = tmp_path / "worker"
    (folder / "below").mkdir(parents=True)
    for file in (folder / "module.py", folder / "below" / "data"):
        file.write_text("x")
        file.chmod(0o444)
    scratch.remove_tree(folder)
    assert not folder.exists()


def test_what_is_held_for_a_moment_is_removed_and_what_is_held_for_longer_stays_without_an_error(as_windows, tmp_path):
    folder = tmp_path / "worker"
    folder.mkdir()
    (folder / "soon").write_text("x")
    (folder / "never").write_text("x")
    as_windows.update(soon=3, never=99)
    scratch.remove_tree(folder)
    assert os.listdir(folder) == ["never"]


def test_what_a_killed_process_left_is_cleared_by_the_next_but_not_what_one_holds(as_windows, tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "fcntl", None)
    for name in ("grader-left", "grader-held", "grader-young"):
        (tmp_path / name / "abc").mkdir(parents=True)
        (tmp_path / name / "in-use").write_text("")
        if name != "grader-young":
            os.utime(tmp_path / name, (time.time() - 3600,) * 2)
    unlink = os.unlink

    def holding(path, *, dir_fd=None):
        if Path(path).parent.name == "grader-held":
            raise PermissionError(32, "It is being used by another process", path)
        unlink(path)

    monkeypatch.setattr(os, "unlink", holding)
    scratch.clear_left(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["grader-held", "grader-young"]


def test_the_lock_is_let_go_of_before_the_place_is_removed(as_windows, tmp_path, monkeypatch):
    place = tmp_path / "grader-mine"
    place.mkdir()
    lock = os.open(place / "in-use", os.O_CREAT | os.O_RDWR)
    unlink = os.unlink

    def unless_open(path, *, dir_fd=None):
        if any(os.path.realpath(f"/proc/self/fd/{number}") == str(path) for number in os.listdir("/proc/self/fd")):
            raise PermissionError(32, "It is being used by another process", path)
        unlink(path)

    monkeypatch.setattr(os, "unlink", unless_open)
    monkeypatch.setattr(scratch, "_places", {str(tmp_path): (place, lock)})
    scratch._leave(os.getpid())
    assert not place.exists()


def test_the_place_is_named_as_a_worker_finds_it(tmp_path, monkeypatch):
    """On macOS /var is a link to /private/var."""
    (tmp_path / "private").mkdir()
    (tmp_path / "var").symlink_to(tmp_path / "private")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "var"))
    monkeypatch.setattr(scratch, "_places", {})
    assert scratch.place().parent == tmp_path / "private"
