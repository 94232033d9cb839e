"""The two repositories for GitHub: their workflows, and what the steps of these do, run as GitHub runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grader.course import registry
from grader.export import github
from grader.files.whole import write_tree
from tests.cli.support import ROOT
from tests.export import templates


@pytest.fixture(scope="module")
def students(handed_out):
    return github.students(handed_out)


@pytest.fixture(scope="module")
def course():
    return github.course()


@pytest.fixture(scope="module")
def feedback():
    return templates.program("github", "feedback.py")


@pytest.fixture(scope="module")
def clone():
    return templates.program("github", "clone.py")


@pytest.fixture
def step(tmp_path):
    """Runs a step of a workflow in bash, as GitHub does; returns the completed process and the summary."""

    def run(workflow, name, folder, **environment):
        steps = next(iter(yaml.safe_load(workflow)["jobs"].values()))["steps"]
        text = next(step["run"] for step in steps if step.get("name") == name)
        summary = tmp_path / "summary.md"
        programs = tmp_path / "bin"
        programs.mkdir(exist_ok=True)
        if not (programs / "python").exists():
            (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
            (programs / "python").chmod(0o755)
        told = {key: os.environ[key] for key in ("HOME",)} | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_STEP_SUMMARY": str(summary),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=folder, env=told | environment, capture_output=True, text=True, timeout=500, check=False,
        )  # fmt: skip
        return done, summary.read_text() if summary.exists() else ""

    return run


def workflows(*repositories):
    return {
        name: data for files in repositories for name, data in files.items() if name.startswith(".github/workflows/")
    }


def test_workflows_may_read_and_no_more_and_name_no_registry(students, course):
    found = workflows(students, course)
    assert set(found) == {".github/workflows/feedback.yml", ".github/workflows/grade.yml"}
    for data in found.values():
        read = yaml.safe_load(data)
        assert read["permissions"] == {"contents": "read"} and read["env"]["UV_TORCH_BACKEND"] == "cpu"
        assert set(read[True]) <= {"push", "workflow_dispatch"}  # YAML takes "on" for a truth value
        for job in read["jobs"].values():
            assert job["timeout-minutes"] <= 360
            for each in job["steps"]:
                assert ("uses" in each) != ("run" in each)
                if each.get("uses", "").startswith("actions/checkout"):
                    assert each["with"] == {"persist-credentials": False}
                if "run" in each:
                    subprocess.run(["bash", "-n"], input=each["run"].encode(), check=True)
                    assert "${{" not in each["run"]  # what others may write is given as a variable
        assert b"://" not in data


def test_students_get_no_solutions_and_no_secrets_and_the_course_gets_everything(students, course, handed_out):
    added = set(students) - set(handed_out)
    assert added == {".github/workflows/feedback.yml", ".github/feedback.py"}
    assert b"secrets." not in students[".github/workflows/feedback.yml"]
    assert students["README.md"].startswith(handed_out["README.md"]) and b"## On GitHub" in students["README.md"]
    assert {"solutions/shapes.py", "grader/batch/grading.py", "grader/cli/batch.py", "pyproject.toml"} <= set(course)
    with_token = [
        s for s in yaml.safe_load(course[".github/workflows/grade.yml"])["jobs"]["grade"]["steps"] if "env" in s
    ]
    assert [(s["name"], *s["env"]) for s in with_token] == [("Clone", "GH_TOKEN"), ("Grade", "GRADER_SEED")]


def test_a_push_gets_a_summary_and_annotations_at_the_lines_concerned(step, students, tmp_path):
    work = tmp_path / "my work"
    write_tree(work, students)
    shutil.copy(ROOT / "solutions" / "cnn.py", work / "exercises")
    text = (ROOT / "solutions" / "weights.py").read_text(encoding="utf-8")
    loud = 'print("::error title=forged::no")\nprint("##[error]no")\n'
    (work / "exercises" / "weights.py").write_text(loud + text.replace("def ", "def wrong_", 1))
    done, summary = step(students[".github/workflows/feedback.yml"], "Feedback", work)
    assert done.returncode == 0, done.stderr
    word = re.match(r"::stop-commands::([0-9a-f]{32})\n", done.stdout)[1]
    _, obeyed = done.stdout.split(f"\n::{word}::\n")
    assert "forged" not in obeyed
    commands = obeyed.splitlines()
    assert all(re.fullmatch(r"::(error|notice) [^\n]*::.+", command) for command in commands)
    assert any("file=exercises/weights.py,line=" in command for command in commands)
    assert "points" in summary and len(summary.encode()) < 2**20
    assert "PYTHONPATH" not in summary and not (work / "report.json").exists()


def test_what_cannot_be_graded_is_a_red_run_that_says_so(step, students, tmp_path):
    work = tmp_path / "work"
    write_tree(work, {name: data for name, data in students.items() if not name.startswith("exercises/")})
    done, summary = step(students[".github/workflows/feedback.yml"], "Feedback", work)
    assert done.returncode == 4 and "::error title=Not graded::" in done.stdout and not summary


def exercise(name, status="partial", message="m", **shown):
    found = {"call": "f(1)", "expected": "2", "got": "3"} if shown.get("call") else None
    check = {
        "name": "c",
        "status": "passed" if status == "passed" else "failed",
        "message": message,
        "counterexample": found,
    }
    return {"topic": "shapes", "name": name, "status": status, "score": 1.0, "max_score": 2.5, "checks": [check]}


def test_ten_errors_are_shown_and_one_notice_counts_the_rest(feedback, tmp_path):
    report = {"score": 12.5, "max_score": 100.0, "exercises": [exercise(f"f{at}") for at in range(13)]}
    report["exercises"] += [exercise("late", "not_started"), exercise("right", "passed")]
    lines = feedback.to_show(report, tmp_path)
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::notice"]
    assert (
        "3 more exercises are begun and not right" in lines[-1]
        and "1 exercise is not started. Next: late." in lines[-1]
    )
    assert feedback.to_show({**report, "exercises": [exercise("right", "passed")]}, tmp_path) == []


def test_commands_are_escaped_as_the_toolkit_does(feedback):
    line = feedback.command("error", "50% ::done::\r\nnext", file="a,b:c.py", line="3", title="x: 1%, 2")
    assert line == "::error file=a%2Cb%3Ac.py,line=3,title=x%3A 1%25%2C 2::50%25 ::done::%0D%0Anext"


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("import math\n\n\ndef f():\n    pass\n", "f", 4),
        ("class A:\n    def g(self):\n        pass\n", "A.g", 2),
        ("def f():\n    pass\n\ndef f():\n    pass\n", "f", 4),
        ("x = 1\ndef broken(:\n", "f", 2),
        ("\0", "f", 1),
        ("x = 1\n", "f", 1),
    ],
)
def test_a_function_is_found_by_its_name(feedback, tmp_path, text, name, line):
    (tmp_path / "m.py").write_text(text)
    assert feedback.line_of(tmp_path / "m.py", name) == line


def test_a_summary_is_cut_where_it_would_not_be_shown(feedback):
    assert feedback.cut(b"short") == b"short"
    text = feedback.cut("é".encode() * 2**20)
    assert len(text) < 2**20 and text.decode().endswith(feedback.CUT)


def repository(folder: Path, files: dict[str, str]) -> None:
    """A repository on a server, with one commit."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Work"]):
        subprocess.run([*git, *command], check=True)


def test_all_clones_are_graded_and_one_that_is_missing_costs_nobody_else(step, course, tmp_path):
    others = [topic for topic in registry.MODULES if topic != "cnn"]
    settings = f"\n[tool.grader]\nwithout = {json.dumps(others)}\n".encode()
    write_tree(tmp_path / "course", course | {"pyproject.toml": course["pyproject.toml"] + settings})
    server = tmp_path / "server"
    work = {"exercises/cnn.py": (ROOT / "solutions" / "cnn.py").read_text(encoding="utf-8")}
    repository(server / "org" / "exercises-alice.git", work)
    repository(server / "bob" / "exercises.git", {"notes.txt": "nothing yet"})
    (tmp_path / "bin").mkdir()
    names = json.dumps([{"name": "exercises-alice"}, {"name": "exercises-"}, {"name": "other"}])
    (tmp_path / "bin" / "gh").write_text(f"#!/bin/sh\necho '{names}'\n")
    (tmp_path / "bin" / "gh").chmod(0o755)
    (tmp_path / "course" / "repositories.txt").write_text("# a class\norg/exercises-*\nbob/exercises\nteam/x carol\n")
    workflow = course[".github/workflows/grade.yml"]
    secret = {"GH_TOKEN": "ghs_secret", "GITHUB_SERVER_URL": f"file://{server}"}
    done, _ = step(workflow, "Clone", tmp_path / "course", **secret)
    assert done.returncode == 0, done.stderr
    assert "2 of 3 repositories were cloned." in done.stdout and "carol (team/x) could not be cloned" in done.stdout
    assert not [path for path in (tmp_path / "submissions").rglob("config") if "ghs_secret" in path.read_text()]
    done, _ = step(workflow, "Grade", tmp_path / "course", GRADER_SEED="7")
    assert done.returncode == 0, done.stderr
    rows = (tmp_path / "graded" / "gradebook.csv").read_text(encoding="utf-8-sig")
    assert re.search(r"^alice,.*\b7\b", rows, re.M) and re.search(r"^bob,", rows, re.M)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no repository"),
        ("# only a comment", "names no repository"),
        ("alice", "line 1 of the list is neither"),
        ("alice/x\nhttps://host/alice/x", "line 2 of the list is neither"),
        ("a/x\na/y", "somebody's already"),
        ("a/x ..", "is no name"),
    ],
)
def test_a_list_that_cannot_be_followed_is_refused_with_its_line(clone, text, said):
    with pytest.raises(SystemExit, match=said):
        clone.students_of(text)


def test_a_line_may_name_the_student(clone):
    assert clone.students_of("alice/x\norg/team-7 bob # a team\n") == {"alice": "alice/x", "bob": "org/team-7"}
