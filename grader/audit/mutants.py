"""Mutants of the reference solutions: one small change each, made with libcst so that a diff can be shown."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

from grader.course.stubs import BEGIN, END

_COMPARISONS: dict[type[cst.CSTNode], type[cst.CSTNode]] = {
    cst.LessThan: cst.LessThanEqual, cst.LessThanEqual: cst.LessThan, cst.GreaterThan: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.GreaterThan, cst.Equal: cst.NotEqual, cst.NotEqual: cst.Equal, cst.Is: cst.IsNot,
    cst.IsNot: cst.Is, cst.In: cst.NotIn, cst.NotIn: cst.In,
}  # fmt: skip
_ARITHMETIC: dict[type[cst.CSTNode], type[cst.CSTNode]] = {
    cst.Add: cst.Subtract, cst.Subtract: cst.Add, cst.Multiply: cst.FloorDivide, cst.FloorDivide: cst.Multiply,
    cst.Divide: cst.Multiply, cst.Modulo: cst.Multiply, cst.Power: cst.Multiply,
}  # fmt: skip
_AUGMENTED: dict[type[cst.CSTNode], type[cst.CSTNode]] = {
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.AddAssign,
}
_LOGIC: dict[type[cst.CSTNode], type[cst.CSTNode]] = {cst.And: cst.Or, cst.Or: cst.And}
_NAMES = {"True": "False", "False": "True"}


@dataclass(frozen=True)
class Mutant:
    """A changed module: the topic, the line that changed, what was done to it and the whole text."""

    topic: str
    line: int
    before: str
    after: str
    text: str

    @property
    def key(self) -> str:
        """What tells this mutant from all others, as long as its line stays as it is."""
        return f"{self.before.strip()} => {self.after.strip()}"

    def diff(self, original: str) -> str:
        """The change as a unified diff."""
        lines = difflib.unified_diff(
            original.splitlines(), self.text.splitlines(), f"solutions/{self.topic}.py", "mutant", lineterm="", n=2
        )
        return "\n".join(lines)


def mutants_of(topic: str, text: str) -> list[Mutant]:
    """Every mutant of a topic's solution, in the order of its lines; only what students write is changed."""
    wrapper = MetadataWrapper(cst.parse_module(text))
    positions = wrapper.resolve(PositionProvider)
    parents = wrapper.resolve(ParentNodeProvider)
    written = _solution_lines(text)
    found: dict[str, Mutant] = {}
    for node, position in positions.items():
        if position.start.line not in written or _is_text(node, parents):
            continue
        for changed in _changes(node):
            module = wrapper.module.deep_replace(node, changed)
            assert isinstance(module, cst.Module)
            mutated = module.code
            if mutated != text and mutated not in found:
                found[mutated] = _mutant(topic, text, mutated)
    return sorted(found.values(), key=lambda mutant: mutant.line)


def _solution_lines(text: str) -> set[int]:
    inside, found = False, set()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() == BEGIN:
            inside = True
        elif line.strip() == END:
            inside = False
        elif inside:
            found.add(number)
    return found


def _is_text(node: cst.CSTNode, parents: Mapping[cst.CSTNode, Any]) -> bool:
    """Whether the node lies in an error's message or an annotation, which no check judges word by word."""
    while node in parents:
        parent = parents[node]
        if isinstance(parent, cst.FormattedString | cst.Annotation | cst.ConcatenatedString):
            return True
        node = parent
    return False


def _changes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes that could stand in a node's place."""
    tables: tuple[Mapping[type[cst.CSTNode], type[cst.CSTNode]], ...] = (_COMPARISONS, _ARITHMETIC, _AUGMENTED, _LOGIC)
    for table in tables:
        if type(node) in table:
            yield table[type(node)]()
    if isinstance(node, cst.Integer):
        value = int(node.value, 0)
        yield cst.Integer(str(value + 1))
        if value > 0:
            yield cst.Integer(str(value - 1))
    elif isinstance(node, cst.Float):
        yield cst.Float(repr(float(node.value) + 1))
    elif isinstance(node, cst.Name) and node.value in _NAMES:
        yield cst.Name(_NAMES[node.value])
    elif isinstance(node, cst.UnaryOperation):
        yield node.expression
    elif isinstance(node, cst.SimpleStatementLine) and not isinstance(
        node.body[0], cst.Pass | cst.Import | cst.ImportFrom
    ):
        yield node.with_changes(body=[cst.Pass()])
    elif isinstance(node, cst.If):
        yield node.with_changes(test=cst.Name("True"))
        yield node.with_changes(test=cst.Name("False"))
    elif isinstance(node, cst.Call):  # the call is left out: x.detach() and relu(x) become x
        if not node.args and isinstance(node.func, cst.Attribute):
            yield node.func.value
        elif len(node.args) == 1 and not node.args[0].star and not _refers_to_length(node):
            yield node.args[0].value
    elif isinstance(node, cst.IfExp):
        yield node.body
        yield node.orelse


def _refers_to_length(node: cst.Call) -> bool:
    return isinstance(node.func, cst.Name) and node.func.value == "ValueError"


def _mutant(topic: str, text: str, mutated: str) -> Mutant:
    old, new = text.splitlines(), mutated.splitlines()
    line = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)) - 1)
    return Mutant(topic, line + 1, old[line], new[line] if line < len(new) else "", mutated)
