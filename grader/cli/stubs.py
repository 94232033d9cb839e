"""`grader stubs`: writes exercises/ anew from solutions/, or says whether the two agree."""

from __future__ import annotations

from grader.exits import EARNED, POINTS_MISSING, UsageProblem
from grader.paths import root, solutions_folder
from grader.stubs import differing, write_stubs


def stubs(check: bool) -> int:
    """Writes or compares the stubs; with `check`, status 1 where they differ."""
    solutions, exercises = solutions_folder(), root() / "exercises"
    if not solutions.is_dir():
        raise UsageProblem(f"{solutions} is not there: the stubs are made from the solutions")
    if not check:
        write_stubs(solutions, exercises)
        print(f"Wrote the stubs to {exercises}")
        return EARNED
    different = differing(solutions, exercises)
    if different:
        print("These stubs differ from what the solutions give: " + ", ".join(different))
        print("Write them anew with: grader stubs")
        return POINTS_MISSING
    print("The stubs agree with the solutions.")
    return EARNED
