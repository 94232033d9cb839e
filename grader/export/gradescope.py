"""The autograder for Gradescope: a zip, as "Autograder Specifications" in Gradescope's documentation describes it."""

from __future__ import annotations

import json

from grader.export import bundles, handout
from grader.export.archive import zipped

PROGRAMS = ("setup.sh", "run_autograder")


def archive(seed: int, *, visibility: str = "visible", minutes: int = 10) -> bytes:
    """The zip. It holds the solutions: the platform shows it to instructors alone.

    Args:
        seed: of the cases that every submission is graded with.
        visibility: of the whole result, in the platform's words: "visible", "hidden", "after_due_date" or
            "after_published".
        minutes: the platform's time limit for a submission; the grader ends one before it.

    Raises StubError or OSError where the kit is not whole.
    """
    content = {f"kit/{name}": data for name, data in handout.content(False).items()}
    content.update(bundles.programs("gradescope", *PROGRAMS, "grade.py"))
    told = {"seed": seed, "visibility": visibility, "seconds": 60 * max(1, minutes - 1)}
    content["config.json"] = (json.dumps(told, indent=1) + "\n").encode()
    return zipped(content, PROGRAMS)
