"""`grader audit`: grades the grader and says where it falls short."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from grader.cli.output import write
from grader.cli.progress import Bar
from grader.course.paths import solutions_folder
from grader.exits import EARNED, POINTS_MISSING, UsageProblem


def audit(
    names: Sequence[str] = (),
    *,
    quick: bool,
    jobs: int | None,
    json_target: str | None,
    matrix_target: str | None = None,
) -> int:
    """Runs the audit, of what the names mean or of all, and prints its report; status 1 where anything falls short."""
    from grader.cli.check import wanted_exercises

    exercises = wanted_exercises(names)
    if not solutions_folder().is_dir():
        raise UsageProblem(f"{solutions_folder()} is not there: an audit compares the checks with the solutions")
    try:
        import libcst  # noqa: F401
    except ImportError as error:
        if not quick:
            raise UsageProblem("an audit needs libcst for its mutants: pip install libcst, or use --quick") from error
    from grader.running.session import Session
    from grader.running.sharing import available_cores

    if matrix_target is not None:
        from grader.audit.run import kill_matrix

        with Bar() as bar:
            write(matrix_target, kill_matrix(jobs or available_cores(), bar.tell, exercises))
        return EARNED
    steps = []
    with Session.start() as session, Bar() as bar:
        from grader.audit.run import audit as run

        options: dict[str, Any] = {"quick": quick, "jobs": jobs or available_cores(), "exercises": exercises}
        for step in run(session, progress=bar.tell, **options):
            bar.erase()
            steps.append(step)
            if json_target != "-":
                _print(step)
    clean = all(step.passed for step in steps)
    if json_target is not None:
        found = {"passed": clean, "steps": [_as_dict(step) for step in steps]}
        write(json_target, json.dumps(found, indent=2))
    if json_target != "-":
        print("\nThe audit is clean." if clean else "\nThe audit found something to mend.")
    return EARNED if clean else POINTS_MISSING


def _as_dict(step: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"name": step.name, "passed": step.passed, "tried": step.tried}
    if step.table:
        found["table"] = list(step.table)
    return {**found, "problems": list(step.problems), **step.details}


def _print(step: Any) -> None:
    sign = "ok  " if step.passed else "FAIL"
    extra = "".join(f", {name} {value}" for name, value in step.details.items())
    print(f"{sign}  {step.name} ({step.tried} tried{extra})", flush=True)
    for line in step.table:
        print("      " + line)
    for problem in step.problems:
        print("      " + problem.replace("\n", "\n      "))
