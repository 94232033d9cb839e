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
