"""Folders and single modules as submissions: the honest ones, the untidy ones, and the ones that are traps."""

from __future__ import annotations

import os
import socket

import pytest

from grader.sandbox.outer.scratch import remove_tree
from grader.submissions import read_submission

SOURCE = b"x = 1\n"


@pytest.fixture
def lay(tmp_path):
    """Lays files below a folder of their own, and returns it."""

    def lay_out(*paths: str, source: bytes = SOURCE):
        root = tmp_path / "hand-in"
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(source)
        root.mkdir(exist_ok=True)
        return root

    return lay_out


def places(reading) -> dict[str, str]:
    return {topic: file.display_path for topic, file in reading.submission.modules.items()}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["shapes.py", "cnn.py"], {"shapes": "shapes.py", "cnn": "cnn.py"}),
        (["exercises/shapes.py", "solutions/shapes.py"], {"shapes": "exercises/shapes.py"}),
        (["shapes.py", "exercises/shapes.py"], {"shapes": "exercises/shapes.py"}),
        (["a/b/c/exercises/shapes.py"], {"shapes": "a/b/c/exercises/shapes.py"}),
        (["shapes.py", "old/shapes.py"], {"shapes": "shapes.py"}),
        (["__MACOSX/shapes.py", ".git/shapes.py", "w/shapes.py", "._shapes.py"], {"shapes": "w/shapes.py"}),
        (["venv/lib/site-packages/x/cnn.py", "a/b/c/d/e/cnn.py"], {"cnn": "a/b/c/d/e/cnn.py"}),
        (["shapes.py", "shapes.ipynb", "shapes.pyc", "notes.txt"], {"shapes": "shapes.py"}),
    ],
)
def test_modules_are_found(lay, read, paths, expected):
    reading = read(lay(*paths))
    assert places(reading) == expected
    assert reading.texts == []


@pytest.mark.parametrize(
    "stray",
    [
        "shapes.py.txt",
        "shapes.txt",
        "shapes.pyc",
        "shapes.pyw",
        "Copy of shapes.txt",
    ],
)
def test_almost_the_name_is_said(lay, read, stray):
    reading = read(lay(stray, "cnn.py"))
    assert list(reading.sources) == ["cnn"]
    assert [problem.topic for problem in reading.submission.problems] == ["shapes"]
    assert stray in reading.said and "a module must be named shapes.py" in reading.said


@pytest.mark.parametrize(
    "copy",
    [
        "Shapes.py",
        "SHAPES.PY",
        "shapes (1).py",
        "shapes-1.py",
        "shapes-4fa9c0de-12ab-4cde-9f01-0123456789ab.py",
        "shapes - Copy.py",
        "shapes - Copy (2).py",
        "shapes copy.py",
        "Copy of shapes.py",
        "shapes_2.py",
    ],
)
def test_a_copy_is_graded_where_there_is_no_plain_module_and_that_is_said(lay, read, copy):
    reading = read(lay(copy, "cnn.py"))
    assert places(reading) == {"shapes": copy, "cnn": "cnn.py"}
    assert reading.texts == [f"{copy} was graded as shapes.py."]
    assert [problem.topic for problem in reading.submission.problems] == [None], "a topic's problem costs its points"


@pytest.mark.parametrize(
    ("paths", "graded", "said"),
    [
        (["shapes.py", "shapes (1).py"], "shapes.py", "shapes.py was graded, not shapes (1).py."),
        (["shapes.py", "Shapes.py"], "shapes.py", "shapes.py was graded, not Shapes.py."),
        (["Shapes.py", "shapes-3.py"], "Shapes.py", "Shapes.py was graded as shapes.py, not shapes-3.py."),
        (
            ["shapes (9).py", "shapes (10).py"],
            "shapes (10).py",
            "shapes (10).py was graded as shapes.py, not shapes (9).py.",
        ),
        (["cnn.py", "shapes-1.py", "old/shapes.py"], "shapes-1.py", "shapes-1.py was graded as shapes.py."),
        (["cnn.py", "exercises/shapes-1.py"], None, "exercises/shapes-1.py was not graded"),
        (["shapes-1.py", "shapes (1).py"], None, "more than one shapes.py"),
        (["a/shapes-1.py", "b/shapes-2.py"], None, "more than one shapes.py"),
        (
            ["old/Shapes.py", "exercises/Shapes.py"],
            "exercises/Shapes.py",
            "exercises/Shapes.py was graded as shapes.py.",
        ),
    ],
)
def test_of_several_the_plainest_and_then_the_newest_is_graded(lay, read, paths, graded, said):
    reading = read(lay(*paths))
    assert places(reading).get("shapes") == graded
    assert any(said in text for text in reading.texts)


def test_other_files_are_no_strays(lay, read):
    assert read(lay("cnn.py", "shapeshifter.py", "weights.pt", "my_shapes.py", "training_data.txt")).texts == []


def test_thousands_of_strays_stay_a_few_lines(lay, read):
    reading = read(lay("cnn.py", *(f"shapes ({number}).py" for number in range(500))))
    assert 1 <= len(reading.texts) <= 5


def test_two_candidates_are_never_chosen_between(lay, read):
    reading = read(lay("anna/shapes.py", "ben/shapes.py", "ben/cnn.py"))
    assert places(reading) == {"cnn": "ben/cnn.py"}
    assert "anna/shapes.py and ben/shapes.py" in reading.said


def test_what_lies_deeper_is_said_to_be_ungraded(lay, read):
    reading = read(lay("shapes.py", "old/cnn.py"))
    assert places(reading) == {"shapes": "shapes.py"}
    assert "old/cnn.py was not graded" in reading.said


def test_the_exercises_folder_itself(lay, read):
    reading = read(lay("exercises/shapes.py") / "exercises")
    assert places(reading) == {"shapes": "exercises/shapes.py"}
    assert reading.submission.name == "hand-in"


def test_one_module(lay, read):
    reading = read(lay("shapes.py", "cnn.py") / "shapes.py")
    assert reading.sources == {"shapes": SOURCE}
    assert "Shapes.py" in read(lay("Shapes.py") / "Shapes.py").said


@pytest.mark.parametrize("paths", [[], ["homework.ipynb"], ["solution.py"], ["/".join("abcdefghij") + "/shapes.py"]])
def test_nothing_to_grade_names_the_folder(lay, read, paths):
    root = lay(*paths)
    refusal = read(root).refusal
    assert str(root) in refusal and "shapes.py" in refusal


@pytest.mark.parametrize("path", ["/no/such/place", "a\x00b", "\ud800", "\udcff", "x" * 5000, "/no/\x1b[31mred\n"])
def test_paths_that_are_none(read, path):
    assert "cannot be read" in read(path).refusal


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("x = 1".encode("utf-16"), "UTF-16"),
        ("x = 1\n# größe\n".encode("cp1252"), "line 2 holds a character that is not UTF-8"),
        (b"\xff", "line 1 holds"),
        (b"\xef\xbb\xbf# coding: latin-1\n\xe4", "line 2"),
        (b"1\n2\n# coding: latin-1\n\xe4", "line 4"),
        (b"x = '\xe2\x82", "line 1"),
        (b"x = '\xed\xa0\x80'", "line 1"),
        ("x = 1".encode("utf-16-be"), "null bytes"),
        (b"x = 1\x00", "null bytes"),
        (b"\x7fELF\x00", "null bytes"),
    ],
)
def test_bytes_that_are_no_source(lay, read, source, word):
    reading = read(lay("shapes.py", source=source))
    assert reading.sources == {}
    assert word in reading.said and "shapes.py" in reading.said


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xef\xbb\xbfx = '\xc3\xa4'\n",
        b"# -*- coding: latin-1 -*-\nx = '\xe4'\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\xe4'\n",
        b"# coding: klingon\n\xff",
    ],
)
def test_what_python_judges_is_passed_on(lay, read, source):
    assert read(lay("shapes.py", source=source)).sources == {"shapes": source}


def test_a_source_of_200_megabytes(lay, read):
    root = lay("shapes.py", "cnn.py")
    os.truncate(root / "shapes.py", 200 * 2**20)
    reading = read(root)
    assert list(reading.sources) == ["cnn"]
    assert "shapes.py could not be read: it is larger than 1 MB" in reading.said
    assert "larger" in read(root / "shapes.py").said


def test_a_long_line_costs_little(lay, read):
    assert "line 1" in read(lay("shapes.py", source=b"# " + b"coding" * 170_000 + b"\xff")).said


@pytest.mark.parametrize(
    "target",
    [
        "/etc/passwd",
        "../outside.py",
        "/dev/zero",
        "/proc/self/environ",
        "gone.py",
        "shapes.py",
        "folder",
        ".",
        "cnn.py",
    ],
)
def test_no_link_below_a_submission_is_followed(lay, read, target):
    root = lay("cnn.py", "folder/notes.txt")
    (root.parent / "outside.py").write_bytes(b"secret")
    (root / "shapes.py").symlink_to(target)
    reading = read(root)
    assert list(reading.sources) == ["cnn"]
    assert "shapes.py" in reading.said and "it is a link" in reading.said


def test_the_path_that_was_typed_may_lead_through_links(lay, read, tmp_path):
    (tmp_path / "link").symlink_to(lay("exercises/shapes.py"))
    (tmp_path / "above").symlink_to(tmp_path)
    for typed in ("link", "above/link/exercises", "above/hand-in"):
        assert read(tmp_path / typed).sources == {"shapes": SOURCE}


def test_one_module_that_is_a_link(lay, read, tmp_path):
    (tmp_path / "shapes.py").symlink_to(lay("work/elsewhere.py") / "work" / "elsewhere.py")
    assert read(tmp_path / "shapes.py").sources == {"shapes": SOURCE}


def test_folders_that_cannot_be_opened(lay, read, monkeypatch):
    """Root can open everything, so the refusal is made up."""
    root, opened = lay("cnn.py", *(f"shut{number}/shapes.py" for number in range(9))), os.open

    def refuse(path, *arguments, **options):
        if shut in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    shut = "shut"
    reading = read(root)
    assert list(reading.sources) == ["cnn"] and len(reading.texts) == 3
    assert "The folder shut0/ could not be opened: permission denied." in reading.texts
    shut = "hand-in"
    assert "hand-in cannot be read: Permission denied" in read(root).refusal


def test_a_linked_folder_is_not_entered(lay, read, tmp_path):
    root = lay("cnn.py")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "shapes.py").write_bytes(b"another student's")
    (root / "exercises").symlink_to(tmp_path / "other")
    (root / "round").symlink_to(root)
    reading = read(root)
    assert list(reading.sources) == ["cnn"]
    assert "exercises is a link" in reading.said


@pytest.mark.parametrize("kind", ["fifo", "socket", "device", "folder"])
def test_special_files_are_not_opened(lay, read, kind, monkeypatch):
    root = lay("cnn.py")
    if kind == "fifo":
        os.mkfifo(root / "shapes.py")
    elif kind == "socket":
        monkeypatch.chdir(root)
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("shapes.py")
    elif kind == "device":
        try:
            os.mknod(root / "shapes.py", 0o020666, os.makedev(1, 5))
        except PermissionError:
            pytest.skip("making a device takes root")
    else:
        (root / "shapes.py").mkdir()
    reading = read(root)
    assert list(reading.sources) == ["cnn"]
    assert kind == "folder" or "shapes.py could not be read: it is no ordinary file" in reading.said


def test_a_fifo_and_a_device_as_the_submission(read, tmp_path):
    os.mkfifo(tmp_path / "pipe.zip")
    assert "neither a folder nor a zip" in read(tmp_path / "pipe.zip").refusal
    assert "neither a folder nor a zip" in read("/dev/zero").refusal


def test_a_circular_link_as_the_submission(read, tmp_path):
    (tmp_path / "round").symlink_to("round")
    assert "round cannot be read" in read(tmp_path / "round").refusal


def test_very_deep_folders(lay, read):
    root = lay("cnn.py")
    here = os.open(root, os.O_RDONLY)
    for _ in range(1500):  # deeper than any path may be long
        os.mkdir("deep", dir_fd=here)
        below = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    try:
        assert list(read(root).sources) == ["cnn"]
    finally:
        remove_tree(root / "deep")  # pytest's own cleaning up cannot go that deep


def test_names_on_disk_in_no_encoding(lay, read):
    root = lay("cnn.py")
    (root / os.fsdecode(b"\xff\xfe\x1b[2J")).mkdir()
    (root / os.fsdecode(b"\xff\xfe\x1b[2J") / "shapes.py").write_bytes(SOURCE)
    reading = read(root)
    assert list(reading.sources) == ["cnn"]
    assert "\\udcff\\udcfe\\x1b[2J/shapes.py" in reading.said


def test_many_files(lay, read, monkeypatch):
    root = lay("shapes.py")
    for number in range(20_000):
        os.mknod(f"{root}/a{number}.txt")
    assert list(read(root).sources) == ["shapes"]
    monkeypatch.setattr("grader.submissions.folder.MOST_LOOKED_AT", 1_000)
    assert "not all were looked at" in read(root).said


def test_a_repository_history_costs_nothing(lay, read, monkeypatch):
    monkeypatch.setattr("grader.submissions.folder.MOST_LOOKED_AT", 50)
    reading = read(lay("work/exercises/shapes.py", *(f".venv/lib/m{number}.py" for number in range(200))))
    assert list(reading.sources) == ["shapes"] and reading.texts == []


def test_the_digest_is_of_what_is_graded(lay):
    root = lay("shapes.py", "notes.txt")
    first = read_submission(root).digest()
    (root / "notes.txt").write_text("changed")
    assert read_submission(root).digest() == first
    (root / "shapes.py").write_text("x = 2\n")
    assert read_submission(root).digest() != first
