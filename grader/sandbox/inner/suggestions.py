"""Python's own "Did you mean": it is no part of an exception's text, and is worked out only where one is printed."""

from __future__ import annotations

import contextlib
import io
import sys


def suggestion(error: BaseException) -> str:
    """What Python prints after the text of an exception, such as "Did you mean: 'view'?"; empty where it is nothing."""
    if not isinstance(error, NameError | AttributeError | ImportError):
        return ""
    printed = io.StringIO()
    try:
        said = f"{type(error).__name__}: {error}"
        with contextlib.redirect_stderr(printed):
            sys.__excepthook__(type(error), error, error.__traceback__)
    except BaseException:  # the class is the student's, and may misbehave while it is being read
        return ""
    _, found, after = printed.getvalue().rpartition(said)
    return after.strip(" .\n") if found and after.startswith(". ") else ""
