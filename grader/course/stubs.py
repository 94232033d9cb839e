"""Stubs: cut from the reference solutions, compared with exercises/, and put back.

In a solution, the lines that students write stand between `### BEGIN SOLUTION` and
`### END SOLUTION`. In the stub, such a region in a function becomes one line that raises
NotImplementedError; a region outside of functions (a helper of the solution's own) vanishes.
"""

import ast
import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from grader.course import registry
from grader.files.backups import keep
from grader.files.beneath import beneath, read_all

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
MOST_BYTES = 64 * 2**20  # of a module that is going to be kept

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class StubError(Exception):
    """A stub cannot be made or found; the text says why."""


@dataclass(frozen=True)
class Reset:
    """What resetting did: where the student's version is kept, and how much was replaced."""

    backup: Path | None
    whole_file: bool


def stub_text(solution_text: str) -> str:
    """The stub made from a solution's text. A stub's own text comes back as it is.

    Raises StubError where the markers do not pair up.
    """
    functions = _functions_by_name(ast.parse(solution_text))
    kept: list[str] = []
    begun_at: int | None = None
    for number, line in enumerate(solution_text.split("\n"), start=1):
        marker = line.strip()
        if marker == BEGIN:
            if begun_at is not None:
                raise StubError(f"line {number}: {BEGIN} inside the region of line {begun_at}")
            begun_at = number
            name = next((n for n, f in functions.items() if f.lineno < number <= (f.end_lineno or f.lineno)), None)
            if name is not None:
                indent = line[: line.index(BEGIN)]
                kept.append(f'{indent}raise NotImplementedError("{name} is not written yet")')
        elif marker == END:
            if begun_at is None:
                raise StubError(f"line {number}: {END} without {BEGIN}")
            begun_at = None
        elif begun_at is None:
            kept.append(line)
    if begun_at is not None:
        raise StubError(f"line {begun_at}: {BEGIN} without {END}")
    return "\n".join(kept)


def write_stubs(solutions: Path, exercises: Path, topics: Sequence[str] = registry.MODULES) -> list[Path]:
    """Write the stubs of topics into the folder `exercises`, of all without `topics`; what differs is first kept.

    No part of the folder's path may be a link. Returns the backups.
    """
    backups = []
    with beneath(exercises, named=False) as folder:
        for name in differing(solutions, exercises, topics):
            stub = stub_text((solutions / f"{name}.py").read_text(encoding="utf-8"))
            if (exercises / f"{name}.py").is_file():
                content = read_all(folder.open(f"{name}.py"), MOST_BYTES)
                backups.append(exercises / keep(folder, f"{name}.py", content))
            folder.write(f"{name}.py", stub.encode())
    return backups


def differing(solutions: Path, exercises: Path, topics: Sequence[str] = registry.MODULES) -> list[str]:
    """Those of the topics whose module in `exercises` is missing or is not the stub of its solution."""
    names = []
    for topic in topics:
        stub = stub_text((solutions / f"{topic}.py").read_text(encoding="utf-8"))
        path = exercises / f"{topic}.py"
        if not path.is_file() or path.read_text(encoding="utf-8", errors="replace") != stub:
            names.append(topic)
    return names


def pristine_stub(topic: str, solutions: Path) -> str:
    """A topic's stub text: made from `solutions`, or, in a handout, the copy packed with the grader.

    Raises StubError where neither is there.
    """
    solution = solutions / f"{topic}.py"
    if solution.is_file():
        return stub_text(solution.read_text(encoding="utf-8"))
    packed = files("grader").joinpath("pristine", f"{topic}.py")
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    raise StubError(f"No stub of {topic} to go back to: neither {solution} nor a packed copy is there.")


def function_stub(text: str, exercise_name: str) -> list[str]:
    """The source lines of one exercise's stub, decorators included, indented as in its module.

    Args:
        text: the solution or the stub of the exercise's topic.
        exercise_name: such as "conv2d" or "MLP.forward".
    """
    stub = stub_text(text)
    return _lines_of(stub, _functions_by_name(ast.parse(stub))[exercise_name])


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
        backup = path.with_name(keep(folder, path.name, written))
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(written).readline)
            student = written.decode(encoding)
            newline = "\r\n" if "\r\n" in student else "\n"
            student = student.replace("\r\n", "\n").replace("\r", "\n")
            merged = _with_needed_names(_with_stub(student, stub, exercise_name), stub, exercise_name)
            ast.parse(merged)
            content = merged.replace("\n", newline).encode(encoding)
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # it does not decode or parse
            folder.write(path.name, stub.encode())
            return Reset(backup, whole_file=True)
        folder.write(path.name, content)
    return Reset(backup, whole_file=False)


def _functions_by_name(module: ast.Module) -> dict[str, _Function]:
    """Functions and methods by exercise name; of two with the same name the last one counts."""
    functions = {}
    for statement in module.body:
        if isinstance(statement, _Function):
            functions[statement.name] = statement
        elif isinstance(statement, ast.ClassDef):
            methods = (method for method in statement.body if isinstance(method, _Function))
            functions.update({f"{statement.name}.{method.name}": method for method in methods})
    return functions


def function_source(text: str, exercise_name: str, *, docstring: bool = True) -> list[str]:
    """The source lines of one exercise's function as they are written, without the markers of a solution.

    Without `docstring` its lines are left out, where code follows it.

    Raises StubError where the module has no such function, SyntaxError where it cannot be parsed.
    """
    function = _functions_by_name(ast.parse(text)).get(exercise_name)
    if function is None:
        raise StubError(f"there is no {exercise_name} in the file")
    lines = _lines_of(text, function)
    first = function.body[0]
    if not docstring and ast.get_docstring(function, clean=False) is not None and len(function.body) > 1:
        begin = _extent(function).start
        follows = function.body[1].lineno
        ends = first.end_lineno or first.lineno
        if first.lineno > function.lineno and follows > ends:
            del lines[first.lineno - 1 - begin : ends - begin]
    return [line.rstrip() for line in lines if line.strip() not in (BEGIN, END)]


def _extent(node: ast.stmt) -> slice:
    """The lines of a statement, with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    return slice(min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1, node.end_lineno)


def _lines_of(text: str, node: ast.stmt) -> list[str]:
    return text.split("\n")[_extent(node)]


def _with_stub(student: str, stub: str, exercise_name: str) -> str:
    """The student's text with the exercise's function replaced, or added where it is missing."""
    exercise = registry.exercise(exercise_name)
    lines, module = student.split("\n"), ast.parse(student)
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
    function = _functions_by_name(module).get(exercise_name)
    if function is not None:
        lines[_extent(function)] = _indented(
            function_stub(stub, exercise_name), lines[function.lineno - 1][: function.col_offset]
        )
    elif exercise.class_name in classes:
        owner = classes[exercise.class_name]
        first = owner.body[0]
        method = _indented(function_stub(stub, exercise_name), lines[first.lineno - 1][: first.col_offset])
        lines[owner.end_lineno : owner.end_lineno] = ["", *method]
    else:
        missing = _bindings(stub)[exercise.class_name or exercise.function]
        lines += ["", "", *_lines_of(stub, missing), ""]
    return "\n".join(lines)


def _indented(lines: list[str], indent: str) -> list[str]:
    """The lines as a block that starts with the student's own indent, spaces or tabs."""
    old = len(lines[0]) - len(lines[0].lstrip())
    return [indent + line[old:] if line.strip() else line for line in lines]


def _with_needed_names(student: str, stub: str, exercise_name: str) -> str:
    """The student's text with those imports and given code of the stub that the exercise needs."""
    exercise = registry.exercise(exercise_name)
    given, exercises = _bindings(stub), {other.name for other in registry.EXERCISES}
    present = _bindings(student)
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
    place = _end_of_header(ast.parse(student))
    lines[place:place] = [line for statement in added for line in _lines_of(stub, statement)]
    return "\n".join(lines)


def _bindings(text: str) -> dict[str, ast.stmt]:
    """Which top-level statement binds which name."""
    bindings: dict[str, ast.stmt] = {}
    for statement in ast.parse(text).body:
        if isinstance(statement, _Function | ast.ClassDef):
            bindings[statement.name] = statement
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.alias):
                bindings[(node.asname or node.name).partition(".")[0]] = statement
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bindings[node.id] = statement
    return bindings


def _end_of_header(module: ast.Module) -> int:
    """The number of lines up to the end of the docstring and the imports at the top."""
    end = 0
    for index, statement in enumerate(module.body):
        is_docstring = index == 0 and ast.get_docstring(module, clean=False) is not None
        if not (is_docstring or isinstance(statement, ast.Import | ast.ImportFrom)):
            break
        end = statement.end_lineno or statement.lineno
    return end
