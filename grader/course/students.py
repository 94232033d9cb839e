"""The student's part of the kit: stubs, lesson, picture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from grader.course import registry
from grader.course.paths import PACKAGE, PICTURE, picture, solutions_folder
from grader.course.stubs import pristine_stub

_EXERCISES = PACKAGE.parent / "exercises"


def students_part() -> Iterator[tuple[str, bytes]]:
    """Each file's name and what is in it. Raises StubError, OSError or ValueError where the kit is not whole."""
    for topic in registry.TOPICS:
        yield f"exercises/{topic.name}.py", pristine_stub(topic.name, solutions_folder()).encode()
    yield "exercises/__init__.py", (_EXERCISES / "__init__.py").read_bytes()
    yield "exercises/lesson.ipynb", _untouched((_EXERCISES / "lesson.ipynb").read_text(encoding="utf-8"))
    yield PICTURE, picture().read_bytes()


def _untouched(text: str) -> bytes:
    """The notebook as nobody has run it; what a course leaves out is not checked in it."""
    notebook = json.loads(text)
    notebook["cells"] = [cell for cell in notebook["cells"] if _is_wanted(cell)]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _is_wanted(cell: dict[str, Any]) -> bool:
    """Whether a cell is to stay: one that checks exercises keeps those that there are, and goes where there are none."""
    checks = re.fullmatch(r"%check (.+)", "".join(cell["source"]).strip())
    if cell["cell_type"] != "code" or checks is None:
        return True
    known = [name for name in checks[1].split() if any(name == exercise.name for exercise in registry.EXERCISES)]
    cell["source"] = [f"%check {' '.join(known)}"]
    return bool(known)
