"""A cell of a notebook as Python: its magics and shell lines are left out, and every line keeps its number."""

from __future__ import annotations

import ast
from typing import Any

from grader.course.parsed import tree_of


def python_of(cell: str, shell: Any) -> str:
    """The cell's text without what only a notebook understands. Raises what parsing does.

    Args:
        cell: the text, as it was written.
        shell: IPython's, which knows how such lines begin.
    """
    try:
        tree_of(cell)
        return cell
    except SyntaxError:
        text: str = shell.transform_cell(cell)
    lines = text.split("\n")
    for statement in _with_magics(tree_of(text)):
        first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
        lines[first:last] = [" " * statement.col_offset + "pass", *[""] * (last - first - 1)]
    return "\n".join(lines)


def _with_magics(node: ast.AST) -> list[ast.stmt]:
    """The innermost statements that call upon the notebook."""
    found: list[ast.stmt] = []
    for child in ast.iter_child_nodes(node):
        inside = _with_magics(child)
        if not inside and isinstance(child, ast.stmt) and not hasattr(child, "body"):
            names = (inner.id for inner in ast.walk(child) if isinstance(inner, ast.Name))
            inside = [child] if "get_ipython" in names else []
        found += inside
    return found
