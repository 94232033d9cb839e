"""What runs where Python lacks what only a Unix has, and where nothing is forked: all of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import ROOT, grader
from tests.cli.terminals import Terminal


def on_windows(*arguments, cwd, stdout=subprocess.PIPE, **more):
    """Runs the program as it would be on such a system, in a console that knows few characters."""
    environment = {
        "PYTHONPATH": str(ROOT),
        "PATH": "/usr/bin:/bin",
        "SYSTEMROOT": "/windows",
        "WINDIR": "/windows",
        "PYTHONIOENCODING": "cp1252",
        "GRADER_TRACEBACK": "1",
    }
    kept = {name: os.environ[name] for name in ("HOME", "XDG_CACHE_HOME", "CONVKIT_DATA") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-P", str(Path(__file__).with_name("windows.py")), *arguments],
        cwd=cwd, env={**environment, **kept, **more}, encoding="cp1252", timeout=600,
        stdout=stdout, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["hint conv2d", "reset conv2d", "points", "stubs --check", "start new"])
def test_what_does_not_grade_works(project, command):
    done = on_windows(*command.split(), cwd=project)
    assert done.returncode == 0, done.stderr


def test_what_grades_gives_the_points_and_says_what_is_missing(project):
    """The sources have a byte mark and Windows line ends; the folder has a space and letters of two alphabets."""
    place = project / "Übung für Łukasz"
    shutil.copytree(project / "exercises", place / "exercises")
    text = (ROOT / "solutions" / "shapes.py").read_text(encoding="utf-8").replace("\n", "\r\n")
    (place / "exercises" / "shapes.py").write_bytes(b"\xef\xbb\xbf" + text.encode())
    done = on_windows("check", "shapes", "--json", "r.json", cwd=place)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "23 of 23 points" in done.stdout
    assert "The protections “limits”, “filesystem” and “network” are missing" in done.stdout.replace("\n      ", " ")
    report = json.loads((place / "r.json").read_text(encoding="utf-8"))
    assert report["score"] == 23 and report["protections"] == ["process"]


def test_a_module_that_could_draw_is_graded(project):
    """Where pyplot is imported, matplotlib and what it needs ask the registry."""
    text = (ROOT / "solutions" / "weights.py").read_text(encoding="utf-8")
    drawing = text.replace(
        "import torch\n", "import matplotlib.pyplot as plt\nimport torch\n\nplt.plot([1, 2])\nplt.show()\n", 1
    )
    assert drawing != text
    (project / "exercises" / "weights.py").write_text(drawing, encoding="utf-8")
    done = on_windows("check", "weights", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_mistake_reads_as_it_does_elsewhere(project):
    right = (ROOT / "solutions" / "cnn.py").read_text(encoding="utf-8")
    wrong = right.replace(" if parameter.requires_grad", "")
    assert wrong != right
    (project / "exercises" / "cnn.py").write_text(wrong, encoding="utf-8")
    statuses = [
        on_windows("check", "cnn", "--json", "there.json", cwd=project).returncode,
        grader("check", "cnn", "--json", "here.json", cwd=project).returncode,
    ]
    assert statuses == [1, 1]
    there, here = (json.loads((project / name).read_text(encoding="utf-8")) for name in ("there.json", "here.json"))
    assert there["exercises"] == here["exercises"]


def test_a_report_that_goes_into_a_file_is_utf_8(project):
    """`grader ... > report.md` in Windows' consoles."""
    with (project / "report.md").open("wb") as file:
        done = on_windows("check", "cnn", "--markdown", "-", cwd=project, stdout=file)
    assert done.returncode == 1, done.stderr
    assert "⚪" in (project / "report.md").read_text(encoding="utf-8")


def test_the_doctor_says_what_holds(project):
    place = project / "für Łukasz"
    place.mkdir()
    shutil.copytree(project / "exercises", place / "exercises")
    done = on_windows("doctor", cwd=place)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "process      ok" in done.stdout and "filesystem   missing" in done.stdout
    assert done.stdout.rstrip().endswith("Ready to grade.")


def test_a_class_is_graded(project, tmp_path):
    work = tmp_path / "class"
    for name in ("Anna", "Łukasz"):
        (work / name).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / "cnn.py", work / name)
    command = ("batch", str(work), "--out", str(tmp_path / "out"), "--jobs", "1")
    done = grader(*command, cwd=project, GRADER_WORKERS="started")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = (tmp_path / "out" / "gradebook.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[2] for row in rows[1:]] == ["7", "7"]


def test_who_watches_sees_each_save_and_an_endless_loop_ends_with_the_next(project):
    right = (ROOT / "solutions" / "cnn.py").read_text(encoding="utf-8")
    module = project / "exercises" / "cnn.py"
    with Terminal("cnn", cwd=project, GRADER_WORKERS="started") as terminal:
        terminal.idle("not started")
        module.write_text(right.replace("def count_parameters", "while True: pass\ndef count_parameters"))
        terminal.until("Checking")
        module.write_text(right)
        terminal.idle("All that you asked for is right.")
        terminal.press("q")
        assert terminal.ends() == 0


def test_the_pictures_are_drawn(project):
    shutil.copytree(ROOT / "solutions", project / "mine", ignore=shutil.ignore_patterns("__pycache__"))
    done = on_windows("pictures", "--submission", "mine", "--out", "drawn", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    drawn = sorted(path.name for path in (project / "drawn").glob("*.png"))
    assert len(drawn) == 10 and "Not drawn" not in done.stdout


def test_pictures_are_painted_by_a_process_of_their_own():
    from grader.lesson.painting import _Painter, painting

    painter = _Painter()
    try:
        card = painting("not_drawn", "walk", "A walk", "it is not there")
        assert painter.painted(card).endswith(b"IEND\xaeB`\x82")
        assert painter.painted(card) == painter.painted(card)
    finally:
        painter.close()
