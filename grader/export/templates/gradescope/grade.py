"""Grades what a student has handed in, and writes results.json, whatever happens. Needs nothing but Python's own library.

grade.py FOLDER     grades FOLDER/submission; FOLDER holds source/ and results/, too
grade.py --prepare  works out the course's own answers, once
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

from grading import FAULT, PARTLY, NotGraded, closed, fault, put, run, use_one_core
from grading import graded as grade

SOURCE = Path(__file__).resolve().parent


def main() -> int:
    """What the command line asks for."""
    config = json.loads((SOURCE / "config.json").read_text(encoding="utf-8"))
    if sys.argv[1:] == ["--prepare"]:
        seed = str(config["seed"])
        kit, data = SOURCE / "kit", SOURCE / "data"
        return run(kit, "check", "--solutions", "--seed", seed, seconds=config["seconds"], data=data).returncode
    folder = Path(sys.argv[1]).resolve()
    results = folder / "results"
    results.mkdir(exist_ok=True)
    # What comes first holds if this process, too, is ended from outside.
    write(results, failed("The grading did not come to an end. This says nothing about your work: tell your course."))
    try:
        found = graded(config, folder)
    except NotGraded as problem:
        found = failed(str(problem))
    except Exception as error:
        found = failed(fault(error))
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
        done = grade(
            SOURCE / "kit", folder / "submission", ["gradescope"],
            seed=int(str(config["seed"])), seconds=float(str(config["seconds"])), data=SOURCE / "data",
        )  # fmt: skip
    found = json.loads(done.views["gradescope"])
    if not isinstance(found, dict) or not isinstance(found.get("tests"), list):
        return failed(FAULT)
    if not done.whole:
        found["output"] = f"{PARTLY}\n{found['output']}"
    return found


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
    put(results / "results.json", json.dumps(content, allow_nan=False, indent=1))


if __name__ == "__main__":
    use_one_core()
    sys.exit(main())
