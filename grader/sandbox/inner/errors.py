"""Exceptions of students' code as plain data: what they are, what they say, and which of the student's lines they passed."""

from __future__ import annotations

import linecache
import os
from typing import Any

from grader.sandbox import wire
from grader.sandbox.inner.suggestions import suggestion

MAX_FRAMES = 12


def describe_error(error: BaseException, file: str) -> dict[str, Any]:
    """An exception as plain data: its types, its text and the lines of the student's own file that it passed."""
    frames, innermost = _student_frames(error, file)
    found: dict[str, Any] = {
        "type": wire.name_of(type(error).__name__),
        "types": [wire.name_of(cls.__name__) for cls in type(error).__mro__],
        "text": _text(error, file),
        "suggestion": suggestion(error),
        "frames": frames[-MAX_FRAMES:],
        "line": frames[-1][0] if frames else None,
        "innermost": innermost,
    }
    if isinstance(error, SyntaxError):
        found["syntax"] = {
            "own": error.filename == file,
            "line": error.lineno,
            "column": error.offset,
            "text": (error.text or "")[:500],
            "message": str(error.msg),
        }
        if not found["syntax"]["text"] and error.lineno:
            found["syntax"]["text"] = linecache.getline(file, error.lineno)[:500]
    return found


def file_of(error: BaseException, modules: dict[str, Any]) -> str | None:
    """The module's file that an exception passed last."""
    files, found, trace = {getattr(module, "__file__", None) for module in modules.values()}, None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            found = trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return found


def _student_frames(error: BaseException, file: str) -> tuple[list[list[Any]], bool]:
    """[line, function, source] for each frame in the student's file; whether the last frame of all is one of them."""
    frames, innermost = [], False
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        innermost = code.co_filename == file
        if innermost:
            source = linecache.getline(file, trace.tb_lineno).strip()[:200]
            frames.append([trace.tb_lineno, code.co_name, source])
        trace = trace.tb_next
    return frames, innermost


def _text(error: BaseException, file: str) -> str:
    try:
        text = "\n".join([str(error), *getattr(error, "__notes__", ())])[: wire.MAX_TEXT]
    except BaseException:  # a student's own __str__ may raise anything
        return ""
    scratch = os.path.dirname(os.path.dirname(file))
    return wire.without_addresses(text.replace(scratch + "/", "") if len(scratch) > 1 else text)
