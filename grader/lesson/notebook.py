"""What keeps the lesson going where an exercise is not done yet: `with exercise("MLP.forward"): ...`."""

from __future__ import annotations

import contextlib
import dis
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from grader.course import registry

_waiting: dict[str, None] = {}  # exercises that a cell has missed, in the order of the lesson
_unmade: dict[str, list[str]] = {}  # what a cell would have made, had it not missed these


@contextlib.contextmanager
def exercise(*names: str) -> Iterator[None]:
    """Runs a cell that needs these exercises. Where one of them is not done, says so, and the lesson goes on.

    The first that is missing is named, in the lesson's order, whichever was called first. An error in the cell is shown
    in full, but does not stop the cells behind it.
    """
    topics = {name: registry.exercise(name).topic for name in names}
    try:
        yield
    except NotImplementedError as error:
        cell = _cell(error)
        raised = [name for name in _exercise_names() if str(error).startswith(f"{name} ")]
        missing = _in_order({*raised, *_stubs(names, cell.f_globals if cell else {})}) or list(names)
        _waiting.update(dict.fromkeys(missing))
        if cell is not None:
            _unmade.update(dict.fromkeys(_made_by(cell), missing))
        first, *others = missing
        print(f"{first}: not written yet. You find it in exercises/{registry.exercise(first).topic}.py.")
        if others:
            print(f"After that, this cell waits for {_listed(others)}.")
        print("Write it, save, and run this cell again. The rest of the lesson goes on.")
    except SyntaxError as error:
        print(f"{Path(error.filename or 'The cell').name}, line {error.lineno}: {error.msg}.")
        print("Python cannot read this file yet. Mend the line, save, and run this cell again. The rest goes on.")
    except NameError as error:
        needed = _unmade.get(error.name or "") or list(_waiting)
        needed = [name for name in needed if name in names and name in _waiting] or needed
        if not needed or not _is_raised_in_the_cell(error):
            _show(error, topics)
            return
        print(f"This cell needs what an earlier cell makes, and that one waits for {needed[0]}.")
        print("Write it, save, and run the cells again from there. The rest of the lesson goes on.")
    except Exception as error:  # a student's code may raise anything
        _show(error, topics)
    else:
        for name in names:
            _waiting.pop(name, None)


def _exercise_names() -> list[str]:
    """The names of all exercises."""
    return [exercise.name for exercise in registry.EXERCISES]


def _in_order(names: set[str]) -> list[str]:
    return [name for name in _exercise_names() if name in names]


def _cell(error: BaseException) -> FrameType | None:
    """The frame of the cell: the one below this file's own."""
    trace = error.__traceback__ and error.__traceback__.tb_next
    return trace.tb_frame if trace else None


def _is_raised_in_the_cell(error: BaseException) -> bool:
    """Whether the cell itself raised it, not a function that it called."""
    trace = error.__traceback__ and error.__traceback__.tb_next
    return trace is not None and trace.tb_next is None


def _made_by(cell: FrameType) -> set[str]:
    """The names that a cell's code gives values to."""
    return {step.argval for step in dis.get_instructions(cell.f_code) if step.opname.startswith("STORE_NAME")}


def _stubs(names: Sequence[str], imported: Mapping[str, Any]) -> list[str]:
    """Those of these exercises that are stubs still, as far as the cell has imported them or their neighbours."""
    found = {name: imported.get(name.partition(".")[0]) for name in names}
    modules = {
        registry.exercise(name).topic: sys.modules.get(getattr(made, "__module__", ""))
        for name, made in found.items()
        if made is not None
    }
    return [name for name in names if _is_stub(name, found[name], modules.get(registry.exercise(name).topic))]


def _is_stub(name: str, made: Any, module: Any) -> bool:
    owner, _, function = name.rpartition(".")
    if made is None:
        made = getattr(module, owner or function, None)
    code = getattr(getattr(made, function, None) if owner else made, "__code__", None)
    return code is not None and f"{name} is not written yet" in code.co_consts


def _show(error: Exception, topics: dict[str, str]) -> None:
    """The error with the lines that led to it, and what helps."""
    trace = error.__traceback__
    print("".join(traceback.format_exception(error.with_traceback(trace and trace.tb_next))).rstrip())
    print(f"\nThis cell uses {_listed(list(topics))}. What is wrong there, in small: %check {' '.join(topics)}")
    print("The rest of the lesson goes on.")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
