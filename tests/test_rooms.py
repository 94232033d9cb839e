"""Who imports whom: the arrows between the rooms run one way, imports inside functions included."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "grader"
# Single files of the package: how a command starts and ends.
START = {"__init__", "__main__", "bounds", "exits", "launch", "neutral", "program", "system"}
BATCH = {"batch", "batch.cluster", "batch.intake", "batch.results", "batch.rosters"}
# The engine's rooms, the sandbox's among them, and the course's: what each may import.
ARROWS = {
    "cli": {*BATCH, "audit", "export", "lesson", "running", "report", "submissions", "course", "files", "sandbox.outer", "start"},
    "notebook": {"cli", "running", "report", "submissions", "course", "files", "start"},
    "batch.cluster": {"batch", "batch.intake", "batch.results", "running", "report", "sandbox.outer", "sandbox.inner", "start"},
    "batch": {"batch.intake", "batch.results", "batch.rosters", "running", "writing", "report", "submissions", "course", "sandbox.outer", "start"},
    "batch.rosters": {"batch.intake", "batch.results", "report", "files", "start"},
    "batch.results": {"batch.intake", "running", "report", "submissions", "course", "files", "start"},
    "batch.intake": {"submissions", "course", "files", "start"},
    "export": {"running", "writing", "course", "sandbox.wire", "start"},
    "audit": {"running", "writing", "course", "sandbox.inner", "start"},
    "lesson": {"running", "writing", "report", "course", "files", "sandbox.outer", "sandbox.inner", "start"},
    "running": {"writing", "explaining", "report", "course", "files", "start", "sandbox.outer", "sandbox.inner", "sandbox.confine", "sandbox.wire"},
    "topics": {"writing"},
    "writing": {"explaining", "course", "start", "sandbox.inner", "sandbox.wire"},
    "explaining": set(),
    "report": {"course"},
    "submissions": {"course", "files"},
    "course": {"files"},
    "files": set(),
    "sandbox.outer": {"sandbox.inner", "sandbox.confine", "sandbox.wire", "start"},
    "sandbox.inner": {"sandbox.confine", "sandbox.wire", "course"},
    "sandbox.confine": set(),
    "sandbox.wire": set(),
    "sandbox": set(),
    "start": {"cli", "notebook", "report", "course", "sandbox.confine", "sandbox.outer"},
}  # fmt: skip
# pytest's own way to run checks on the work in exercises/, for debugging; and what runs beside the student's code.
DEBUGGING = PACKAGE / "topics" / "conftest.py"
ANSWERS = ("grader.topics", "grader.writing", "grader.running", "solutions")


def room_of(module: str) -> str:
    """The room that a module such as `grader.sandbox.inner.worker` is in."""
    _, first, second, *_ = [*module.split("."), "", ""]
    if f"{first}.{second}" in ARROWS:
        return f"{first}.{second}"
    return "start" if first in START or not first else first


def imported_by(path: Path) -> Iterator[str]:
    """The modules that a file imports, whether at its top, in a function or for type checkers alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                inner = PACKAGE.parent.joinpath(*node.module.split("."), name.name)
                is_module = inner.is_dir() or inner.with_suffix(".py").is_file()
                yield f"{node.module}.{name.name}" if is_module else node.module


def files() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path != DEBUGGING]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path):
    module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    room = room_of(module)
    found = {room_of(name) for name in imported_by(path) if name.partition(".")[0] == "grader"}
    assert found - {room} <= ARROWS[room], f"{room} may import {sorted(ARROWS[room])}"


def test_the_arrows_lead_in_no_circle():
    """Single files aside, which start what is in the rooms."""
    done: set[str] = set()
    left = {room: arrows - {"start"} for room, arrows in ARROWS.items() if room != "start"}
    while left:
        free = [room for room, arrows in left.items() if arrows <= done]
        assert free, f"there is a circle among {sorted(left)}"
        done.update(free)
        for room in free:
            del left[room]


def test_every_room_is_known():
    assert {room_of(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)) for path in files()} <= set(
        ARROWS
    )


@pytest.mark.parametrize("path", sorted((PACKAGE / "sandbox" / "inner").glob("*.py")), ids=lambda path: path.name)
def test_what_runs_beside_the_students_code_knows_no_answer(path):
    assert not [name for name in imported_by(path) if name.startswith(ANSWERS)]


@pytest.mark.parametrize("folder", ["exercises", "solutions"])
def test_what_students_write_imports_neither_the_other_nor_the_grader(folder):
    for path in (PACKAGE.parent / folder).glob("*.py"):
        assert not {name.partition(".")[0] for name in imported_by(path)} & (
            {"exercises", "solutions", "grader"} - {folder}
        )
