"""Grades a push for Classroom 50: writes result.json, and release-body.md with what students read.

The runner starts it in the student's checkout; this file's folder is public, so there are no solutions in it. Scores are
integers there: the total is rounded to the nearest point, and is full only where everything is right; each exercise gets its
points rounded down, and the points that are missing then go to those with the largest remainders, so that they add up.
It needs nothing but Python's own library, and fetches PyTorch for the CPU alone where this Python lacks it.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grading import PARTLY, NotGraded, closed, fault, graded, put

HERE = Path(__file__).resolve().parent
KIT = HERE / "kit"
SECONDS = 13 * 60  # the platform ends everything after 15 minutes


def main() -> int:
    """Writes the result; returns 0 where the work was graded, 1 where the grader failed, which costs nobody a point."""
    began, work = time.monotonic(), Path.cwd()
    config = json.loads((HERE / "config.json").read_text(encoding="utf-8"))
    try:
        python = interpreter(config["needs"])
        left = max(60.0, SECONDS - (time.monotonic() - began))
        with closed(HERE):
            done = graded(KIT, work, ["json", "markdown"], seconds=left, python=python)
        report = json.loads(done.views["json"])
        said = ("" if done.whole else f"{PARTLY}\n\n") + done.views["markdown"]
        tests, most = in_integers(report["exercises"])
    except NotGraded as problem:
        said = f"{problem}\n"
        tests, most = in_integers([{**exercise, "score": 0.0, "status": "failed"} for exercise in config["exercises"]])
    except Exception as error:
        told = fault(error).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        print(f"::error title=Not graded::{told}")
        write(work, result([], 0), f"{fault(error)}\n")
        return 1
    write(work, result(tests, most), said)
    return 0


def interpreter(needs: Sequence[str]) -> str:
    """A Python with all that the kit needs: this one, or a fresh environment. Raises CalledProcessError."""
    if all(map(is_here, needs)):
        return sys.executable
    place = Path(os.environ.get("RUNNER_TEMP") or tempfile.mkdtemp()) / "grader-environment"
    python = place / "bin" / "python"
    environment = {**os.environ, "UV_TORCH_BACKEND": "cpu"}
    own = [sys.executable, "-P", "-m"]
    for command in (
        [*own, "venv", "--clear", str(place)],
        [str(python), "-P", "-m", "pip", "install", "--quiet", "uv"],
        [
            str(python),
            "-P",
            "-m",
            "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            str(python),
            "-r",
            str(KIT / "pyproject.toml"),
        ],
    ):
        subprocess.run(command, cwd="/", env=environment, stdin=subprocess.DEVNULL, timeout=SECONDS, check=True)
    return str(python)


def is_here(distribution: str) -> bool:
    """Whether this Python has it."""
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def in_integers(exercises: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """The tests of these exercises, and their total, in whole points."""
    most = sum(exercise["max_score"] for exercise in exercises)
    score = sum(exercise["score"] for exercise in exercises)
    whole_most = nearest(most)
    whole = nearest(score)
    if score < most - 1e-6 and whole_most > 0:
        whole = min(whole, whole_most - 1)
    limits = shared([exercise["max_score"] for exercise in exercises], whole_most)
    scores = shared([exercise["score"] for exercise in exercises], whole, limits)
    return [
        {
            "test-name": f"{exercise['topic']}: {exercise['name']}",
            "passed": exercise["status"] == "passed",
            "score": score,
            "max-score": limit,
        }
        for exercise, score, limit in zip(exercises, scores, limits)
    ], whole_most


def nearest(points: float) -> int:
    """Half a point counts as one."""
    return int(points + 0.5 + 1e-9)


def shared(points: Sequence[float], total: int, limits: Sequence[int] | None = None) -> list[int]:
    """Whole points that add up to the total as far as the limits allow: the largest remainders are rounded up."""
    whole = [int(each + 1e-9) for each in points]
    if limits is not None:
        whole = [min(each, limit) for each, limit in zip(whole, limits)]
    by_remainder = sorted(range(len(points)), key=lambda at: (whole[at] - points[at], at))
    for at in by_remainder:
        if sum(whole) < total and (limits is None or whole[at] < limits[at]):
            whole[at] += 1
    for at in reversed(by_remainder):
        if sum(whole) > total and whole[at] > 0:  # where the limits' own rounding leaves one too many
            whole[at] -= 1
    return whole


def result(tests: list[dict[str, Any]], most: int) -> dict[str, Any]:
    """The file's content, as its first version has it; the runner itself says who owns it, and when it was pushed."""
    told = os.environ
    commit = told.get("COMMIT_URL", "")
    return {
        "schema": "classroom50/result/v1",
        "classroom": told["CLASSROOM"],
        "assignment": told["ASSIGNMENT"],
        "assignment_type": told.get("ASSIGNMENT_TYPE") or "individual",
        "owner": told.get("OWNER") or told["USERNAME"],
        "submission": told["SUBMISSION_TAG"],
        "commit": commit,
        "release": told.get("RELEASE_URL") or commit,
        "review": told.get("REVIEW_URL") or commit,
        "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(test["score"] for test in tests),
        "max-score": most,
        "tests": tests,
    }


def write(work: Path, content: dict[str, Any], said: str) -> None:
    """Puts both files into the checkout, over whatever a student has put there."""
    for name, text in (("result.json", json.dumps(content, indent=2) + "\n"), ("release-body.md", said)):
        if (work / name).is_dir() and not (work / name).is_symlink():
            shutil.rmtree(work / name)
        put(work / name, text)


if __name__ == "__main__":
    sys.exit(main())
