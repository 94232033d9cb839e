"""What keeps the lesson going where an exercise is not done yet: `with exercise("MLP.forward"): ...`."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from pathlib import Path

from grader import registry
from grader.program import command

_waiting: dict[str, None] = {}  # exercises that a cell has missed, in the order of the lesson


@contextlib.contextmanager
def exercise(*names: str) -> Iterator[None]:
    """Runs a cell that needs these exercises. Where one of them is not done, says so, and the lesson goes on.

    An error in the cell is shown in full, but does not stop the cells behind it.
    """
    topics = {name: registry.exercise(name).topic for name in names}
    try:
        yield
    except NotImplementedError as error:
        missing = [name for name in _exercise_names() if str(error).startswith(f"{name} ")] or list(names)
        _waiting.update(dict.fromkeys(missing))
        files = ", ".join(dict.fromkeys(f"exercises/{registry.exercise(name).topic}.py" for name in missing))
        print(f"{_listed(missing)}: not written yet. You find it in {files}.")
        print("Write it, save, and run this cell again. The rest of the lesson goes on.")
    except SyntaxError as error:
        print(f"{Path(error.filename or 'The cell').name}, line {error.lineno}: {error.msg}.")
        print("Python cannot read this file yet. Mend the line, save, and run this cell again. The rest goes on.")
    except NameError as error:
        if not _waiting:
            _show(error, topics)
            return
        needed = [name for name in names if name in _waiting] or list(_waiting)
        print(f"This cell needs what an earlier cell makes, and that one waits for {_listed(needed)}.")
        print("Write it, save, and run the cells again from there. The rest of the lesson goes on.")
    except Exception as error:  # a student's code may raise anything
        _show(error, topics)
    else:
        for name in names:
            _waiting.pop(name, None)


def _exercise_names() -> list[str]:
    """The names of all exercises."""
    return [exercise.name for exercise in registry.EXERCISES]


def _show(error: Exception, topics: dict[str, str]) -> None:
    """The error with the lines that led to it, and what helps."""
    trace = error.__traceback__
    print("".join(traceback.format_exception(error.with_traceback(trace and trace.tb_next))).rstrip())
    print(f"\nThis cell uses {_listed(list(topics))}. What is wrong there, in small: {command('check', *topics)}")
    print("The rest of the lesson goes on.")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
