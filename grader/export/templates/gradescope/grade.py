"""Grades what a student has handed in, and writes results.json, whatever happens. Needs nothing but Python's own library.

grade.py FOLDER     grades FOLDER/submission; FOLDER holds source/ and results/, too
grade.py --prepare  works out the course's own answers, once
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
NOBODY = 1_879_048_190  # a user that no system gives to anybody
MOST_SAID = 4000  # characters of what the grader says


def main() -> int:
    """What the command line asks for."""
    config = json.loads((SOURCE / "config.json").read_text(encoding="utf-8"))
    if sys.argv[1:] == ["--prepare"]:
        return run(config, "check", "--solutions", "--seed", str(config["seed"])).returncode
    folder = Path(sys.argv[1]).resolve()
    results = folder / "results"
    results.mkdir(exist_ok=True)
    # What comes first holds if this process, too, is ended from outside.
    write(results, failed("The grading did not come to an end. This says nothing about your work: tell your course."))
    try:
        found = graded(config, folder)
    except Exception as error:
        found = failed(f"The grader itself failed, which says nothing about your work: {type(error).__name__}: {error}")
    found.update({key: config[key] for key in ("visibility",) if config[key] != "visible"})
    try:
        note = lateness(folder)
    except Exception:
        note = ""  # the platform's own file is another one than it was
    found["output"] = "\n".join(filter(None, (str(found.get("output", "")), note)))
    write(results, found)
    return 0


def graded(config: dict[str, object], folder: Path) -> dict[str, object]:
    """What the grader says of the submission, in the platform's form."""
    with closed(SOURCE, folder / "results", folder / "submission"):
        return asked(config, folder)


def asked(config: dict[str, object], folder: Path) -> dict[str, object]:
    """What comes of running the grader."""
    with tempfile.TemporaryDirectory() as private_folder:
        written = Path(private_folder) / "results.json"
        done = run(
            config, "check", "--submission", str(folder / "submission"), "--seed", str(config["seed"]),
            "--gradescope", str(written),
        )  # fmt: skip
        said = done.stderr[-MOST_SAID:].strip().replace(str(folder / "submission"), "what was handed in")
        if "Traceback" in said:
            said = said.splitlines()[-1]
        try:
            found = json.loads(written.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            if done.returncode == 4:  # there is nothing that could be graded, and it says why
                return {"score": 0, "output": said.removeprefix("grader: "), "output_format": "text", "tests": []}
            return failed(f"The grader itself failed, which says nothing about your work: tell your course.\n{said}")
    if not isinstance(found, dict) or not isinstance(found.get("tests"), list):
        return failed(
            "The grader itself failed, which says nothing about your work: it gave no result. Tell your course."
        )
    if done.returncode == 3:
        found["output"] = (
            f"Not everything could be graded; that is the grader's fault: tell your course.\n{found['output']}"
        )
    return found


def run(config: dict[str, object], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the grader. Half a processor and little memory are what there is: it uses one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/root"), "LANG": "C.UTF-8",
        "PYTHONPATH": str(SOURCE / "kit"), "CONVKIT_DATA": str(SOURCE / "data"),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-P", "-m", "grader", *arguments],
        cwd="/", env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
        timeout=float(str(config["seconds"])), check=False,
    )  # fmt: skip


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


def failed(text: str) -> dict[str, object]:
    """A result that says why there is no grade."""
    return {"score": 0, "output": text, "output_format": "text", "tests": []}


def lateness(folder: Path) -> str:
    """That the work came after the due date, which is never counted here; empty where it did not, or nobody knows."""
    file = folder / "submission_metadata.json"
    if not file.is_file():
        return ""
    told = json.loads(file.read_text(encoding="utf-8"))
    due = (told.get("assignment") or {}).get("due_date")
    own = [
        user["assignment"]["due_date"]
        for user in told.get("users") or ()
        if (user.get("assignment") or {}).get("due_date")
    ]
    due = max([due, *own], key=datetime.fromisoformat) if due and own else due
    if not due or datetime.fromisoformat(told["created_at"]) <= datetime.fromisoformat(due):
        return ""
    late = datetime.fromisoformat(told["created_at"]) - datetime.fromisoformat(due)
    hours, minutes = divmod(max(1, round(late.total_seconds() / 60)), 60)
    return (
        f"Handed in {f'{hours} h ' if hours else ''}{minutes} min after the due date. No points are taken off for that."
    )


def write(results: Path, content: dict[str, object]) -> None:
    """Puts the file in its place, whole."""
    fresh = results / ".results.json"
    fresh.write_text(json.dumps(content, allow_nan=False, indent=1), encoding="utf-8")
    os.replace(fresh, results / "results.json")


if __name__ == "__main__":
    sys.exit(main())
