"""The functions of a module, found by parsing it: for the kit's own files, and for students' where they parse."""

from __future__ import annotations

import ast
import warnings

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree_of(text: str | bytes) -> ast.Module:
    """The tree of Python text. Raises what `ast.parse` does, but says nothing of what Python only warns about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


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


def indented(lines: list[str], indent: str) -> list[str]:
    """The lines as a block that starts with the student's own indent, spaces or tabs."""
    old = len(lines[0]) - len(lines[0].lstrip())
    return [indent + line[old:] if line.strip() else line for line in lines]


def bindings(text: str) -> dict[str, ast.stmt]:
    """Which top-level statement binds which name."""
    found: dict[str, ast.stmt] = {}
    for statement in tree_of(text).body:
        if isinstance(statement, Function | ast.ClassDef):
            found[statement.name] = statement
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.alias):
                found[(node.asname or node.name).partition(".")[0]] = statement
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.id] = statement
    return found


def end_of_header(module: ast.Module) -> int:
    """The number of lines up to the end of the docstring and the imports at the top."""
    end = 0
    for index, statement in enumerate(module.body):
        is_docstring = index == 0 and ast.get_docstring(module, clean=False) is not None
        if not (is_docstring or isinstance(statement, ast.Import | ast.ImportFrom)):
            break
        end = statement.end_lineno or statement.lineno
    return end
