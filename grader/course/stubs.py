"""Stubs: cut from the reference solutions, compared with exercises/, and put back.

In a solution, the lines that students write stand between `### BEGIN SOLUTION` and
`### END SOLUTION`. In the stub, such a region in a function becomes one line that raises
NotImplementedError; a region outside of functions (a helper of the solution's own) vanishes.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from grader.course import registry
from grader.course.parsed import extent, functions_by_name, lines_of, tree_of
from grader.files.backups import keep
from grader.files.beneath import beneath, read_all

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
MOST_BYTES = 64 * 2**20  # of a module that is going to be kept


class StubError(Exception):
    """A stub cannot be made or found; the text says why."""


def stub_text(solution_text: str) -> str:
    """The stub made from a solution's text. A stub's own text comes back as it is.

    Raises StubError where the markers do not pair up.
    """
    functions = functions_by_name(tree_of(solution_text))
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
    return lines_of(stub, functions_by_name(tree_of(stub))[exercise_name])


def function_source(text: str, exercise_name: str, *, docstring: bool = True) -> list[str]:
    """The source lines of one exercise's function as they are written, without the markers of a solution.

    Without `docstring` its lines are left out, where code follows it.

    Raises StubError where the module has no such function, SyntaxError where it cannot be parsed.
    """
    function = functions_by_name(tree_of(text)).get(exercise_name)
    if function is None:
        raise StubError(f"there is no {exercise_name} in the file")
    lines = lines_of(text, function)
    first = function.body[0]
    if not docstring and ast.get_docstring(function, clean=False) is not None and len(function.body) > 1:
        begin = extent(function).start
        follows = function.body[1].lineno
        ends = first.end_lineno or first.lineno
        if first.lineno > function.lineno and follows > ends:
            del lines[first.lineno - 1 - begin : ends - begin]
    return [line.rstrip() for line in lines if line.strip() not in (BEGIN, END)]
