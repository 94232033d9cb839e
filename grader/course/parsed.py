"""The functions of a module, found by parsing it: for the kit's own files, and for students' where they parse."""

from __future__ import annotations

import ast

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_by_name(module: ast.Module) -> dict[str, Function]:
    """Functions and methods by exercise name; of two with the same name the last one counts."""
    functions = {}
    for statement in module.body:
        if isinstance(statement, Function):
            functions[statement.name] = statement
        elif isinstance(statement, ast.ClassDef):
            methods = (method for method in statement.body if isinstance(method, Function))
            functions.update({f"{statement.name}.{method.name}": method for method in methods})
    return functions


def extent(node: ast.stmt) -> slice:
    """The lines of a statement, with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    return slice(min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1, node.end_lineno)


def lines_of(text: str, node: ast.stmt) -> list[str]:
    return text.split("\n")[extent(node)]
