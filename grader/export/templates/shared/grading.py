"""What the programs of all platforms share: they run the grader, keep folders closed to what it grades, write files whole.

It stands beside each of them and needs nothing but Python's own library.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

NOBODY = 1_879_048_190  # a user that no system gives to anybody
MOST_SAID = 4000  # characters of what the grader says
FAULT = "The grader itself failed, which says nothing about your work: tell your course."
PARTLY = "Not everything could be graded; that is the grader's fault: tell your course."


class NotGraded(Exception):
    """There is nothing that could be graded; the text says why, for the student."""


class GraderFailed(Exception):
    """The grader failed; the text says so to the student, with what is known."""


@dataclass(frozen=True)
class Graded:
    """The views that were asked for, by their names, and whether all of the work could be graded."""

    views: dict[str, str]
    whole: bool


def graded(
    kit: Path,
    submission: Path,
    views: Sequence[str],
    *,
    seconds: float,
    seed: int | None = None,
    python: str = sys.executable,
    data: Path | None = None,
) -> Graded:
    """Grades a submission with the kit. Raises NotGraded or GraderFailed.

    Args:
        kit: the folder that `grader/` lies in.
        views: names of `grader check`'s options, such as "json".
        seconds: after which the grader is ended.
        seed: of the cases; None for the one that the kit has.
        python: what runs it.
        data: where the grader keeps what is the same for every submission.
    """
    with tempfile.TemporaryDirectory() as private:
        files = {name: Path(private) / name for name in views}
        arguments = [text for name, file in files.items() for text in (f"--{name}", str(file))]
        arguments += [] if seed is None else ["--seed", str(seed)]
        done = run(kit, "check", "--submission", str(submission), *arguments, seconds=seconds, python=python, data=data)
        said = done.stderr[-MOST_SAID:].strip().replace(str(submission), "what was handed in")
        if "Traceback" in said:
            said = said.splitlines()[-1]
        if done.returncode == 4:
            raise NotGraded(said.removeprefix("grader: "))
        try:
            return Graded({name: file.read_text(encoding="utf-8") for name, file in files.items()}, done.returncode < 2)
        except OSError as error:
            raise GraderFailed(f"{FAULT}\n{said}") from error


def run(
    kit: Path, *arguments: str, seconds: float, python: str = sys.executable, data: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the grader, which sees nothing of this program's environment, its variables or its folder."""
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/root"), "LANG": "C.UTF-8", "PYTHONPATH": str(kit),
        **({} if data is None else {"CONVKIT_DATA": str(data)}),
    }  # fmt: skip
    return subprocess.run(
        [python, "-P", "-m", "grader", *arguments],
        cwd="/", env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
        timeout=seconds, check=False,
    )  # fmt: skip


def use_one_core() -> None:
    """For this process and those that it starts: where half a processor and little memory are all that there is."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])


@contextlib.contextmanager
def closed(*folders: Path) -> Iterator[None]:
    """Folders that students' code cannot enter, while the block runs, also where nothing else protects them.

    It is run by another user or, where that user could not read Python, by this one without any of root's powers: so they
    belong to somebody who is neither.
    """
    before = {path: path.stat() for path in folders if path.is_dir() and not path.is_symlink()}
    try:
        for path in before:
            path.chmod(0o700)
            if hasattr(os, "geteuid") and os.geteuid() == 0:
                os.chown(path, NOBODY, NOBODY)
        yield
    finally:
        for path, was in before.items():
            if hasattr(os, "geteuid") and os.geteuid() == 0:
                os.chown(path, was.st_uid, was.st_gid)
            path.chmod(was.st_mode & 0o777)


def fault(error: Exception) -> str:
    """What a student reads where something failed that nobody thought of."""
    if isinstance(error, GraderFailed):
        return str(error)
    return f"{FAULT}\n{type(error).__name__}: {error}"


def put(path: Path, text: str) -> None:
    """Puts a file in its place, whole."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)
