"""Which exercises of a module must be graded again after a change: all of them, unless it is certain that fewer do.

It is certain where nothing but the bodies of exercises differs, and no function of the module reaches out of itself: an
exercise's answers then depend on its own body and on those that it may call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from grader.course import registry, source
from grader.course.parsed import Function, functions_by_name, tree_of
from grader.report.model import ExerciseResult
from grader.running.stand_ins import CALLEES

# Methods and functions by which a call can change what later calls of other functions find.
_REACHING = re.compile(r"(set|use|manual|register|enable|disable|add)_|.*seed$|(append|extend|update|setdefault|pop)$")
_MAKES_SOMETHING = (ast.Call, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
_FORBIDDEN = {"globals", "setattr", "delattr", "exec", "eval", "vars", "__import__"}


def to_grade(
    old: bytes, new: bytes, exercises: Sequence[registry.Exercise], results: Mapping[str, ExerciseResult]
) -> list[registry.Exercise]:
    """Those of a topic's exercises whose results may differ now, in their order.

    Args:
        old, new: the module as it was graded, and as it is.
        results: what was found of the old one, by exercise.
    """
    try:
        certain = _changed(old, new, [e for e in registry.EXERCISES if e.topic == exercises[0].topic])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return list(exercises)
    if certain is None:
        return list(exercises)
    same_lines = old.count(b"\n") == new.count(b"\n")
    return [
        exercise
        for exercise in exercises
        if exercise.name in certain
        or exercise.name not in results
        or not (_is_settled(results[exercise.name]) or (same_lines and _failed_alone(results[exercise.name])))
    ]


def moved(result: ExerciseResult, text: bytes, exercise: registry.Exercise) -> ExerciseResult:
    """A result that is kept, with the line at which its function stands now."""
    lines = text.decode("utf-8", "replace")
    return replace(result, location=source.place(lines, exercise.topic, source.line_of(lines, exercise)))


def _is_settled(result: ExerciseResult) -> bool:
    """Whether a result names no line: it is right, or not begun."""
    return not result.unread and all(check.status in ("passed", "skipped", "not_started") for check in result.checks)


def _failed_alone(result: ExerciseResult) -> bool:
    """Whether it failed by its answers, whatever the machine was doing, and by nobody else's."""
    kept = ("passed", "skipped", "not_started", "failed", "forbidden")
    return not result.unread and not result.note and all(check.status in kept for check in result.checks)


def _changed(old: bytes, new: bytes, exercises: Collection[registry.Exercise]) -> set[str] | None:
    """The exercises whose answers may differ; None where that is not certain. Raises what parsing does."""
    before, after = tree_of(old), tree_of(new)
    if not (_keeps_to_itself(before) and _keeps_to_itself(after)):
        return None
    earlier, later = _taken_out(before, exercises), _taken_out(after, exercises)
    if ast.dump(before) != ast.dump(after):  # what is left without the bodies
        return None
    changed = {name for name, body in later.items() if _text(body) != _text(earlier[name])}
    said = {name: _words(*earlier[name], *body) for name, body in later.items()}
    return _with_those_who_call(changed, exercises, said, after)


def _taken_out(module: ast.Module, exercises: Collection[registry.Exercise]) -> dict[str, list[ast.stmt]]:
    """The bodies of the exercises, by name, which the module lacks from now on."""
    functions = functions_by_name(module)
    bodies = {}
    for exercise in exercises:
        if exercise.name in functions:
            bodies[exercise.name] = functions[exercise.name].body
            functions[exercise.name].body = []
    return bodies


def _text(body: Sequence[ast.stmt]) -> list[str]:
    return [ast.dump(statement) for statement in body]


def _words(*nodes: ast.AST) -> set[str]:
    """All names, attributes and texts in some statements."""
    found = set()
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def _with_those_who_call(
    changed: set[str],
    exercises: Collection[registry.Exercise],
    said: Mapping[str, set[str]],
    module: ast.Module,
) -> set[str] | None:
    """The changed exercises and all that may call them, through others, too; None where the module itself does."""
    affected = set(changed)
    words = {part for name in changed for part in name.split(".")}
    while True:
        known = len(affected) + len(words)
        for statement in module.body:
            if not words & _words(statement):
                continue
            if not isinstance(statement, Function | ast.ClassDef):
                return None
            words.add(statement.name)
        for exercise in exercises:
            callees = CALLEES.get(exercise.name, ())
            if exercise.class_name in words or affected & set(callees) or words & said.get(exercise.name, set()):
                affected.add(exercise.name)
                words.update(exercise.name.split("."))
        if len(affected) + len(words) == known:
            return affected


def _keeps_to_itself(module: ast.Module) -> bool:
    """Whether no function of a module can change what another one finds, as far as its text tells."""
    functions = [node for node in ast.walk(module) if isinstance(node, Function)]
    names = [statement.name for statement in module.body if isinstance(statement, Function | ast.ClassDef)]
    changeable = {
        name.id
        for statement in module.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and not isinstance(statement.value, ast.Constant)
        for name in ast.walk(statement)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }
    return len(names) == len(set(names)) and not any(_reaches_out(function, changeable) for function in functions)


def _reaches_out(function: Function, changeable: set[str]) -> bool:
    """Whether a function may change something outside of itself and of what it is given."""
    own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    own |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    defaults = [value for value in (*function.args.defaults, *function.args.kw_defaults) if value is not None]
    if any(isinstance(node, _MAKES_SOMETHING) for value in defaults for node in ast.walk(value)):
        return True  # of which there is one for all calls
    if not all(_is_plain(decorator) for decorator in function.decorator_list):
        return True
    inside = (node for statement in function.body for node in ast.walk(statement))
    return any(_node_reaches_out(node, own, changeable) for node in inside)


def _node_reaches_out(node: ast.AST, own: set[str], changeable: set[str]) -> bool:
    if isinstance(node, ast.Global):
        return True
    if isinstance(node, ast.Name):
        return node.id in _FORBIDDEN or (node.id in changeable and node.id not in own)
    if isinstance(node, ast.Call):
        function = node.func
        called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        return bool(_REACHING.match(called)) and _root(function) not in own
    if isinstance(node, ast.Attribute) and node.attr.startswith("__") and node.attr not in ("__init__", "__name__"):
        return True
    stores = isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load)
    return stores and _root(node) not in own


def _root(node: ast.AST) -> str:
    """The name at the beginning of such as `model.layers[0].weight`; empty where it begins otherwise."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_plain(decorator: ast.expr) -> bool:
    """Whether a decorator remembers nothing."""
    return ast.unparse(decorator) in ("staticmethod", "property", "torch.no_grad()", "torch.inference_mode()")


def imports_another(text: bytes) -> bool:
    """Whether a module looks as if it imports another topic's, so that more than its own text counts."""
    names = "|".join(re.escape(topic.name) for topic in registry.TOPICS)
    return re.search(rf"^[ \t]*(from|import)\b[^\n]*\b({names}|exercises)\b".encode(), text, re.MULTILINE) is not None
