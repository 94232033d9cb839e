"""The handout: what students get of the kit, with its solutions or without."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader import __version__
from grader.course import registry, settings
from grader.course.handed_out import FILE, Handout
from grader.course.paths import PACKAGE, solutions_folder
from grader.course.stubs import StubError, pristine_stub
from grader.course.students import students_part
from grader.export.cutting import cut
from grader.writing.check import EXAMPLES

PROJECT = PACKAGE.parent
# Of grader/: what is for instructors and authors alone.
_ROOMS = ("audit", "batch", "export", "pristine", "casebooks")
_COMMANDS = ("audit", "batch", "batching", "exporting", "new", "stubs")
_IN_TOPICS = ("conftest.py", "equivalent.toml")
# Of pyproject.toml: the tables that are for students, and lines of them that are not.
_TABLES = (
    "project", "project.optional-dependencies", "project.scripts", "build-system", "tool.hatch.version",
    "tool.hatch.build.targets.wheel",
)  # fmt: skip
_FOR_INSTRUCTORS = re.compile(r"cluster = ")
_FOR_CHECKS = re.compile(r'\s*"(pytest|hypothesis)\b')  # what only makes new cases, or runs checks under a debugger
_IGNORED = (
    "__pycache__/",
    "*.egg-info/",
    ".venv/",
    ".ipynb_checkpoints/",
    "dist/",
    "uv.lock",
    "*.backup-*",
    ".grader/",
)

Progress = Callable[[str, int, int], None]
Files = Iterator[tuple[str, bytes]]


def content(withheld: bool, seed: int = 0, *, progress: Progress = lambda what, done, total: None) -> dict[str, bytes]:
    """The files of a handout, by their names.

    Args:
        withheld: without the solutions and what gives them away; recorded answers take their place.
        seed: of the cases that are recorded.
        progress: is told what is being done, how much of it has been, and how much there is.

    Raises StubError or OSError where the kit is not whole; ReferenceFails where a solution fails a check.
    """
    if not (PROJECT / "pyproject.toml").is_file() or not solutions_folder().is_dir():
        raise StubError("a handout is made from the kit's own folder, with its pyproject.toml and its solutions/")
    # A course's own seed, with which it grades, stays with the course.
    given = {name: value for name, value in settings.table().items() if name != "seed"}
    handout = Handout(not withheld, seed, EXAMPLES, given)
    files = dict(students_part())
    files.update(_grader(withheld))
    files["grader/" + FILE.relative_to(PACKAGE).as_posix()] = handout.text().encode()
    files.update(_withheld(seed, progress) if withheld else _solutions())
    files["pyproject.toml"] = _pyproject(withheld).encode()
    files["README.md"] = _readme(withheld).encode()
    files["LICENSE"] = (PROJECT / "LICENSE").read_bytes()
    files[".gitignore"] = _not_kept()
    return files


def whole_kit() -> Files:
    """All of the kit that grades, for those who give the grades: the grader, the solutions, and the course's settings."""
    for place in _sources():
        yield f"grader/{place.as_posix()}", (PACKAGE / place).read_bytes()
    yield from _solutions()
    for name in ("pyproject.toml", "LICENSE"):
        yield name, (PROJECT / name).read_bytes()
    yield ".gitignore", _not_kept()


def _sources() -> Iterator[Path]:
    """The grader's files, seen from its folder."""
    for path in sorted(PACKAGE.rglob("*")):
        place = path.relative_to(PACKAGE)
        if path.is_file() and "__pycache__" not in place.parts and not any(p.startswith(".") for p in place.parts):
            yield place


def _not_kept() -> bytes:
    return "".join(f"{line}\n" for line in _IGNORED).encode()


def _grader(withheld: bool) -> Files:
    """The grader, as much of it as students need."""
    for place in _sources():
        room, *inside = place.parts
        if room in _ROOMS or (room == "cli" and inside and inside[0].removesuffix(".py") in _COMMANDS):
            continue
        if room == "topics" and not _of_topic(inside, withheld):
            continue
        yield f"grader/{place.as_posix()}", (PACKAGE / place).read_bytes()


def _of_topic(inside: list[str], withheld: bool) -> bool:
    """Whether a file of grader/topics/ goes along as it is."""
    *folder, name = inside
    if not folder:
        return name not in _IN_TOPICS
    if folder[0] not in registry.MODULES or name in _IN_TOPICS:
        return False
    if name == "hints.toml":
        return registry.FACTS.show_hints
    if name.startswith("mistakes") and not registry.FACTS.show_mistakes:
        return False
    return name == "__init__.py" or not withheld


def _solutions() -> Files:
    yield "solutions/__init__.py", (solutions_folder() / "__init__.py").read_bytes()
    for topic in registry.MODULES:
        yield f"solutions/{topic}.py", (solutions_folder() / f"{topic}.py").read_bytes()


def _withheld(seed: int, progress: Progress) -> Files:
    """What takes the place of solutions, known mistakes and what checks judge by."""
    from grader.export.recording import recorded
    from grader.running.loading import NAMES_OF_MISTAKES, mistakes_of
    from grader.running.shelf import HANDED_OUT, handed_out, handed_out_name

    total, done = len(registry.EXERCISES), 0

    def tell(name: str) -> None:
        nonlocal done
        progress(f"Recording {name}", done, total)
        done += 1

    for topic in registry.TOPICS:
        folder = f"grader/topics/{topic.name}"
        yield f"grader/pristine/{topic.name}.py", pristine_stub(topic.name, solutions_folder()).encode()
        for name, text in _cut_checks(topic).items():
            yield f"{folder}/{name}.py", text.encode()
        mistakes = [found for e in topic.exercises for found in mistakes_of(e.name)]
        if registry.FACTS.show_mistakes:
            told = [_named(mistake) for mistake in mistakes]
            yield f"{folder}/{NAMES_OF_MISTAKES}", (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
        file = handed_out_name(topic.name, seed, EXAMPLES)
        yield f"grader/{HANDED_OUT.name}/{file}", handed_out(recorded(topic, seed, tell=tell))


def _named(mistake: Any) -> dict[str, str]:
    return {name: getattr(mistake, name) for name in ("exercise", "identifier", "says", "asks")}


def _cut_checks(topic: registry.Topic) -> dict[str, str]:
    folder = PACKAGE / "topics" / topic.name
    left_out = ("__init__", "mistakes", "stand_ins")
    modules = {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*.py"))
        if not path.stem.startswith(left_out)
    }
    return cut(modules, f"grader.topics.{topic.name}", {exercise.name for exercise in topic.exercises})


def _pyproject(withheld: bool) -> str:
    """The project's file without what is for authors and instructors; the settings are in the grader."""
    lines, table = [], ""
    packages = '["grader", "exercises", "imgs"]' if withheld else '["grader", "exercises", "solutions", "imgs"]'
    for line in (PROJECT / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if header := re.match(r"\[+([\w.-]+)\]+", line):
            table = header[1]
        if table not in _TABLES or _FOR_INSTRUCTORS.match(line) or (withheld and _FOR_CHECKS.match(line)):
            continue
        lines.append(f"packages = {packages}" if line.startswith("packages = ") else line)
    return "\n".join(lines).rstrip() + "\n"


def _readme(withheld: bool) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # it is Markdown, of the course's own words
    )
    return environment.get_template("README.md.j2").render(
        facts=registry.FACTS,
        topics=registry.TOPICS,
        total=sum(exercise.points for exercise in registry.EXERCISES),
        version=__version__,
        withheld=withheld,
    )
