"""Which folder is the student's work."""

import shutil

import pytest

from grader import paths


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


@pytest.mark.parametrize("inside", ["grader/misconceptions", "solutions", "tests/samples/correct/loops"])
def test_modules_of_the_kit_itself_are_nobodys_work(monkeypatch, inside):
    monkeypatch.chdir(paths.PACKAGE.parent / inside)
    assert paths.exercises_folder() == paths.PACKAGE.parent / "exercises"
