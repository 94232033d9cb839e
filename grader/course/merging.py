"""Puts what a cell of a notebook defines into a student's module: exercises, and what they need of the cell.

Only that goes along. What else a cell does, such as trying a function on data of the notebook, is no part of the module.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import registry
from grader.course.parsed import (
    Function,
    bindings,
    end_of_header,
    extent,
    functions_by_name,
    indented,
    lines_of,
    tree_of,
)
from grader.course.stubs import MOST_BYTES
from grader.files.backups import keep
from grader.files.beneath import beneath, read_all


@dataclass(frozen=True)
class Merged:
    """A module's text, and from which line of the cell a line of it is, where it is from there."""

    text: str
    lines: Mapping[int, int]


@dataclass(frozen=True)
class Written:
    """What writing a cell's work did: where the earlier version is kept, and whether anything was to be changed."""

    backup: Path | None
    changed: bool


def defined(cell: str) -> list[registry.Exercise]:
    """The exercises whose functions a cell defines, in the lesson's order. Raises what parsing does."""
    functions, bound = functions_by_name(tree_of(cell)), bindings(cell)
    made = {name for name, how in bound.items() if not isinstance(how, ast.Import | ast.ImportFrom | ast.ClassDef)}
    return [exercise for exercise in registry.EXERCISES if exercise.name in functions or exercise.name in made]


def merged(module: str, cell: str, names: Sequence[str]) -> Merged:
    """The module with exercises as the cell has them, and with the imports and helpers of the cell that they need.

    A class of the cell that has an `__init__` replaces the module's whole class; one that has none gives its methods to
    it. Raises what parsing does, of either.
    """
    target = _Target([(line, 0) for line in module.split("\n")], cell, {name.partition(".")[0] for name in names})
    for statement in _needed(tree_of(cell), target.owners):
        target.put(statement)
    numbers = {number: of_cell for number, (_, of_cell) in enumerate(target.lines, start=1) if of_cell}
    return Merged(target.text, numbers)


def write(path: Path, stub: str, cell: str, names: Sequence[str]) -> Written:
    """Writes exercises of a cell into a student's module, which is first kept as it was.

    Args:
        path: the module; where there is none, it begins as the `stub`. Neither it nor a part of its path may be a link.
        stub: the text of the topic's stubs.
        cell: the cell's text.
        names: the exercises.

    Raises OSError or Unreadable; and SyntaxError or ValueError where the module is no Python: it is left alone then.
    """
    with beneath(path.parent, named=False) as folder:
        try:
            before = read_all(folder.open(path.name), MOST_BYTES)
        except FileNotFoundError:
            folder.write(path.name, merged(stub, cell, names).text.encode())
            return Written(None, changed=True)
        student, encoding = decoded(before)
        newline = "\r\n" if "\r\n" in student else "\n"
        text = merged(unix(student), cell, names).text
        tree_of(text)
        content = text.replace("\n", newline).encode(encoding)
        if content == before:
            return Written(None, changed=False)
        backup = path.with_name(keep(folder, path.name, before))
        folder.write(path.name, content)
    return Written(backup, changed=True)


def decoded(source: bytes) -> tuple[str, str]:
    """A module's text, and its encoding. Raises SyntaxError or ValueError."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding), encoding


def unix(text: str) -> str:
    """The text with lines that end as Unix has them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _needed(cell: ast.Module, names: set[str]) -> Iterator[ast.stmt]:
    """The cell's statements that bind these names, and those that they need, in the cell's order."""
    binding: dict[str, list[ast.stmt]] = {}
    wanted: list[ast.stmt] = []
    for statement in cell.body:
        for name in bindings(ast.unparse(statement)):
            binding.setdefault(name, []).append(statement)
        if isinstance(statement, ast.ImportFrom) and (
            statement.module == "__future__" or statement.names[0].name == "*"
        ):
            wanted.append(statement)
    for name in names:
        wanted.extend(binding.get(name, ()))
    chosen: list[ast.stmt] = []
    while wanted:
        statement = wanted.pop()
        if statement not in chosen:
            chosen.append(statement)
            wanted.extend(needed for name in _free(statement) for needed in binding.get(name, ()))
    return (statement for statement in cell.body if statement in chosen)


def _free(node: ast.AST) -> set[str]:
    """The names that a piece of code takes from around it."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    inside = [_free(child) for child in ast.iter_child_nodes(node)]
    found = set().union(*inside)
    if not isinstance(node, Function | ast.Lambda):
        return found
    shared = {name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names}
    own = {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)}
    body = node.body if isinstance(node.body, list) else [node.body]
    for inner in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            own.add(inner.id)
    outside = [*getattr(node, "decorator_list", ()), *node.args.defaults, *filter(None, node.args.kw_defaults)]
    return (found - own) | shared | set().union(*map(_free, outside))


@dataclass
class _Target:
    """The module as it grows: its lines, each with its line in the cell, or 0."""

    lines: list[tuple[str, int]]
    cell: str
    owners: set[str]  # the exercises' functions and classes

    @property
    def text(self) -> str:
        return "\n".join(line for line, _ in self.lines)

    def put(self, statement: ast.stmt) -> None:
        """Puts a statement of the cell where it belongs."""
        module = tree_of(self.text)
        alike = next((other for other in module.body if ast.dump(other) == ast.dump(statement)), None)
        if alike is not None and not isinstance(statement, Function | ast.ClassDef):
            return
        own = self._lines_of(statement)
        if isinstance(statement, ast.Import | ast.ImportFrom):
            is_first = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            place = _end_of_docstring(module) if is_first else end_of_header(module)
            self.lines[place:place] = own
            return
        earlier = _replaced(module, statement)
        if isinstance(statement, ast.ClassDef) and isinstance(earlier, ast.ClassDef) and not _has_init(statement):
            for method in statement.body:
                if isinstance(method, Function):
                    self._put_method(statement.name, method)
        elif earlier is not None:
            self.lines[extent(earlier)] = self._with_task(earlier, statement, own)
        else:
            self._insert(module, own)

    def _with_task(
        self, earlier: ast.stmt | None, statement: ast.stmt, own: list[tuple[str, int]]
    ) -> list[tuple[str, int]]:
        """A function's lines with the docstring of the one that it replaces, which says what to do, unless it has its own."""
        if not isinstance(earlier, Function) or not isinstance(statement, Function):
            return own
        task, own_text = (ast.get_docstring(function, clean=False) for function in (earlier, statement))
        first = extent(statement.body[0]).start + 1
        place = next((place for place, (_, number) in enumerate(own) if number == first), 0)
        margin = own[place][0][: statement.body[0].col_offset]
        if task is None or own_text is not None or margin.strip():
            return own
        texts = [line for line, _ in self.lines[extent(earlier.body[0])]]
        return [*own[:place], *((line, 0) for line in indented(texts, margin)), *own[place:]]

    def _insert(self, module: ast.Module, own: list[tuple[str, int]]) -> None:
        """Inserts lines before the first of the exercises, or at the end."""
        firsts = (s for s in module.body if isinstance(s, Function | ast.ClassDef) and s.name in self.owners)
        first = next(firsts, None)
        if first is not None:
            place = extent(first).start
            self.lines[place:place] = [*own, ("", 0), ("", 0)]
        else:
            while self.lines and not self.lines[-1][0].strip():
                self.lines.pop()
            self.lines += [("", 0), ("", 0), *own, ("", 0)]

    def _put_method(self, owner: str, method: ast.stmt) -> None:
        assert isinstance(method, Function)
        module = tree_of(self.text)
        given = next(s for s in reversed(module.body) if isinstance(s, ast.ClassDef) and s.name == owner)
        first = given.body[0]
        margin = self.lines[first.lineno - 1][0][: first.col_offset]
        earlier = functions_by_name(module).get(f"{owner}.{method.name}")
        texts, numbers = zip(*self._with_task(earlier, method, self._lines_of(method)), strict=True)
        own = list(zip(indented(list(texts), margin), numbers, strict=True))
        if earlier is not None:
            self.lines[extent(earlier)] = own
        else:
            place = given.end_lineno or given.lineno
            self.lines[place:place] = [("", 0), *own]

    def _lines_of(self, statement: ast.stmt) -> list[tuple[str, int]]:
        first = extent(statement).start + 1
        return [(line, number) for number, line in enumerate(lines_of(self.cell, statement), start=first)]


def _replaced(module: ast.Module, statement: ast.stmt) -> ast.stmt | None:
    """The module's statement in whose place one of the cell goes: it defines the same, and nothing else."""
    names = set(bindings(ast.unparse(statement)))
    same = [other for other in module.body if set(bindings(ast.unparse(other))) == names]
    return next((other for other in reversed(same) if not isinstance(other, ast.Import | ast.ImportFrom)), None)


def _has_init(owner: ast.ClassDef) -> bool:
    return any(isinstance(method, Function) and method.name == "__init__" for method in owner.body)


def _end_of_docstring(module: ast.Module) -> int:
    has_one = ast.get_docstring(module, clean=False) is not None
    return (module.body[0].end_lineno or 0) if has_one else 0
