"""Writes a wrong answer as a module that could be handed in, for what takes text and no functions."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from grader.course import registry
from grader.running.reference import reference_text
from tests.wrong.base import WrongAnswer

HERE = Path(__file__).parent


class HasNoText(Exception):
    """The function was made by another one, or is a lambda."""


def text_of(answer: WrongAnswer) -> str:
    """The solution's module, after it the function in place of the right one, and what that needs of its own file.

    Raises HasNoText where the function is no statement of its file.
    """
    exercise = registry.exercise(answer.exercise)
    solution = reference_text(exercise.topic)
    path = Path(inspect.getfile(answer.function))
    line = answer.function.__code__.co_firstlineno
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.FunctionDef) and _first_line(statement) == line:
            break
    else:
        raise HasNoText(str(answer))
    statement.decorator_list = []
    needs = _needed(statement, path, {name for each in ast.parse(solution).body for name in _bound(each)})
    parts = [*dict.fromkeys(ast.unparse(each) for each in needs), ast.unparse(statement)]
    if exercise.name != statement.name:
        parts.append(f"{exercise.name} = {statement.name}")
    return "\n\n\n".join([solution, *parts]) + "\n"


def _first_line(statement: ast.FunctionDef) -> int:
    return min([statement.lineno, *(decorator.lineno for decorator in statement.decorator_list)])


def _needed(statement: ast.stmt, path: Path, known: set[str]) -> Iterator[ast.stmt]:
    """The statements of a file that another one of it needs, in an order in which they can stand."""
    by_name = {name: each for each in ast.parse(path.read_text(encoding="utf-8")).body for name in _bound(each)}
    known = known | set(_bound(statement))
    for name in sorted({node.id for node in ast.walk(statement) if isinstance(node, ast.Name)} - known):
        if name not in by_name:
            continue  # a name of Python's own, or of the function
        found = by_name[name]
        if isinstance(found, ast.ImportFrom) and (found.module or "").startswith("tests.wrong."):
            other = HERE / f"{(found.module or '').rpartition('.')[2]}.py"
            yield from _needed(ast.parse(name).body[0], other, known)
        else:
            yield from _needed(found, path, known)
            yield found


def _bound(statement: ast.stmt) -> list[str]:
    """The names that a statement of a module gives a meaning."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in statement.names]
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
