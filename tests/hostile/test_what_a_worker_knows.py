"""A worker's memory holds nothing that the command was given: no arguments, variables, paths, seed."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import launch
from tests.hostile.support import MEMORY_SEARCH, ROOT, needs_walls

pytestmark = needs_walls  # what is started anew has no memory of anybody else's
SECRET = "no-worker-may-know-this"


def searched(read, exercises, names, views, said, **options) -> int:
    """In place of what `check` has the grading process do: what a worker finds that may read all of its own memory."""
    from grader.running.session import Session
    from grader.sandbox.outer.clock import Allowance
    from grader.sandbox.outer.worker import Worker

    assert options["seed"] == 7
    assert str(read.path).endswith(SECRET)
    with Session.start(processes=1) as session:
        files = {"weights.py": MEMORY_SEARCH.encode()}
        worker = Worker.start(session.nurseries[0], files, without=("landlock", "privileges", "mount"))
        worker.ask({"op": "load", "topic": "weights", "file": str(worker.folder / "weights.py")}, Allowance.of(60))
        print(worker.taken_output())
        worker.close()
    return 0


def command() -> None:
    """The command, but for what its grading process does."""
    from grader.__main__ import main

    importlib.import_module("grader.cli.check")._graded = searched
    main()


@pytest.mark.parametrize("length", [1, 5000])
def test_nothing_of_the_command_is_in_a_workers_memory(tmp_path, length):
    work = tmp_path / SECRET
    work.mkdir()
    (work / "weights.py").write_text("x = 1")
    program = "from tests.hostile.test_what_a_worker_knows import command; command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "check", "weights", "--submission", str(work), "--seed", "7"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TOKEN": (SECRET + " ") * length},
        cwd=work,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout.strip() == "found 0", done.stderr


def test_what_grades_is_started_with_nothing_of_the_command(tmp_path, monkeypatch):
    """Neither its variables nor its arguments, which other processes can read, too."""
    monkeypatch.setenv("TOKEN", SECRET)
    monkeypatch.setattr(sys, "argv", ["grader", SECRET])
    launch.ahead(1)
    try:
        folder = Path(f"/proc/{launch._waiting.process.pid}")
        while not (folder / "environ").read_bytes():  # the program has only just been started
            time.sleep(0.01)
        for name in ("environ", "cmdline"):
            assert SECRET.encode() not in (folder / name).read_bytes()
        assert os.readlink(folder / "cwd") == "/"
        for library in ("OMP", "OPENBLAS", "MKL"):  # what forks must not have threads
            assert f"{library}_NUM_THREADS=1".encode() in (folder / "environ").read_bytes()
    finally:
        launch.leave()
