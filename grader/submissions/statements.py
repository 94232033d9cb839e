"""The statements of Python text one by one: which names each binds, and which it needs to run or to be called."""

from __future__ import annotations

import ast
import symtable
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from grader.course.parsed import extent

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)  # for texts that Python refuses
_MOST_NAMES = 20  # of an `if` or a `try` that is taken apart
_MADE_UP = {"__conditional_annotations__"}  # names that the compiler looks up of itself: this one since Python 3.14
_COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}
_Block = ast.If | ast.Try
_Names = frozenset[str]


@dataclass(eq=False)
class Statement:
    """A statement that binds names: an import of one name, a definition, or an assignment.

    `changes` are names that need what they stood for before: `MLP.forward = ...`, `x += 1`, `@size.register`, `if ...: x = 1`.
    """

    node: ast.stmt
    binds: tuple[str, ...]
    changes: tuple[str, ...] = ()
    text: str = ""
    cell: int = 0
    line: int = 0

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @property
    def is_definition(self) -> bool:
        """Whether it makes a function or a class, a lambda included."""
        value = self.node.value if isinstance(self.node, ast.Assign | ast.AnnAssign) else None
        return isinstance(value, ast.Lambda) or isinstance(
            self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        )

    @property
    def module(self) -> str:
        """The module that an import names; "" for other statements."""
        if isinstance(self.node, ast.ImportFrom):
            return self.node.module or self.node.names[0].name
        return self.node.names[0].name if isinstance(self.node, ast.Import) else ""

    @cached_property
    def needs(self) -> tuple[_Names, _Names]:
        """The names that are looked up while it runs, and those that are when what it defines is called.

        Raises one of UNPARSABLE for what is no statement of a module, such as an `await`.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(self.text, "<cell>", "exec", dont_inherit=True)
            table = symtable.symtable(self.text, "<cell>", "exec")
        now = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}.union(self.changes)
        later: set[str] = set()
        pending = [(child, now) for child in table.get_children()]
        while pending:
            scope, around = pending.pop()
            found = later if scope.get_type() == "function" and scope.get_name() not in _COMPREHENSIONS else around
            found.update(symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global())
            pending += [(child, found) for child in scope.get_children()]
        return frozenset(now - _MADE_UP), frozenset(later - _MADE_UP)


def parse(text: str) -> ast.Module:
    """The tree of a cell's Python. Raises one of UNPARSABLE where a notebook would not run it either."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a student's, about their strings
        tree = ast.parse(text)
        compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return tree


def statements(text: str, cell: int = 0) -> list[Statement]:
    """Those of a cell's statements that bind names, in their order; what only does something is left out.

    Raises one of UNPARSABLE.
    """
    tree = parse(text)
    lines = text.split("\n")
    users = Counter(number for node in tree.body for number in _ends(node))
    alone = {id(node) for node in tree.body if all(users[number] == 1 for number in _ends(node))}
    found = []
    for node in _unfolded(tree.body):
        for one in _binding(node):
            verbatim = one.node is node and id(node) in alone
            one.text = "\n".join(lines[extent(node)]) if verbatim else ast.unparse(one.node)
            one.cell, one.line = cell, extent(node).start + 1
            found.append(one)
    return found


def _ends(node: ast.stmt) -> set[int]:
    """The first and the last line of a statement, which it may share with another one."""
    place = extent(node)
    return {place.start, place.stop - 1}


def _unfolded(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, those below a `with` or `if __name__ == "__main__"` as if they stood alone: in a notebook they run."""
    for node in body:
        if isinstance(node, ast.With) or (isinstance(node, ast.If) and _is_main(node.test)):
            yield from _unfolded(node.body)
        else:
            yield node


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _binding(node: ast.stmt) -> Iterator[Statement]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            yield Statement(ast.Import([alias]), (name,), (name,) if "." in alias.name and not alias.asname else ())
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield Statement(ast.ImportFrom(node.module, [alias], node.level), (alias.asname or alias.name,))
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield Statement(node, (node.name,), tuple(filter(None, map(_registers, node.decorator_list))))
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        if node.value is not None:
            yield _assignment(node, node.targets if isinstance(node, ast.Assign) else [node.target])
    elif isinstance(node, _Block):
        names = tuple(_names_in(node))
        if len(names) > _MOST_NAMES:
            yield Statement(node, names, names)
        else:
            yield from (Statement(_only(name, node), (name,), (name,)) for name in names)
    elif type(node).__name__ == "TypeAlias":  # since Python 3.12
        yield Statement(node, (ast.unparse(getattr(node, "name")),))  # noqa: B009


def _assignment(node: ast.Assign | ast.AugAssign | ast.AnnAssign, targets: list[ast.expr]) -> Statement:
    pieces = [piece for target in targets for piece in _pieces(target)]
    names = tuple(piece.id for piece in pieces if isinstance(piece, ast.Name))
    changed = tuple(filter(None, (_base(piece) for piece in pieces if not isinstance(piece, ast.Name))))
    return (
        Statement(node, (), (*names, *changed)) if isinstance(node, ast.AugAssign) else Statement(node, names, changed)
    )


def _pieces(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _pieces(element)
    elif isinstance(target, ast.Starred):
        yield from _pieces(target.value)
    else:
        yield target


def _base(target: ast.expr) -> str | None:
    """The x of `x.y[z]`."""
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def _registers(decorator: ast.expr) -> str | None:
    """The x of a decorator `@x.register` or `@x.register(...)`."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return _base(called) if isinstance(called, ast.Attribute) else None


def _branches(node: _Block) -> list[list[ast.stmt]]:
    if isinstance(node, ast.If):
        return [node.body, node.orelse]
    return [node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody]


def _names_in(node: _Block) -> dict[str, None]:
    """The names that are bound or changed in the branches of an `if` or a `try`, in their order."""
    found: dict[str, None] = {}
    pending = _branches(node)[::-1]
    while pending:
        for inner in pending.pop():
            if isinstance(inner, _Block):
                pending += _branches(inner)[::-1]
            else:
                found.update(dict.fromkeys(_names_of(inner)))
    return found


def _names_of(node: ast.stmt) -> list[str]:
    return [name for one in _binding(node) for name in (*one.binds, *one.changes)]


def _only(name: str, node: _Block) -> _Block:
    """The block with nothing in its branches but what binds or changes the name, in blocks inside it as well."""

    def kept(body: list[ast.stmt]) -> list[ast.stmt]:
        found = [_only(name, inner) if isinstance(inner, _Block) else inner for inner in body]
        return [inner for inner in found if isinstance(inner, _Block) or name in _names_of(inner)]

    if isinstance(node, ast.If):
        return ast.If(node.test, kept(node.body) or [ast.Pass()], kept(node.orelse))
    handlers = [ast.ExceptHandler(one.type, one.name, kept(one.body) or [ast.Pass()]) for one in node.handlers]
    return ast.Try(kept(node.body) or [ast.Pass()], handlers, kept(node.orelse), kept(node.finalbody))
