"""Runs one check over one case: what is wrong with the answers, in whatever form they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.bounds import TookTooLong
from grader.running.limits import Patience
from grader.writing.answer import Answer
from grader.writing.ask import Ask
from grader.writing.check import Check
from grader.writing.failures import Failure, ReferenceFails, Withheld

GRADED_BY_THE_COURSE = "Nothing is wrong as far as can be seen here. The rest is graded by your course: what it takes is not in your folder."


def run_case(
    check: Check,
    ask: Ask,
    arguments: dict[str, Any],
    patience: Patience,
    position: tuple[Any, ...] = (),
    memory: dict[Any, Any] | None = None,
    ahead: Sequence[Answer] = (),
) -> Failure | None:
    """Runs a check over one case; what it finds wrong, or None."""
    ask.seconds = patience.call_seconds()
    ask.at(position, memory, ahead)
    try:
        with ask.judging.work():
            check.body(ask, **arguments)
    except Failure as failure:
        return failure
    except TookTooLong:
        return Failure(
            "timeout", "What your code answers takes too long to be compared. Is it far larger than it should be?"
        )
    except Withheld:
        return Failure("skipped", GRADED_BY_THE_COURSE)
    except ReferenceFails:
        raise
    except Exception as error:  # the reference passes here, so it is the answer that has an odd form
        return Failure("failed", f"The answer has a form that cannot be judged ({type(error).__name__}).")
    return None
