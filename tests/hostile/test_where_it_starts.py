"""Submissions' folders that are traps: exchanged while they are read, or lying in wait for whoever starts a command there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.support import ROOT

SCRIPT = Path(sys.executable).with_name("grader")

# Waits until the folder is listed, then puts a link to the solutions in its place; and back again, and so on.
RACER = """
import ctypes, os, struct, sys, time
folder, secret = sys.argv[1:]
libc = ctypes.CDLL(None)
watch = libc.inotify_init()
libc.inotify_add_watch(watch, folder.encode(), 0x20)
print("waiting", flush=True)
while True:
    os.read(watch, 65536)
    os.rename(folder, folder + ".mine")
    os.symlink(secret, folder)
    print("exchanged", flush=True)
    time.sleep(1.5)
    os.unlink(folder)
    os.rename(folder + ".mine", folder)
"""


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a Python program in a folder, without this test's own place on its path."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        arguments, cwd=cwd, env={**variables, **environment}, capture_output=True, text=True, timeout=240
    )


@pytest.fixture
def hand_in(tmp_path):
    """A student's folder: a weights.py that answers nothing, in exercises/."""
    exercises = tmp_path / "anna" / "exercises"
    exercises.mkdir(parents=True)
    (exercises / "weights.py").write_text("def rescale(images):\n    return 0\n")
    return exercises.parent


@pytest.mark.parametrize("asked", [["--submission", "anna"], ["--submission", "anna/exercises"], []])
def test_a_folder_that_is_exchanged_once_it_is_listed_earns_nothing(hand_in, asked):
    command = [sys.executable, "-c", RACER, str(hand_in / "exercises"), str(ROOT / "solutions")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as racer:
        try:
            assert racer.stdout.readline() == "waiting\n"
            done = run(str(SCRIPT), "check", "rescale", *asked, cwd=hand_in.parent if asked else hand_in)
            assert racer.stdout.readline() == "exchanged\n"
        finally:
            racer.kill()
    assert done.returncode in (1, 4), done.stdout + done.stderr
    assert "passed" not in done.stdout


@pytest.mark.parametrize("command", [["check", "rescale"], ["reset", "rescale"], ["hint", "rescale"], ["pictures"]])
def test_an_exercises_folder_that_is_a_link_is_not_entered(hand_in, tmp_path, command):
    secret = tmp_path / "secret"
    shutil.copytree(ROOT / "solutions", secret)
    before = {path.name: path.read_bytes() for path in secret.glob("*.py")}
    (hand_in / "exercises").rename(hand_in / "mine")
    (hand_in / "exercises").symlink_to(secret)
    done = run(str(SCRIPT), *command, cwd=hand_in)
    assert done.returncode == (0 if command[0] == "hint" else 4), done.stdout + done.stderr
    if command[0] != "hint":
        assert "it is a link" in done.stderr
    assert {path.name: path.read_bytes() for path in secret.iterdir() if path.is_file()} == before
    assert not (secret / ".grader").exists()


def test_what_is_remembered_is_not_written_through_a_link(hand_in, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (hand_in / "exercises" / ".grader").symlink_to(tmp_path / "elsewhere")
    assert run(str(SCRIPT), "check", "rescale", cwd=hand_in).returncode == 1
    assert run(str(SCRIPT), "hint", "rescale", cwd=hand_in).returncode == 0
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("content", ["[" * 100_000, "a pipe", '{"rescale": {"hints_given": 1e999}}'])
def test_what_is_remembered_may_be_anything(hand_in, content):
    (hand_in / "exercises" / ".grader").mkdir()
    file = hand_in / "exercises" / ".grader" / "progress.json"
    os.mkfifo(file) if content == "a pipe" else file.write_text(content)
    assert run(str(SCRIPT), "check", "rescale", cwd=hand_in).returncode == 1
    assert run(str(SCRIPT), "hint", "rescale", cwd=hand_in).returncode == 0


TRAP = "open({flag!r}, 'a').write(__name__ + ' ')\nraise SystemExit(77)\n"
# Modules of ours, of libraries and of Python that are imported once the program runs, or that Python looks for.
NAMES = ("torch", "numpy", "random", "typing", "click", "msgspec", "hypothesis", "rich", "sitecustomize", "conftest")
SAFE = {"the script": [str(SCRIPT)], "python -P -m grader": [sys.executable, "-P", "-m", "grader"]}


@pytest.fixture
def trap(hand_in):
    """A submission's folder with files that Python and its libraries look for where they are started."""
    source = TRAP.format(flag=str(hand_in / "sprung"))
    for name in NAMES:
        (hand_in / f"{name}.py").write_text(source)
    (hand_in / "trap.pth").write_text(f"import os; {source.splitlines()[0]}\n")
    (hand_in / "pyproject.toml").write_text("[build-system\n[tool.grader]\npoints = 'all'\n")
    (hand_in / "matplotlibrc").write_text("text.usetex: True\nfont.size: 90\naxes.facecolor: black\nbackend: none\n")
    return hand_in


def add_a_grader(folder: Path) -> None:
    """A package of the student's that has our own one's name."""
    for package in ("grader", "grader/sandbox"):
        (folder / package).mkdir()
        (folder / package / "__init__.py").write_text((folder / "torch.py").read_text(encoding="utf-8"))
    shutil.copy(folder / "torch.py", folder / "grader" / "sandbox" / "nursery.py")


def assert_not_sprung(folder: Path) -> None:
    """Nothing of the folder was run."""
    assert not (folder / "sprung").exists(), (folder / "sprung").read_text(encoding="utf-8")


@pytest.mark.parametrize("program", SAFE.values(), ids=SAFE)
def test_nothing_of_the_working_folder_is_run(trap, program):
    add_a_grader(trap)
    done = run(*program, "check", "rescale", cwd=trap)
    assert done.returncode == 1, done.stdout + done.stderr
    assert_not_sprung(trap)


def test_python_m_grader_runs_nothing_that_comes_after_itself(trap):
    """That a package named grader would be run instead cannot be helped: Python decides it before any code of ours."""
    done = run(sys.executable, "-m", "grader", "check", "rescale", cwd=trap)
    assert done.returncode == 1, done.stdout + done.stderr
    assert_not_sprung(trap)


def test_python_m_grader_works_from_the_kits_own_folder():
    assert run(sys.executable, "-m", "grader", "check", "rescale", "--solutions", cwd=ROOT).returncode == 0


SECOND = """
import grader.topics.weights.checks  # from now on, a nursery is started afresh
from grader.running.session import Session
with Session.start(processes=1) as session:
    print(sorted(session.missing_protections()))
"""


def test_a_later_session_starts_our_own_nursery(trap):
    add_a_grader(trap)
    done = run(sys.executable, "-P", "-c", SECOND, cwd=trap)
    assert done.returncode == 0, done.stdout + done.stderr
    assert_not_sprung(trap)


DRAW = """
import hashlib
from grader.lesson import plots
print(hashlib.sha256(plots.not_drawn("a-name", "A title", "why").png).hexdigest())
"""


def test_a_picture_looks_the_same_wherever_it_is_drawn(trap):
    drawn = [run(sys.executable, "-P", "-c", DRAW, cwd=folder) for folder in (trap, ROOT)]
    assert drawn[0].returncode == 0, drawn[0].stderr
    assert drawn[0].stdout == drawn[1].stdout and "Traceback" not in drawn[0].stderr
