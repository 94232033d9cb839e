"""`grader stubs`: no work is lost, and somebody who can answer is asked."""

import pytest

from tests.cli.support import ROOT, grader, in_a_terminal

MINE = "def rescale(images):\n    return images\n"


@pytest.fixture
def work(project):
    """The folder of a student who has written one file."""
    (project / "exercises" / "weights.py").write_text(MINE)
    return project / "exercises"


def test_a_file_that_differs_is_kept_and_named(work):
    done = grader("stubs", cwd=work.parent)
    assert done.returncode == 0, done.stderr
    (backup,) = work.glob("*.backup-*")
    assert backup.read_text(encoding="utf-8") == MINE
    assert backup.name in done.stdout
    assert (work / "weights.py").read_text(encoding="utf-8") == (ROOT / "exercises" / "weights.py").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(("answer", "status"), [("n\n", 2), ("\n", 2), ("y\n", 0)])
def test_in_a_terminal_the_files_are_named_and_only_yes_goes_on(work, answer, status):
    code, text = in_a_terminal(answer, "stubs", cwd=work.parent)
    assert code == status, text
    assert "these files are not stubs: weights.py" in text
    assert ((work / "weights.py").read_text(encoding="utf-8") == MINE) == bool(status)
    assert len(list(work.glob("*.backup-*"))) == (not status)


def test_a_script_can_say_yes(work):
    code, text = in_a_terminal("", "stubs", "--yes", cwd=work.parent)
    assert (code, "Go on?" in text) == (0, False)


def test_comparing_does_not_tell_a_student_to_overwrite_their_work(work):
    done = grader("stubs", "--check", cwd=work.parent)
    assert done.returncode == 1
    assert "weights.py" in done.stdout and "nothing to do" in done.stdout
    assert (work / "weights.py").read_text(encoding="utf-8") == MINE


def test_the_help_lists_it_for_authors():
    students, authors = grader("--help").stdout.split("Commands for instructors and authors")
    assert "stubs" in authors and "stubs" not in students
    assert "check" in students
