"""Puts one exercise's stub back into a student's module, and leaves the rest of it as it is."""

import ast
import io
import tokenize
from dataclasses import dataclass
from pathlib import Path

from grader.course import registry
from grader.course.parsed import bindings, end_of_header, extent, functions_by_name, indented, lines_of, tree_of
from grader.course.stubs import MOST_BYTES, function_stub, stub_text
from grader.files.backups import keep
from grader.files.beneath import beneath, read_all


@dataclass(frozen=True)
class Reset:
    """What resetting did: where the student's version is kept, and how much was replaced."""

    backup: Path | None
    whole_file: bool
    nothing: bool = False  # it was a stub already


def reset_exercise(path: Path, text: str, exercise_name: str) -> Reset:
    """Put one exercise's stub back into a student's module; the rest stays as it is.

    The student's version is first copied beside the file, with the time in its name. Names that
    the stub needs and the module has lost (imports, given classes) come back, too. A module that
    cannot be parsed is replaced by all stubs of its topic.

    Args:
        path: the student's module; need not exist. Neither it nor a part of its path may be a link.
        text: the solution or the stub of the exercise's topic.
        exercise_name: such as "conv2d" or "MLP.forward".

    Raises OSError or Unreadable.
    """
    stub = stub_text(text)
    with beneath(path.parent, named=False) as folder:
        try:
            written = read_all(folder.open(path.name), MOST_BYTES)
        except FileNotFoundError:
            folder.write(path.name, stub.encode())
            return Reset(backup=None, whole_file=True)
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(written).readline)
            student = written.decode(encoding)
            newline = "\r\n" if "\r\n" in student else "\n"
            student = student.replace("\r\n", "\n").replace("\r", "\n")
            merged = _with_needed_names(_with_stub(student, stub, exercise_name), stub, exercise_name)
            tree_of(merged)
            content = merged.replace("\n", newline).encode(encoding)
            whole_file = False
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # it does not decode or parse
            content, whole_file = stub.encode(), True
        if content == written:
            return Reset(None, whole_file, nothing=True)
        backup = path.with_name(keep(folder, path.name, written))
        folder.write(path.name, content)
    return Reset(backup, whole_file)


def _with_stub(student: str, stub: str, exercise_name: str) -> str:
    """The student's text with the exercise's function replaced, or added where it is missing."""
    exercise = registry.exercise(exercise_name)
    lines, module = student.split("\n"), tree_of(student)
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
    function = functions_by_name(module).get(exercise_name)
    if function is not None:
        lines[extent(function)] = indented(
            function_stub(stub, exercise_name), lines[function.lineno - 1][: function.col_offset]
        )
    elif exercise.class_name in classes:
        owner = classes[exercise.class_name]
        first = owner.body[0]
        method = indented(function_stub(stub, exercise_name), lines[first.lineno - 1][: first.col_offset])
        lines[owner.end_lineno : owner.end_lineno] = ["", *method]
    else:
        missing = bindings(stub)[exercise.class_name or exercise.function]
        lines += ["", "", *lines_of(stub, missing), ""]
    return "\n".join(lines)


def _with_needed_names(student: str, stub: str, exercise_name: str) -> str:
    """The student's text with those imports and given code of the stub that the exercise needs."""
    exercise = registry.exercise(exercise_name)
    given, exercises = bindings(stub), {other.name for other in registry.EXERCISES}
    present = bindings(student)
    wanted = [present[exercise.class_name or exercise.function]]
    added: list[ast.stmt] = []
    while wanted:
        names = {node.id for node in ast.walk(wanted.pop()) if isinstance(node, ast.Name)}
        for name in names - present.keys() - exercises:
            if name in given and given[name] not in added:
                added.append(given[name])
                wanted.append(given[name])
    if not added:
        return student
    added.sort(key=lambda statement: statement.lineno)
    lines = student.split("\n")
    place = end_of_header(tree_of(student))
    lines[place:place] = [line for statement in added for line in lines_of(stub, statement)]
    return "\n".join(lines)
