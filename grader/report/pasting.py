"""Code to paste: a call with the imports that it needs, in lines that a file, a REPL and a notebook's cell all take.

Lines begin at the margin and are broken inside brackets only, where Python allows it. Code is never cut.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from grader.course import registry
from grader.course.parsed import tree_of
from grader.report.text import visible

WIDTH = 80  # what a terminal has that nobody has widened
MOST_CHARACTERS = 50_000  # no check writes as much; what is longer is not shown at all, for half of it is an error
_INDENT = "    "
_LIBRARIES = {"np": "import numpy as np", "torch": "import torch", "nn": "from torch import nn"}
_NOT_CODE = (
    tokenize.ENCODING, tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
    tokenize.COMMENT,  # what follows one on a line of its own would be part of it
)  # fmt: skip
_OPERATORS = ("+", "-", "*", "/", "%", "//", "**", "@", "|", "&", "==", "for", "if", "else", "and", "or")
_COMPOUND = ("class", "def", "for", "if", "while", "with", "try", "@")


@dataclass(frozen=True)
class Code:
    """A call to paste: statements that import what it needs, and its own statements, each in its lines."""

    imports: tuple[str, ...]
    statements: tuple[tuple[str, ...], ...]
    asks: int = 0  # the place of the last statement in which the student's own function stands

    @property
    def lines(self) -> list[str]:
        """Everything, to paste."""
        return [*self.imports, *(line for statement in self.statements for line in statement)]


def code(source: str, topic: str = "", *, width: int = WIDTH) -> Code | None:
    """The source laid out for lines of `width` characters; None where it is not Python.

    A name longer than a line keeps a line of its own: code is not broken inside a word.
    """
    width = max(16, min(width, WIDTH))
    if len(source) > MOST_CHARACTERS:
        return Code((), ((f"# This call is too long to be shown: {len(source):,} characters.",),))
    tree = _parsed(source)
    if tree is None or not tree.body:
        return None
    try:
        statements = tuple(_statements(source, width))
    except (tokenize.TokenError, SyntaxError):
        return None
    written = _written(tree, topic)
    found = [place for place, lines in enumerate(statements) if _names(" ".join(lines)) & set(written)]
    return Code(_joined(_imports(tree, topic, written), width), statements, max(found, default=len(statements) - 1))


def is_whole(source: str) -> bool:
    """Whether a text is Python of a length that can be shown, so that it needs no care and must not be cut."""
    return len(source) <= MOST_CHARACTERS and _parsed(source) is not None


def _parsed(source: str) -> ast.Module | None:
    if visible(source) != source:  # something in it acts or hides: it is shown as text, spelled out
        return None
    try:
        return tree_of(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _written(tree: ast.Module, topic: str) -> list[str]:
    """The names of the student's own functions and classes that are used."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return sorted({e.class_name or e.name for e in registry.EXERCISES if e.topic == topic} & used)


def _names(source: str) -> set[str]:
    return set(re.findall(r"[^\W\d]\w*", source))


def _imports(tree: ast.Module, topic: str, written: list[str]) -> list[str]:
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found = [statement for name, statement in _LIBRARIES.items() if name in used]
    return [*found, f"from exercises.{topic} import {', '.join(written)}"] if written else found


def _joined(imports: list[str], width: int) -> tuple[str, ...]:
    """The imports in as few lines as can be: they are not what a reader looks for."""
    lines: list[str] = []
    for statement in imports:
        if lines and len(lines[-1]) + 2 + len(statement) <= width:
            lines[-1] += f"; {statement}"
        elif len(statement) <= width:
            lines.append(statement)
        else:
            start, _, names = statement.partition(" import ")
            lines += [f"{start} import (", f"{_INDENT}{names})"]
    return tuple(lines)


def _statements(source: str, width: int) -> Iterator[tuple[str, ...]]:
    """The lines of each statement; a block ends with an empty line, which is how a REPL knows that it is over."""
    lines: list[str] = []
    compound = False
    for indent, tokens in _logical_lines(source):
        if lines and not indent:
            yield (*lines, "") if compound else tuple(lines)
            lines = []
        compound = bool(indent) or tokens[0].string in _COMPOUND
        lines += _broken(_atoms(tokens), indent, width)
    yield (*lines, "") if compound else tuple(lines)


def _logical_lines(source: str) -> Iterator[tuple[str, list[tokenize.TokenInfo]]]:
    """The tokens of each line as Python counts lines, and its indentation."""
    tokens: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE and tokens:
            yield tokens[0].line[: tokens[0].start[1]], tokens
            tokens = []
        elif token.type not in _NOT_CODE:
            tokens.append(token)


def _atoms(tokens: list[tokenize.TokenInfo]) -> list[tuple[str, float | None]]:
    """Pieces of a line that stay whole, each with how deep in brackets its end is; None: no break is allowed there."""
    atoms: list[tuple[str, float | None]] = []
    depth, text = 0, ""
    for place, token in enumerate(tokens):
        depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
        text += token.string
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is None:
            break
        cost = _cost(token, following, depth)
        if cost is not None:
            atoms.append((text, cost))
            text = ""
        same_line = following.start[0] == token.end[0]
        text += " " * (following.start[1] - token.end[1]) if same_line else " "
    return [*atoms, (text, None)]


def _cost(token: tokenize.TokenInfo, following: tokenize.TokenInfo, depth: int) -> float | None:
    """How bad a break between two tokens is: it is best in the outermost brackets."""
    if depth == 0:
        return None
    if following.string in (")", "]", "}", ":", ",") or token.string == ":":
        return None
    if token.string == ",":
        return depth
    if token.string in ("(", "[", "{"):
        return depth + 2.0
    ends_operand = token.type in (tokenize.NAME, tokenize.NUMBER, tokenize.STRING) or token.string in (")", "]", "}")
    if following.string in _OPERATORS and ends_operand and token.string not in ("lambda", "in", "return", "not"):
        return depth - 1.0 if following.string == "for" else depth + 0.5
    return None


def _broken(atoms: list[tuple[str, float | None]], indent: str, width: int) -> list[str]:
    """The lines of one logical line, filled up; what follows the first is indented once more."""
    lines, margin = [], indent
    while atoms:
        fitting, length = 0, len(margin)
        for text, _ in atoms:
            length += len(text if fitting else text.lstrip())
            if length > width:
                break
            fitting += 1
        if fitting < len(atoms):
            fitting = _best(atoms[: max(fitting, 1)])
        lines.append(margin + "".join(text for text, _ in atoms[:fitting]).strip())
        atoms, margin = atoms[fitting:], indent + _INDENT
    return lines


def _best(atoms: list[tuple[str, float | None]]) -> int:
    """How many of these atoms a line takes: it is filled well, and broken in brackets as far outside as can be."""
    filled, scores = 0, []
    for place, (text, cost) in enumerate(atoms, start=1):
        filled += len(text)
        scores.append((filled - 30 * (cost or 0.0), place))
    return max(scores)[1]
