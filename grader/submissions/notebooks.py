"""The modules that a submission's notebooks hold, for the topics that no module was handed in of."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

from grader.course.parsed import tree_of
from grader.course.paths import solutions_folder
from grader.course.registry import EXERCISES, MODULES
from grader.course.stubs import StubError, pristine_stub
from grader.files.beneath import Unreadable
from grader.submissions.choose import almost
from grader.submissions.extract import Notebook
from grader.submissions.magics import python_of
from grader.submissions.model import Problem, visible
from grader.submissions.notebook import MOST_CELL_CHARACTERS, MOST_NOTEBOOK_BYTES, Cell, code_cells
from grader.submissions.statements import UNPARSABLE, Statement, statements

MOST_NOTEBOOKS = 20  # of one submission
MOST_CODE = 5 * 2**20  # characters, in all of them
MOST_STATEMENTS = 2_000  # that bind a name, in all of them
_MOST_SAID = 3  # cells


@dataclass
class Taken:
    """What a notebook holds: texts by topic, what of them is the stub's, and the cells that could not be read."""

    path: str
    texts: dict[str, str] = field(default_factory=dict)
    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unread: list[tuple[Cell, str]] = field(default_factory=list)


def from_notebooks(
    paths: Sequence[str], read: Callable[[str, int], bytes], taken: Collection[str]
) -> tuple[dict[str, tuple[str, bytes]], list[Problem]]:
    """For each topic that is to be had, the notebook's path and the module; and what to say.

    `read` gives the bytes at a path, at most so many, or raises Unreadable; of the topics in `taken` there is a module, and
    that counts.
    """
    problems: list[Problem] = []
    found: list[Taken] = []
    code, count = MOST_CODE, MOST_STATEMENTS
    for path in paths[:MOST_NOTEBOOKS]:
        try:
            cells = code_cells(read(path, MOST_NOTEBOOK_BYTES))
            code -= sum(len(cell.text) for cell in cells)
            if code < 0:
                raise Unreadable(f"there is more than {MOST_CODE // 2**20} MB of code in it and in those before it")
            one, bound = _taken(path, cells, count)
            found.append(one)
            count -= bound
        except Unreadable as error:
            topic = almost(PurePosixPath(path).name)
            if topic not in taken:
                problems.append(Problem(f"{visible(path)} could not be read: {error}.", topic))
    if len(paths) > MOST_NOTEBOOKS:
        problems.append(Problem(f"There are so many notebooks that only {MOST_NOTEBOOKS} were read."))
    modules: dict[str, tuple[str, bytes]] = {}
    for topic in MODULES:
        holding = [one for one in found if topic in one.texts]
        named = [one for one in holding if almost(PurePosixPath(one.path).name) == topic]
        counts = named if len(named) == 1 else holding
        if topic in taken or not counts:
            continue
        if len(counts) > 1:
            listed = _listed([visible(one.path) for one in counts])
            text = f"There is more than one notebook with {topic}, and none comes first: {listed}."
            problems.append(Problem(f"{text} Keep the one to be graded, or name it {topic}.ipynb.", topic))
            continue
        modules[topic] = (counts[0].path, counts[0].texts[topic].encode("utf-8", "replace"))
    notes = (_note(one, [topic for topic in modules if modules[topic][0] == one.path], taken) for one in found)
    return modules, [*problems, *(Problem(note) for note in notes if note)]


def _taken(path: str, cells: Iterable[Cell], most: int) -> tuple[Taken, int]:
    """What a notebook holds, and how many statements it has, `most` at most. Raises Unreadable for more."""
    taken = Taken(path)
    found: list[Statement] = []
    written: dict[str, str] = {}
    for cell in cells:
        try:
            if len(cell.text) > MOST_CELL_CHARACTERS:
                raise SyntaxError(f"it is larger than {MOST_CELL_CHARACTERS // 2**20} MB")
            python = python_of(cell.text)
            if python.writes:
                topic = PurePosixPath(python.writes.replace("\\", "/")).name.removesuffix(".py")
                written[topic] = (written.get(topic, "") if python.appends else "") + python.text
                continue
            found += statements(python.text, cell.number)
        except UNPARSABLE as error:
            taken.unread.append((cell, _reason(error)))
        if len(found) > most:
            raise Unreadable("it holds too many statements")
    notebook = Notebook(visible(path), found)
    for topic in MODULES:
        if topic in written:
            taken.texts[topic] = written[topic]
        elif any(exercise.topic == topic for exercise in notebook.exercises):
            extract = notebook.module(topic, _stub(topic))
            taken.texts[topic], taken.given[topic] = extract.text, extract.given
    return taken, len(found)


def is_untouched(topic: str, source: bytes) -> bool:
    """Whether a module is the stub as it was handed out, comments aside: who works in a notebook hands it in, too."""
    stub = _stub_text(topic)
    if len(source) > 2 * len(stub.encode()):
        return False
    try:
        return ast.dump(tree_of(source)) == ast.dump(tree_of(stub))
    except UNPARSABLE:
        return False


@cache
def _stub(topic: str) -> list[Statement]:
    return statements(_stub_text(topic))


@cache
def _stub_text(topic: str) -> str:
    try:
        return pristine_stub(topic, solutions_folder())
    except StubError:
        return ""


def _reason(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return (f"line {error.lineno}: " if error.lineno else "") + visible(error.msg or "invalid syntax")
    return "it holds null bytes" if isinstance(error, ValueError) else "it is nested too deeply"


def _note(one: Taken, topics: Sequence[str], taken: Collection[str]) -> str:
    """One line: what was taken from a notebook and what was not; "" where there is nothing to say."""
    said = []
    if topics:
        said.append(f"{_listed(topics)} {'was' if len(topics) == 1 else 'were'} taken from {visible(one.path)}.")
    given = [name for topic in topics for name in one.given.get(topic, ())]
    if given:
        said.append(f"{_listed(given)} {'is' if len(given) == 1 else 'are'} the stub's.")
    if any(topic in one.given for topic in topics):
        said.append("Where a message names a line, it is that of the module that was made of it.")
    beaten = [topic for topic in one.texts if topic in taken]
    if beaten:
        said.append(f"For {_listed(beaten)} the module counts, not {visible(one.path)}.")
    unread = [(cell, reason) for cell, reason in one.unread if topics or _defines_some(cell.text)]
    for cell, reason in unread[:_MOST_SAID]:
        said.append(f"Cell {cell.number} of {visible(one.path)} could not be read ({reason}).")
    if len(unread) > _MOST_SAID:
        said.append(f"Neither could {len(unread) - _MOST_SAID} more.")
    return " ".join(said)


def _defines_some(text: str) -> bool:
    names = {exercise.class_name or exercise.function for exercise in EXERCISES}
    return any(f"def {name}(" in text or f"class {name}(" in text for name in names)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
