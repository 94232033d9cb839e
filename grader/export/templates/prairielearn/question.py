"""Grades what a student has handed in on PrairieLearn, and writes results.json, whatever happens.

question.py FOLDER     grades FOLDER/student, and writes FOLDER/results/results.json
question.py --prepare  works out the course's own answers, once, where an image is made that holds them

It needs nothing but Python's own library. A submission that cannot be graded costs the student no attempt.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from grading import FAULT, NotGraded, closed, fault, graded, put, run

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("GRADER_HOME", "/opt/grader")) / "data"
MOST_BYTES = 1_000_000  # of results.json; the platform takes no more
SHORT = 1000  # characters of a message, where there is too much


def main() -> int:
    """What the command line asks for."""
    config = json.loads((HERE / "config.json").read_text(encoding="utf-8"))
    if sys.argv[1:] == ["--prepare"]:
        seed, seconds = str(config["seed"]), float(config["seconds"])
        return run(HERE / "kit", "check", "--solutions", "--seed", seed, seconds=seconds, data=DATA).returncode
    folder = Path(sys.argv[1]).resolve()
    results = folder / "results"
    results.mkdir(exist_ok=True)
    write(
        results, ungradable("The grading did not come to an end. This says nothing about your work: tell your course.")
    )
    try:
        found = asked(config, folder, results)
    except NotGraded as problem:
        found = {**ungradable(str(problem)), "format_errors": [str(problem)]}
    except Exception as error:
        found = ungradable(fault(error))
    write(results, found)
    return 0


def asked(config: dict[str, Any], folder: Path, results: Path) -> dict[str, Any]:
    """What the grader says of the submission, in the platform's form."""
    with closed(HERE, results, folder / "student", folder / "data"):
        done = graded(
            HERE / "kit", folder / "student", ["prairielearn"],
            seed=config["seed"], seconds=float(config["seconds"]), data=DATA if DATA.is_dir() else None,
        )  # fmt: skip
    found = json.loads(done.views["prairielearn"])
    return found if isinstance(found, dict) else ungradable(FAULT)


def ungradable(text: str) -> dict[str, Any]:
    """A result that says why there is no score."""
    return {"gradable": False, "message": text}


def write(results: Path, content: dict[str, Any]) -> None:
    """Puts the file in its place, whole, and within the platform's size."""
    text = json.dumps(content, allow_nan=False, indent=1)
    if len(text) > MOST_BYTES:
        for test in content.get("tests", ()):
            test["message"] = test["message"][:SHORT]
        text = json.dumps({**content, "output": str(content.get("output", ""))[:SHORT]}, allow_nan=False)
    put(results / "results.json", text)


if __name__ == "__main__":
    sys.exit(main())
