"""The magics that `%load_ext grader` gives a notebook: `%%check`, `%check` and `%%exercise`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.cli.check import wanted_exercises
from grader.exits import UsageProblem
from grader.notebook import checking, warm
from grader.notebook.cells import python_of
from grader.notebook.verdict import Verdict


class Stopped(Exception):
    """What ends a cell with a sentence and no traceback. Cells that were to run after it do not."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def load(shell: Any) -> None:
    """Registers the magics, and starts what will grade: it imports PyTorch while the student reads."""

    def check(line: str) -> None:
        """`%check NAME ...` grades what stands in exercises/: topics, exercises, or all of it."""
        _show(lambda: checking.check_work(line.split()))

    def check_cell(line: str, cell: str) -> None:
        """`%%check NAME ...` runs the cell and grades its text; without a name, all exercises that it defines."""
        _run_and_show(shell, line, cell, checking.check_cell)

    def exercise(line: str, cell: str) -> None:
        """`%%exercise NAME ...` runs the cell, writes it into exercises/ (with a backup), and grades what stands there."""
        _run_and_show(shell, line, cell, checking.write_cell)

    shell.register_magic_function(check, "line", "check")
    shell.register_magic_function(check_cell, "cell", "check")
    shell.register_magic_function(exercise, "cell", "exercise")
    warm.ahead()


def unload(shell: Any) -> None:
    """Takes the magics away and ends what grades."""
    for kind, name in (("line", "check"), ("cell", "check"), ("cell", "exercise")):
        shell.magics_manager.magics[kind].pop(name, None)
    warm.close()


def _run_and_show(shell: Any, line: str, cell: str, grade: Callable[[str, list[str]], Verdict]) -> None:
    names = line.split()
    try:
        wanted_exercises(names)  # a wrong name is said before anything runs
    except UsageProblem as problem:
        raise Stopped(f"grader: {problem}") from None
    # Errors are to count lines as the notebook does, whose first is this magic's own.
    numbered = cell if cell.lstrip().startswith("%%") else f"# Graded below.\n{cell}"
    outcome = shell.run_cell(numbered, store_history=False)
    if outcome.error_before_exec is not None:
        raise Stopped("Not graded: Python cannot read this cell. What it says stands above.")
    if isinstance(outcome.error_in_exec, KeyboardInterrupt):
        raise Stopped("Not graded: the cell was interrupted.")
    _show(lambda: grade(python_of(cell, shell), names))
    if outcome.error_in_exec is not None:
        raise Stopped(f"The cell itself ended with {type(outcome.error_in_exec).__name__}, which stands above.")


def _show(grade: Callable[[], Verdict]) -> None:
    from IPython.display import display

    try:
        verdict = grade()
    except UsageProblem as problem:
        raise Stopped(f"grader: {problem}") from None
    except SyntaxError as error:
        raise Stopped(f"Not graded: Python cannot read this cell: {error}.") from None
    except KeyboardInterrupt:
        raise Stopped("Interrupted: not graded.") from None
    display(verdict)
