"""Exit statuses of the program, and how what is raised leads to one of them."""

from __future__ import annotations

import sys
from collections.abc import Callable

EARNED, POINTS_MISSING, INTERRUPTED, GRADER_FAILED, WRONG_USAGE = range(5)


class UsageProblem(Exception):
    """What was asked for cannot be done as asked: a wrong name, or nothing readable to grade."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it, in place of the grader's insides."""
        return [f"grader: {self}"]


def guarded(work: Callable[[], int]) -> int:
    """Runs a command's work; what it raises becomes a sentence and an exit status."""
    import click

    from grader.course.settings import SettingsProblem
    from grader.program import command

    try:
        return work()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as problem:
        context = getattr(problem, "ctx", None)
        named = [context.info_name] if context is not None and context.parent is not None else []
        return complain(f"{problem.format_message()} Try {command(*named, '--help')}", WRONG_USAGE)
    except (UsageProblem, SettingsProblem) as problem:
        return complain(str(problem), WRONG_USAGE)
    except (KeyboardInterrupt, click.Abort):
        return interrupted()
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has left, as `head` does
        return EARNED
    except Exception as error:
        return _fail(error)


def interrupted() -> int:
    # Python ends `python -m` by SIGINT, whatever its status, if the last text that it executed was interrupted; every
    # data class that is imported executes one.
    exec("")
    return complain("Interrupted.", INTERRUPTED)


def complain(text: str, status: int) -> int:
    from grader.report.text import visible

    print(f"grader: {visible(text)}", file=sys.stderr)
    return status


def _fail(error: Exception) -> int:
    """The grader's own failure: never the student's, and said so."""
    import os
    import traceback

    if os.environ.get("GRADER_TRACEBACK"):
        traceback.print_exception(error)
    text = f"the grader itself failed, which says nothing about the work: {type(error).__name__}: {error}"
    return complain(f"{text}\n(GRADER_TRACEBACK=1 shows where.)", GRADER_FAILED)
