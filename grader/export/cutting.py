"""Cuts out of a topic's checks what stays with the course: the questions that they judge by, and where cases come from.

As stubs are cut from solutions, so what a handout has of a check is cut from it: its body, in which each `ask.judged(...)`
has lost its question, and of everything around it what that body still uses. The answers and the cases are in the casebook.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from grader.course.parsed import Function

_KEPT = ("weight", "lesson", "about")  # of what `@check` is told
_MAIN = "checks"

Needed = tuple[str, str]  # a module of the topic, and a name in it


def cut(modules: Mapping[str, str], package: str, exercises: set[str]) -> dict[str, str]:
    """What is left of a topic's modules, by their names, for the checks of these exercises.

    Args:
        modules: the texts, by names such as "checks" and "cases".
        package: the topic's package, as it is imported.
        exercises: names; the checks of others are left out.
    """
    parsed = {name: _Module(text, package, set(modules)) for name, text in modules.items()}
    waiting = [(_MAIN, name) for name in parsed[_MAIN].groups(exercises)]
    needed: set[Needed] = set()
    while waiting:
        module, name = waiting.pop()
        if (module, name) not in needed and module in parsed:
            needed.add((module, name))
            waiting += parsed[module].uses(name, module)
    wanted = {module: {name for of, name in needed if of == module} for module in parsed}
    return {module: parsed[module].text(names) for module, names in wanted.items() if names}


class _Module:
    """A module, cut, and which of its names uses which."""

    def __init__(self, text: str, package: str, siblings: set[str]) -> None:
        self.package, self.siblings = package, siblings
        self.tree = _Cutter().visit(ast.parse(text))
        self.bound: dict[str, ast.stmt] = {name: stmt for stmt in self.tree.body for name in _names(stmt)}

    def groups(self, exercises: set[str]) -> Iterator[str]:
        """The classes that check one of these exercises."""
        for statement in self.tree.body:
            if isinstance(statement, ast.ClassDef):
                named = [s.value for s in statement.body if isinstance(s, ast.Assign) and _names(s) == ["exercise"]]
                if any(isinstance(value, ast.Constant) and value.value in exercises for value in named):
                    yield statement.name

    def uses(self, name: str, module: str) -> Iterator[Needed]:
        """What a name's statement needs, in this module or another of the topic."""
        statement = self.bound.get(name)
        if isinstance(statement, ast.ImportFrom):
            sibling = (statement.module or "").removeprefix(f"{self.package}.")
            if sibling in self.siblings:
                yield (sibling, next(alias.name for alias in statement.names if (alias.asname or alias.name) == name))
            return
        for node in ast.walk(statement) if statement is not None else ():
            if isinstance(node, ast.Name) and node.id in self.bound:
                yield (module, node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                source = self.bound.get(node.value.id)
                if isinstance(source, ast.ImportFrom) and source.module == self.package:
                    yield (node.value.id, node.attr)

    def text(self, names: set[str]) -> str:
        """The module with the statements that bind these names alone."""
        kept: list[ast.stmt] = []
        for statement in self.tree.body:
            is_docstring = isinstance(statement, ast.Expr) and statement is self.tree.body[0]
            if is_docstring or (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
                kept.append(statement)
            elif isinstance(statement, ast.Import | ast.ImportFrom):
                statement.names = [alias for alias in statement.names if _bound_by(alias) in names]
                kept += [statement] if statement.names else []
            elif names.intersection(_names(statement)):
                kept.append(statement)
        return ast.unparse(ast.Module(kept, [])) + "\n"


class _Cutter(ast.NodeTransformer):
    """Takes out the questions, the cases, and the annotations, which a handout does not need."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        node.decorator_list = [_told(decorator) for decorator in node.decorator_list]
        used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        node.body = [s for s in node.body if not isinstance(s, Function) or s.name in used]
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "judged":
            node.args, node.keywords = [], []
        return node


def _told(decorator: ast.expr) -> ast.expr:
    """`@check` without its cases; any other decorator as it is."""
    if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "check":
        decorator.keywords = [keyword for keyword in decorator.keywords if keyword.arg in _KEPT]
    return decorator


def _names(statement: ast.stmt) -> list[str]:
    """The names that a statement of a module binds."""
    if isinstance(statement, Function | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [_bound_by(alias) for alias in statement.names]
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return []


def _bound_by(alias: ast.alias) -> str:
    return (alias.asname or alias.name).partition(".")[0]
