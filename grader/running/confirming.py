"""Tries a failure once more, in a process that was asked nothing else: what does not show there depends on earlier calls."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.bounds import TookTooLong
from grader.running import essences, memories
from grader.running.casebook import Case, Casebook
from grader.running.judging import run_case
from grader.running.limits import Patience
from grader.running.subjects import SandboxSubject
from grader.writing.ask import Ask, Recorded
from grader.writing.check import Check
from grader.writing.failures import Failure

# A case that fails, and how it does.
Failing = tuple[Case, Failure]


def confirmed(
    check: Check, ask: Ask, casebook: Casebook, patience: Patience, best: Failing, before: Sequence[Case]
) -> Failure:
    """The failure as it shows in a process that was asked nothing else, with what was printed there.

    Where it does not show there, or another time otherwise, the answer depends on earlier calls, and the failure says
    on which. `before` are the cases up to the first that failed.
    """
    if not isinstance(ask.subject, SandboxSubject) or patience.is_over:
        return best[1]
    case, failure = best
    left = patience.exercise_seconds()  # for all of these processes together
    alone = _alone(check, ask, casebook, patience, [case, case], left)
    if alone.failures[0] is not None:
        shown = alone.failures[0]
        if shown.status != failure.status:
            return shown if shown.status in ("failed", "error") else failure
        shown.printed = alone.printed
        return shown if alone.same_answers else memories.changes(shown)
    if alone.failures[1] is not None:
        return memories.later(alone.failures[1], alone.texts[0])
    failing, earlier = before[-1], before[:-1]
    for number in sorted({min(most, len(earlier)) for most in (1, 2, 3, len(earlier))}):
        prefix = list(earlier[len(earlier) - number :])
        left -= alone.seconds
        if left <= 0:
            break
        again = alone = _alone(check, ask, casebook, patience, [*prefix, failing], left)
        if again.failures[-1] is not None and again.failures[-1].status in ("failed", "error"):
            return memories.later(again.failures[-1], "\n".join(again.texts[:-1]), len(again.texts) - 1)
    return memories.never_again(failure)


@dataclass
class _Alone:
    """What came of some cases in a new process."""

    failures: list[Failure | None]
    texts: list[str]  # of each case's calls
    same_answers: bool  # of the first two cases, which are the same one
    printed: str
    seconds: float = 0.0  # of the process's own time


def _alone(
    check: Check, ask: Ask, casebook: Casebook, patience: Patience, cases: Sequence[Case], seconds: float
) -> _Alone:
    """Runs cases, one after the other, in a new process that has been asked nothing yet and may take so long."""
    assert isinstance(ask.subject, SandboxSubject)
    subject = ask.subject.fresh()
    fresh = replace(ask, subject=subject, transcript=[], texts=[])
    found = _Alone([], [], True, "")
    answers: list[list[Recorded]] = []
    try:
        subject.begin(seconds)
        subject.load(patience.load_seconds())
        subject.output()
        for place, case in enumerate(cases):
            fresh.transcript.clear()
            memory = casebook.memory if case.position else None
            found.failures.append(run_case(check, fresh, case.arguments, patience, case.position, memory))
            found.texts.append("\n".join(filter(None, fresh.texts)))
            if place < 2:
                answers.append([record.recorded() for record in fresh.transcript])
            if place == 0:
                found.printed = subject.output()
    finally:
        subject.close()
        found.seconds = subject.spent()
        patience.charge(found.seconds)
    with contextlib.suppress(TookTooLong), ask.judging.work():  # what is too large to be compared is not told to differ
        found.same_answers = len(answers) < 2 or memories.alike(*map(_essences, answers))
    return found


def _essences(records: Sequence[Recorded]) -> list[tuple[str, Any]]:
    return [(record.driver, essences.essence(record.driver, record.arguments, record.answer)) for record in records]
