"""What lies below a folder is reached without following a link, though somebody exchanges it between two looks."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from grader.files import beneath, whole
from grader.submissions import SubmissionError, read, read_submission

as_ours = pytest.mark.skipif(sys.platform == "win32", reason="making links takes privileges there")
pytestmark = as_ours


@pytest.fixture(params=["openat", "careful"])
def way(request, monkeypatch):
    """Each of the two ways: that of Unix, and the one for systems without openat."""
    monkeypatch.setattr(beneath, "_HAS_OPENAT", request.param == "openat")
    return request.param


@pytest.fixture
def places(tmp_path):
    """A submission, and the secret that it would like to be read instead."""
    (tmp_path / "hand-in" / "exercises").mkdir(parents=True)
    (tmp_path / "hand-in" / "exercises" / "shapes.py").write_bytes(b"mine")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "shapes.py").write_bytes(b"secret")
    return tmp_path


def exchange(path: Path, target: Path) -> None:
    """A link in the place of what stands there."""
    path.rename(path.with_name("away"))
    path.symlink_to(target)


@pytest.mark.parametrize("what", ["exercises", "exercises/shapes.py"])
def test_what_is_exchanged_between_listing_and_reading_is_not_read(way, places, monkeypatch, what):
    choose = read.choose

    def exchanging(paths):
        exchange(places / "hand-in" / what, places / "secret" / what.removeprefix("exercises").strip("/"))
        return choose(paths)

    monkeypatch.setattr(read, "choose", exchanging)
    found = read_submission(places / "hand-in")
    assert found.modules == {}
    assert "is a link" in found.problems[0].text


@pytest.mark.parametrize("what", ["hand-in", "hand-in/exercises"])
def test_no_part_of_a_path_that_nobody_typed_may_be_a_link(way, places, what):
    exchange(places / what, places / "secret")
    with pytest.raises(SubmissionError, match="is a link.*--submission"):
        read_submission(places / what, named=False)


def test_a_path_that_nobody_typed_and_that_is_no_link_is_read(way, places):
    assert read_submission(places / "hand-in", named=False).modules["shapes"].source == b"mine"


def test_each_file_is_opened_once(places, monkeypatch):
    opened, seen = os.open, []

    def noting(path, *arguments, **options):
        seen.append(str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", noting)
    read_submission(places / "hand-in")
    assert seen.count("shapes.py") == 1 and not any(path.startswith(f"{places}/hand-in/") for path in seen)


def test_writing_replaces_and_never_goes_through_a_link(way, places):
    work, secret = places / "hand-in" / "exercises", places / "secret" / "shapes.py"
    (work / "shapes.py").unlink()
    (work / "shapes.py").symlink_to(secret)
    (work / "cnn.py").hardlink_to(secret)
    with beneath.beneath(work, named=False) as folder:
        folder.write("shapes.py", b"new")
        folder.write("cnn.py", b"new")
        folder.write("made/x", b"new")
    assert secret.read_bytes() == b"secret"
    assert [(work / name).read_bytes() for name in ("shapes.py", "cnn.py", "made/x")] == [b"new"] * 3
    assert not (work / "shapes.py").is_symlink()
    assert sorted(path.name for path in work.iterdir()) == ["cnn.py", "made", "shapes.py"]


def test_writing_does_not_enter_a_linked_folder(way, places):
    (places / "hand-in" / "made").symlink_to(places / "secret")
    with beneath.beneath(places / "hand-in", named=False) as folder, pytest.raises(OSError, match="is a link"):
        folder.write("made/shapes.py", b"new")
    assert (places / "secret" / "shapes.py").read_bytes() == b"secret"


def test_a_file_keeps_its_permissions(places):
    file = places / "hand-in" / "exercises" / "shapes.py"
    file.chmod(0o640)
    with beneath.beneath(file.parent, named=False) as folder:
        folder.write("shapes.py", b"new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize("kind", ["fifo", "folder"])
def test_what_is_no_ordinary_file_is_not_opened(way, places, kind):
    path = places / "hand-in" / "odd"
    os.mkfifo(path) if kind == "fifo" else path.mkdir()
    with beneath.beneath(places / "hand-in", named=True) as folder:
        with pytest.raises(beneath.Unreadable, match="no ordinary file"):
            folder.open("odd")
        with pytest.raises(OSError):
            folder.open("gone")


def test_what_is_exchanged_while_it_is_opened_is_noticed_without_openat(places, monkeypatch):
    monkeypatch.setattr(beneath, "_HAS_OPENAT", False)
    opened = os.open

    def racing(path, *arguments, **options):
        exchange(places / "hand-in" / "exercises", places / "secret")
        try:
            return opened(path, *arguments, **options)
        finally:
            (places / "hand-in" / "exercises").unlink()
            (places / "hand-in" / "away").rename(places / "hand-in" / "exercises")

    with beneath.beneath(places / "hand-in", named=True) as folder:
        monkeypatch.setattr(os, "open", racing)
        with pytest.raises(beneath.Unreadable, match="exchanged"):
            folder.open("exercises/shapes.py")


def _held_for(times, monkeypatch):
    """Has a file be held open by another program, as on Windows, for so many attempts to replace it."""
    replace, left = os.replace, [times]

    def refused(*paths):
        if left[0] > 0:
            left[0] -= 1
            raise PermissionError(13, "Permission denied")
        replace(*paths)

    monkeypatch.setattr(beneath, "_HAS_OPENAT", False)
    monkeypatch.setattr(whole, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(os, "replace", refused)


def test_a_file_that_is_held_open_for_a_moment_is_replaced_afterwards(places, monkeypatch):
    _held_for(2, monkeypatch)
    with beneath.beneath(places / "hand-in" / "exercises", named=False) as folder:
        folder.write("shapes.py", b"new")
    assert (places / "hand-in" / "exercises" / "shapes.py").read_bytes() == b"new"


def test_a_file_that_stays_held_open_is_left_as_it_was_and_nothing_lies_beside_it(places, monkeypatch):
    _held_for(9, monkeypatch)
    file = places / "hand-in" / "exercises" / "shapes.py"
    before, names = file.read_bytes(), sorted(file.parent.iterdir())
    with (
        beneath.beneath(file.parent, named=False) as folder,
        pytest.raises(PermissionError),
    ):
        folder.write("shapes.py", b"new")
    assert file.read_bytes() == before and sorted(file.parent.iterdir()) == names
