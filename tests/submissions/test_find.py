"""Finding the submissions of a class, and what they are called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.submissions import SubmissionError, distinct_names, find_submissions, read_submission


@pytest.fixture
def lay(tmp_path):
    """Lays files, and folders where a path ends in a slash, below a folder of their own, and returns it."""

    def lay_out(*paths: str) -> Path:
        root = tmp_path / "class"
        root.mkdir(exist_ok=True)
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).mkdir() if path.endswith("/") else (root / path).write_bytes(b"x = 1\n")
        return root

    return lay_out


def below(root: Path, found: list[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in found]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["ben/shapes.py", "anna/exercises/cnn.py", "carl.zip"], ["anna", "ben", "carl.zip"]),
        (["shapes.py", "old/shapes.py", "a.zip"], ["."]),
        (["Shapes.py", "data/numbers.txt"], ["."]),
        (["exercises/lesson.ipynb", "solutions/shapes.py"], ["."]),
        (["anna/", "ben/hw3/exercises/shapes.py", "grades.csv", "notes.txt"], ["anna", "ben"]),
        (["anna/cnn.py", "__MACOSX/cnn.py", ".git/cnn.py", ".hidden.zip", "._ben.zip"], ["anna"]),
        (["anna.ZIP", "ben.rar", "carl.tar.gz", "dora.7z"], ["anna.ZIP", "ben.rar", "carl.tar.gz", "dora.7z"]),
        (["training group/anna.zip", "weights.zip"], ["training group", "weights.zip"]),
        ([], ["."]),
        (["homework.ipynb"], ["."]),
    ],
)
def test_a_folder_of_submissions(lay, paths, expected):
    root = lay(*paths)
    assert below(root, find_submissions([root])) == expected


def test_paths_are_taken_once_and_sorted(lay, monkeypatch):
    root = lay("anna/cnn.py", "ben.zip", "carl/exercises/cnn.py")
    named = [root / "carl", root / "ben.zip", root, root / "anna" / ".", root / "anna" / "cnn.py"]
    expected = ["anna", "anna/cnn.py", "ben.zip", "carl"]
    assert below(root, find_submissions(named)) == below(root, find_submissions(reversed(named))) == expected
    monkeypatch.chdir(root)
    assert find_submissions(["ben.zip", "./ben.zip", "."]) == [Path("anna"), Path("ben.zip"), Path("carl")]


def test_links_that_whoever_grades_made(lay, tmp_path):
    root = lay("anna/cnn.py")
    (tmp_path / "elsewhere").mkdir()
    (root / "ben").symlink_to(tmp_path / "elsewhere")
    (root / "again").symlink_to(root / "anna")
    (root / "round.zip").symlink_to("round.zip")
    found = find_submissions([root])
    assert below(root, found) == ["again", "ben", "round.zip"]
    assert len(set(distinct_names(found))) == 3
    with pytest.raises(SubmissionError, match=r"round\.zip"):
        read_submission(root / "round.zip")


def test_one_unreadable_submission_does_not_hide_the_others(lay):
    root = lay("anna/cnn.py", "ben.zip", "carl/", "dora.zip/cnn.py")
    os.mkfifo(root / "emil.zip")
    outcomes = {}
    for path in find_submissions([root]):
        try:
            outcomes[path.name] = list(read_submission(path).modules)
        except SubmissionError as error:
            outcomes[path.name] = str(path) in str(error)
    assert outcomes == {"anna": ["cnn"], "ben.zip": True, "carl": True, "dora.zip": ["cnn"], "emil.zip": True}


@pytest.mark.parametrize("path", ["/no/such/place", "a\x00b", "\ud800", "x" * 5000, "/no/\x1b[31mred\n"])
def test_paths_that_are_none(path):
    with pytest.raises(SubmissionError, match="cannot be read") as caught:
        find_submissions([path])
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["anna", "ben.zip", "carl.ZIP"], ["anna", "ben", "carl"]),
        (["anna", "anna.zip"], ["anna", "anna.zip"]),
        (["Anna.zip", "anna/exercises"], ["Anna.zip", "anna"]),
        (["one/anna", "two/anna", "two/ben"], ["one-anna", "two-anna", "ben"]),
        (["one/hw.zip", "two/hw.zip", "hw"], ["one-hw.zip", "two-hw.zip", "hw"]),
        (["1/one/anna", "2/one/anna", "3/one/anna"], ["one-anna (2)", "one-anna (3)", "one-anna"]),
        (["a\x1b[2J\n.zip"], ["a\\x1b[2J\\n"]),
    ],
)
def test_names_are_distinct(tmp_path, paths, expected):
    assert distinct_names([tmp_path / path for path in paths]) == expected


def test_a_submission_keeps_the_name_that_it_has_alone(lay):
    root = lay("anna/exercises/cnn.py", "ben/cnn.py")
    found = find_submissions([root])
    assert distinct_names(found) == [read_submission(path).name for path in found] == ["anna", "ben"]


def test_reading_submissions_needs_no_torch():
    code = "import sys, grader.submissions; sys.exit(any(name in sys.modules for name in ('torch', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
