"""`grader hint`: from gentle to explicit, again where it is asked for, and never a question that nobody can answer."""

import json
import shutil

import pytest

from tests.cli.support import ROOT, grader, in_a_terminal


def shown(text):
    """The numbers of the hints in what the program printed."""
    return [int(line.split()[1]) for line in text.splitlines() if line.startswith("Hint ")]


def hints(project, *options):
    done = grader("hint", "conv2d", *options, cwd=project)
    assert done.returncode == 0, done.stderr
    return shown(done.stdout)


def solve(project, text=None):
    """Has the student earn rescale's points."""
    solution = (ROOT / "solutions" / "weights.py").read_text(encoding="utf-8")
    (project / "exercises" / "weights.py").write_text(text(solution) if text else solution)
    assert grader("check", "rescale", cwd=project).returncode == 0


def test_hints_go_from_gentle_to_explicit_and_the_last_one_stays(project):
    assert [hints(project) for _ in range(4)] == [[1], [2], [3], [3]]


def test_what_was_seen_can_be_seen_again(project):
    assert hints(project, "--again") == [1]
    assert hints(project) == [2]
    assert [hints(project, "--again"), hints(project, "--again")] == [[2], [2]]
    assert hints(project) == [3]
    assert hints(project, "--all") == [1, 2, 3]


def test_nobody_is_told_to_edit_a_file_by_hand(project):
    text = "".join(grader("hint", "conv2d", cwd=project).stdout for _ in range(4))
    assert "progress.json" not in text
    assert "grader hint conv2d --all" in text


def test_progress_belongs_to_a_clone_and_is_no_part_of_the_work(project, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(project / "exercises", other / "exercises")
    assert hints(project) == [1]
    assert hints(project) == [2]
    assert hints(other) == [1]
    folder = project / "exercises" / ".grader"
    assert json.loads((folder / "progress.json").read_text(encoding="utf-8"))["conv2d"]["hints_given"] == 2
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "*\n"


@pytest.mark.parametrize("content", ["{", "[]", '{"conv2d": 3}', '{"conv2d": {"hints_given": "two"}}'])
def test_a_damaged_file_of_progress_begins_anew(project, content):
    (project / "exercises" / ".grader").mkdir()
    (project / "exercises" / ".grader" / "progress.json").write_text(content)
    assert [hints(project), hints(project)] == [[1], [2]]


def test_where_progress_cannot_be_kept_it_says_so_and_how_to_see_the_others(project):
    (project / "exercises" / ".grader").write_text("in the way")  # a read-only folder does not stop root
    done = grader("hint", "conv2d", cwd=project)
    assert (done.returncode, shown(done.stdout)) == (0, [1])
    assert "cannot be kept" in done.stdout
    assert "grader hint conv2d --all" in done.stdout
    assert hints(project, "--all") == [1, 2, 3]
    solve(project)


def test_after_full_points_nobody_is_asked_where_nobody_can_answer(project):
    solve(project)
    done = grader("hint", "rescale", cwd=project)
    assert "has all its points" in done.stdout
    assert "[Y/n]" not in done.stdout + done.stderr
    assert shown(grader("hint", "rescale", "--all", cwd=project).stdout) == [1, 2, 3]


def test_in_a_terminal_the_references_code_is_shown_beside_the_students_own(project):
    solve(project, lambda text: text.replace("if low == high:", "if high == low:"))
    code, text = in_a_terminal("y\n", "hint", "rescale", cwd=project)
    assert code == 0, text
    assert "-    if high == low:" in text
    assert "+    if low == high:" in text
    assert "SOLUTION" not in text
    assert '"""' not in text and ">>>" not in text
