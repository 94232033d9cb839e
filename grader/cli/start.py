"""`grader start DIR`: a new folder with the student's part of the kit: stubs, lesson, picture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from grader.course import registry
from grader.course.paths import PACKAGE, PICTURE, picture, solutions_folder
from grader.course.stubs import StubError, pristine_stub
from grader.exits import EARNED, UsageProblem
from grader.files.whole import write_whole
from grader.program import command_elsewhere
from grader.report.text import path_in_words

_EXERCISES = PACKAGE.parent / "exercises"


def start(folder: Path) -> int:
    """Writes the folder, which must be new or empty, and says how to go on."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is not empty" if folder.is_dir() else "is a file"
        raise UsageProblem(f"{path_in_words(folder)} {what}; name a new folder: nothing of yours is to be written over")
    try:
        content = dict(_content())
    except (StubError, OSError, ValueError) as error:
        raise UsageProblem(f"this installation of the kit is not whole: {error}") from error
    try:
        for name, data in content.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)
    except OSError as error:
        raise UsageProblem(f"{path_in_words(folder)} cannot be written: {error.strerror}") from error
    print(f"Your folder is {path_in_words(folder)}. You write in its exercises/, and open the lesson there:")
    print(f"    cd {path_in_words(folder)}")
    print(f"    {command_elsewhere('check')}")
    return EARNED


def _content() -> Iterator[tuple[str, bytes]]:
    """Each file's name and what is in it."""
    for topic in registry.TOPICS:
        yield f"exercises/{topic.name}.py", pristine_stub(topic.name, solutions_folder()).encode()
    yield "exercises/__init__.py", (_EXERCISES / "__init__.py").read_bytes()
    yield "exercises/lesson.ipynb", _untouched((_EXERCISES / "lesson.ipynb").read_text(encoding="utf-8"))
    yield PICTURE, picture().read_bytes()


def _untouched(text: str) -> bytes:
    """The notebook as nobody has run it."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
