"""The folder that is graded: the student's own, named where it is not the usual one, and no other is touched."""

import shutil

import pytest

from tests.cli.support import ROOT, grader


@pytest.fixture
def own(tmp_path):
    """A folder with an exercises/ of its own, and no grader/ beside it."""
    (tmp_path / "exercises").mkdir()
    shutil.copy(ROOT / "solutions" / "weights.py", tmp_path / "exercises")
    return tmp_path


def test_an_exercises_folder_without_the_grader_beside_it_is_graded(own):
    done = grader("check", "rescale", cwd=own)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Your work" not in done.stdout


def test_the_verdict_says_which_folder_was_graded_where_it_is_not_the_usual_one(own):
    (own / "notes").mkdir()
    done = grader("check", "rescale", cwd=own / "notes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"Your work: {own.resolve() / 'exercises'}\n\n")
    done = grader("check", "rescale", "--json", "-", cwd=own / "notes")
    assert done.stdout.startswith("{") and "Your work" in done.stderr


def test_modules_without_a_folder_of_their_own_are_graded_and_reset(own):
    (own / "exercises" / "weights.py").rename(own / "weights.py")
    done = grader("check", "rescale", cwd=own)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Your work: {own.resolve()}\n" in done.stdout
    before = (ROOT / "exercises" / "weights.py").read_bytes()
    done = grader("reset", "rescale", cwd=own)
    assert str(own / "weights.py") in done.stdout
    assert "rescale is not written yet" in (own / "weights.py").read_text(encoding="utf-8")
    assert (ROOT / "exercises" / "weights.py").read_bytes() == before
