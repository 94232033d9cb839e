"""Files and folders take their place, also where another program holds one for a moment, as on Windows."""

from __future__ import annotations

import os

import pytest

from grader.files import whole
from grader.files.beneath import beneath


@pytest.fixture
def busy(monkeypatch):
    """Has `os.replace` refuse so many times what is set."""
    replace, times = os.replace, [0]

    def refusing(*arguments, **more):
        if times[0]:
            times[0] -= 1
            raise PermissionError(5, "Access is denied")
        replace(*arguments, **more)

    monkeypatch.setattr(os, "replace", refusing)
    monkeypatch.setattr(whole, "_PAUSES", (0.0, 0.0))
    return times


def test_a_folder_is_put_in_place_as_soon_as_it_can_be(busy, tmp_path):
    busy[0] = 2
    (tmp_path / "fresh").mkdir()
    whole.put_in_place(tmp_path / "fresh", tmp_path / "mine")
    assert os.listdir(tmp_path) == ["mine"]


def test_who_holds_it_for_good_is_an_error_and_nothing_is_left(busy, tmp_path):
    busy[0] = 3
    with pytest.raises(PermissionError):
        whole.write_tree(tmp_path / "mine", {})
    assert os.listdir(tmp_path) == []


def test_where_modes_are_refused_a_file_is_written_all_the_same(tmp_path, monkeypatch):
    """As on a folder of Windows in its Linux, and on some that are mounted over a network."""

    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    (tmp_path / "shapes.py").write_text("old")
    monkeypatch.setattr(os, "fchmod", refused)
    with beneath(tmp_path, named=True) as folder:
        folder.write("shapes.py", b"new")
    assert (tmp_path / "shapes.py").read_text() == "new"
