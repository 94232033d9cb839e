"""Runs one check: over its cases, then some of them again; what fails is shrunk, and tried once more in a new process."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from grader.course.handed_out import WITHHELD
from grader.running import memories
from grader.running.casebook import Case, Casebook, reference_passes
from grader.running.confirming import Failing, confirmed
from grader.running.judging import run_case
from grader.running.limits import Patience
from grader.running.subjects import SandboxSubject, Sent
from grader.writing.answer import Answer
from grader.writing.ask import Ask, Unread
from grader.writing.check import Check
from grader.writing.failures import Failure, ReferenceFails

MOST_SHRINKING_CALLS = 150
RESTARTS = 3
AGAIN = 6  # cases of a check that are asked twice, at most
FINAL = ("timeout", "not_started", "forbidden")  # after these, no more cases are asked


def run_check(
    check: Check, ask: Ask, casebook: Casebook, patience: Patience, *, shrink: bool = True, again: bool = True
) -> Failure | None:
    """Runs one check over its cases, then over some of them again; a failure comes back shrunk."""
    cases = casebook.cases(check)
    found = _failing(check, ask, cases, casebook, patience)
    if not found and again:
        once_more = asked_again(cases)
        found = _failing(check, ask, once_more, casebook, patience)
        cases = [*cases, *once_more]
    if not found:
        return None
    place, failure = found[0]
    if failure.status not in ("failed", "error"):
        return failure
    best = (cases[place], failure)
    if shrink and WITHHELD:
        best = _smallest([(cases[number], how) for number, how in found if how.status == failure.status])
    elif shrink and check.shrinks:
        best = _shrunk(check, ask, casebook, patience, *best)
    return confirmed(check, ask, casebook, patience, best, cases[: place + 1])


def _smallest(failing: Sequence[Failing]) -> Failing:
    """Of recorded cases that fail, the one whose call is the shortest to read: no new ones can be judged in a handout."""
    return min(failing, key=lambda one: len(one[1].call))


def asked_again(cases: Sequence[Case]) -> list[Case]:
    """The cases that are asked a second time: the last, the first and some between, backwards.

    What depends on how often something was asked, or on what was asked before, mostly shows the first time: cases differ.
    The second time shows what comes back from a store, stays in what was handed out before, or was used up.
    """
    last = len(cases) - 1
    number = min(AGAIN, max(2, len(cases) // 3), len(cases))
    return [cases[round(last * place / max(number - 1, 1))] for place in reversed(range(number))]


def asked_late(check: Check, ask: Ask, casebook: Casebook, patience: Patience) -> Failure | None:
    """A check that was passed, asked once more after many other calls; None where it still is."""
    kept = len(ask.transcript)
    found = _failing(check, ask, casebook.cases(check), casebook, patience)
    del ask.transcript[kept:]
    return memories.late(found[0][1]) if found and found[0][1].status != "skipped" else None


def _failing(
    check: Check, ask: Ask, cases: Sequence[Case], casebook: Casebook, patience: Patience
) -> list[tuple[int, Failure]]:
    """The places of the cases that fail, and how: in their order, but a call that takes too long comes before all others.

    What only the course can judge comes last.
    """
    found: list[tuple[int, Failure]] = []
    skipped: list[tuple[int, Failure]] = []
    deaths = 0
    with contextlib.closing(_failures(check, ask, cases, casebook, patience)) as failures:
        for place, failure in failures:
            if failure.status == "skipped":
                skipped.append((place, failure))
                continue
            deaths += failure.status == "crashed"
            found.append((place, failure))
            if failure.status in FINAL or deaths >= RESTARTS:
                return [found[-1]] if failure.status == "timeout" else found
    return [*found, *skipped]


def _failures(
    check: Check, ask: Ask, cases: Sequence[Case], casebook: Casebook, patience: Patience
) -> Generator[tuple[int, Failure], None, None]:
    """The failures among the cases. Where the subject can, it is sent the calls of many at once.

    The first case is asked alone: where nothing is written yet, or an answer never comes, no other is of use.
    """
    for start, group in ((0, cases[:1]), (1, cases[1:])):
        with contextlib.closing(_failures_of(check, ask, group, casebook, patience)) as failures:
            for place, failure in failures:
                yield start + place, failure


def _failures_of(
    check: Check, ask: Ask, cases: Sequence[Case], casebook: Casebook, patience: Patience
) -> Generator[tuple[int, Failure], None, None]:
    stream: Iterator[Sent] = iter(())
    if isinstance(ask.subject, SandboxSubject) and not ask.subject.stand_ins:
        calls = [call for case in cases for call in case.calls]
        known = [digests for case in cases for digests in case.known()]
        stream = ask.subject.stream(calls, patience.call_seconds(), known)
    try:
        for place, case in enumerate(cases):
            sent = list(itertools.islice(stream, len(case.calls)))
            digests = tuple(one.digest for one in sent)
            if digests and digests in case.passing:
                ask.transcript += [_unread(case, number, one) for number, one in enumerate(sent)]
                continue
            ahead = [one.answer() for one in sent]
            failure = run_case(check, ask, case.arguments, patience, case.position, casebook.memory, ahead)
            if failure is not None:
                yield place, failure
            elif digests and all(digests) and ask.called == len(digests):
                case.passing.add(digests)
    finally:
        for _ in stream:
            pass  # nothing may be left in the pipe


def _unread(case: Case, number: int, sent: Sent) -> Unread:
    """The record of a call whose reply is known to pass."""

    def look() -> tuple[str, dict[str, Any], Answer]:
        asked = case.calls[number].value()
        return asked["driver"], asked["arguments"], sent.answer()

    return Unread(case.position, number, look)


def _shrunk(check: Check, ask: Ask, casebook: Casebook, patience: Patience, given: Case, first: Failure) -> Failing:
    """The smallest case that Hypothesis finds within a number of calls, with its failure, or the first one."""
    best: Failing = (given, first)
    calls = 0

    class Enough(BaseException):
        pass

    def body(**case: Any) -> None:
        nonlocal calls, best
        calls += 1
        if calls > MOST_SHRINKING_CALLS + len(casebook.cases(check)):
            raise Enough
        kept = len(ask.transcript)
        failure = run_case(check, ask, case, patience)
        del ask.transcript[kept:]
        if failure is None:
            return
        if failure.status != first.status:
            raise Enough
        best = (Case((), case), failure)
        raise failure

    try:
        check.explore(body, casebook.seed, casebook.examples, "generate", "shrink")
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # Enough, the failure itself, or what Hypothesis says of answers that change (FlakyFailure)
        pass
    if best[1] is not first:
        try:
            reference_passes(check, best[0].arguments, (), None, casebook.seed)
        except ReferenceFails:  # a new case, on which our own content is wrong
            return given, first
    return best
