"""What runs where Python lacks what only a Unix has: what does not grade, and a clear sentence for what does."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.support import ROOT

# Takes away, of what the commands use, what Python on Windows does not have.
WITHOUT = """
import os, signal, sys
import click, numpy, rich.console, torch, filelock
for name in ("fork", "fchmod", "fchown", "register_at_fork", "sched_getaffinity"):
    delattr(os, name)
for name in ("SIGHUP", "SIGWINCH", "SIGCONT", "SIGKILL"):
    delattr(signal, name)
from grader.__main__ import main
sys.argv = ["grader", *sys.argv[1:]]
main()
"""


def without(*arguments, cwd):
    """Runs the program on such a system."""
    return subprocess.run(
        [sys.executable, "-P", "-c", WITHOUT, *arguments],
        cwd=cwd, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=200,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["hint conv2d", "reset conv2d", "points", "stubs --check", "start new"])
def test_what_does_not_grade_works(project, command):
    done = without(*command.split(), cwd=project)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["check shapes", "watch shapes", "pictures"])
def test_what_grades_says_in_a_sentence_what_it_needs(project, command):
    done = without(*command.split(), cwd=project)
    assert done.returncode == 4, done.stderr
    assert done.stderr == "grader: grading needs a system that can fork processes: Linux, macOS, or Windows with WSL\n"


def test_the_doctor_says_that_nothing_can_be_graded(project):
    done = without("doctor", cwd=project)
    assert done.returncode == 1, done.stderr
    assert "the sandbox does not start" in done.stdout and "Grading works without them" not in done.stdout
