"""`grader new exercise` writes an exercise that works; names that cannot be one are told."""

from __future__ import annotations

from functools import partial

import pytest

from tests.kit import copied, python


@pytest.fixture
def kit(tmp_path):
    """The commands of a copy of the kit, to be written in."""
    return partial(python, copied(tmp_path), "-m", "grader")


@pytest.mark.parametrize("topic", ["shapes", "batchnorm"])  # its known mistakes end with a function; it is new
def test_a_new_exercise_works_before_it_is_changed(kit, tmp_path, topic):
    done = kit("new", "exercise", topic, "running_mean")
    assert (done.returncode, done.stderr) == (0, "")
    for path in (f"solutions/{topic}.py", "grader/course/course.toml", f"grader/topics/{topic}/hints.toml"):
        assert path in done.stdout and "running_mean" in (tmp_path / path).read_text(encoding="utf-8")
    assert not list((tmp_path / "exercises").glob("*.backup-*"))
    for way in (("check",), ("format", "--check")):
        done = python(tmp_path, "-m", "ruff", *way, "--no-cache", "grader/topics", "solutions")
        assert done.returncode == 0, done.stdout
    assert "1 of 1 point" in kit("check", "running_mean", "--solutions").stdout
    assert "running_mean  not started" in kit("check", "running_mean").stdout
    (tmp_path / "work").mkdir()
    text = (tmp_path / "solutions" / f"{topic}.py").read_text(encoding="utf-8")
    (tmp_path / "work" / f"{topic}.py").write_text(text.replace("return 2 * number", "return number + 2"))
    wrong = kit("check", "running_mean", "--submission", "work")
    assert wrong.returncode == 1 and "You add 2, where the number is to be doubled." in wrong.stdout
    assert "102" not in kit("points").stdout and kit("points").stdout.split()[-1] == "101"


def test_work_in_exercises_is_kept(kit, tmp_path):
    path = tmp_path / "exercises" / "weights.py"
    path.write_text("mine = 1\n")
    done = kit("new", "exercise", "weights", "running_mean")
    (kept,) = path.parent.glob("weights.py.backup-*")
    assert kept.read_text(encoding="utf-8") == "mine = 1\n" and kept.name in done.stdout


@pytest.mark.parametrize(
    ("topic", "name", "said"),
    [
        ("weights", "rescale", "there is a topic or an exercise named rescale already"),
        ("weights", "shapes", "there is a topic or an exercise named shapes already"),
        ("weights", "Mean", "'Mean' cannot be the name of an exercise"),
        ("weights", "class", "'class' cannot be the name of an exercise"),
        ("../x", "mean", "'../x' cannot be the name of a topic"),
    ],
)
def test_what_cannot_be_an_exercise_is_told_and_nothing_is_written(kit, tmp_path, topic, name, said):
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.toml")}
    done = kit("new", "exercise", topic, name)
    assert done.returncode == 4 and said in done.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.toml")} == before
