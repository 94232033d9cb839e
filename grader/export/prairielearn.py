"""A question for PrairieLearn that grades outside: what "External grading" and "Question configuration" in its documentation say."""

from __future__ import annotations

import json
import uuid

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.course import registry
from grader.course.students import students_part
from grader.export import bundles, handout
from grader.export.archive import zipped

ENTRYPOINT = "/grade/tests/grade.sh"  # the platform puts the question's tests/ there
MOST_MINUTES = 10
_MARGIN = 30  # seconds in which the result of a grading that was ended is still written
_COURSE = uuid.UUID("6d0f6a1c-3d5b-5e7e-9d25-0f6e1b6a2c11")


def content(name: str, seed: int, *, image: str, minutes: int = MOST_MINUTES) -> dict[str, bytes]:
    """The question's files, by their names. `tests/` holds the solutions: the platform shows it to the staff alone.

    Args:
        name: the folder's. The same name has the same identifier, so that an export made anew is the same question.
        seed: of the cases that every submission is graded with.
        image: the Docker image that it is graded in.
        minutes: the platform's time limit for a submission; the grader ends one before it.

    Raises StubError or OSError where the kit is not whole.
    """
    files = {f"tests/kit/{path}": data for path, data in handout.content(False).items() if not path.endswith(".ipynb")}
    told = {"seed": seed, "seconds": 60 * minutes - _MARGIN}
    for path, data in bundles.programs("prairielearn", "grade.sh", "question.py").items():
        files[f"tests/{path}"] = data
    files["tests/config.json"] = _json(told)
    files["info.json"] = _json(_info(name, image, minutes))
    files["question.html"] = _page().encode()
    files["clientFilesQuestion/exercises.zip"] = zipped(dict(students_part()))
    for path in ("Dockerfile", "README.md"):
        files[path] = bundles.program("prairielearn", path)
    return files


def _info(name: str, image: str, minutes: int) -> dict[str, object]:
    return {
        "uuid": str(uuid.uuid5(_COURSE, name)),
        "title": "PyTorch exercises: from logistic regression to convolutional networks",
        "topic": "PyTorch",
        "type": "v3",
        "singleVariant": True,
        "showCorrectAnswer": False,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "image": image,
            "entrypoint": ENTRYPOINT,
            "timeout": 60 * minutes,
            "enableNetworking": False,
        },
    }


def _page() -> str:
    environment = Environment(
        loader=FileSystemLoader(bundles.TEMPLATES / "prairielearn"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
    )
    return environment.get_template("question.html.j2").render(topics=registry.TOPICS)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()
