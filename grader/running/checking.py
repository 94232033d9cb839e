"""Runs one check: over its cases, then again backwards; what fails is shrunk, and tried once more in a new process."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import Phase

from grader.bounds import TookTooLong
from grader.course import registry
from grader.running import diagnosis, essences, memories
from grader.running.limits import Patience
from grader.running.reference import reference_subject
from grader.running.subjects import SandboxSubject, request
from grader.sandbox import wire
from grader.writing.answer import Answer
from grader.writing.ask import Ask, Recorded
from grader.writing.check import EXAMPLES, Check
from grader.writing.failures import Failure, ReferenceFails

MOST_SHRINKING_CALLS = 150
RESTARTS = 3
FINAL = ("timeout", "not_started", "forbidden")  # after these, no more cases are asked


@dataclass(frozen=True)
class Case:
    """One case of a check and the calls that it makes, encoded for the pipe."""

    position: tuple[Any, ...]
    arguments: dict[str, Any]
    calls: tuple[wire.Payload, ...] = ()


class Casebook:
    """The cases of every check for one seed, their calls, and what the reference answers.

    All of it is the same for every submission, so it is worked out once: the reference takes each check first, and
    the calls that it is asked are the calls that a submission will be asked.
    """

    def __init__(self, seed: int, examples: int = EXAMPLES) -> None:
        self.seed, self.examples = seed, examples
        self.memory: dict[tuple[Any, ...], Any] = {}
        self.witnesses = diagnosis.Witnesses()
        self._cases: dict[tuple[str, str], list[Case]] = {}

    def cases(self, check: Check) -> list[Case]:
        """The cases of a check. Raises ReferenceFails, with the check and the case, where the reference fails one."""
        key = (check.exercise, check.name)
        if key not in self._cases:
            arguments = check.cases(self.seed, self.examples)
            self._cases[key] = [self._case(check, (*key, place), case) for place, case in enumerate(arguments)]
        return self._cases[key]

    def _case(self, check: Check, position: tuple[Any, ...], arguments: dict[str, Any]) -> Case:
        transcript = reference_passes(check, arguments, position, self.memory, self.seed)
        return Case(position, arguments, tuple(wire.encode(request(r.driver, r.arguments)) for r in transcript))


def reference_passes(
    check: Check, arguments: dict[str, Any], position: tuple[Any, ...], memory: dict[Any, Any] | None, seed: int
) -> list[Any]:
    """The calls that the reference is asked in a case. Raises ReferenceFails where it does not pass."""
    reference = reference_subject(registry.exercise(check.exercise).topic)
    ask = Ask(reference, reference)
    ask.at(position, memory)
    try:
        check.body(ask, **arguments)
    except Exception as error:
        case = f"{check.exercise}, {check.name}, seed {seed}, case {arguments!r}"
        raise ReferenceFails(f"the reference fails {case[:1500]}: {type(error).__name__}: {error}") from error
    return ask.transcript


def run_check(
    check: Check, ask: Ask, casebook: Casebook, patience: Patience, *, shrink: bool = True, again: bool = True
) -> Failure | None:
    """Runs one check over its cases, then over the same cases again, backwards; a failure comes back shrunk."""
    cases = casebook.cases(check)
    found = _first_failure(check, ask, cases, casebook, patience)
    if found is None and again:
        backwards = cases[::-1]
        found = _first_failure(check, ask, backwards, casebook, patience)
        cases = [*cases, *backwards]
    if found is None:
        return None
    place, failure = found
    if failure.status not in ("failed", "error"):
        return failure
    best = (cases[place].arguments, failure)
    if shrink and check.shrinks:
        best = _shrunk(check, ask, casebook, patience, *best)
    return confirmed(check, ask, patience, best, [case.arguments for case in cases[: place + 1]])


def asked_late(check: Check, ask: Ask, casebook: Casebook, patience: Patience) -> Failure | None:
    """A check that was passed, asked once more after many other calls; None where it still is."""
    kept = len(ask.transcript)
    found = _first_failure(check, ask, casebook.cases(check), casebook, patience)
    del ask.transcript[kept:]
    return None if found is None else memories.late(found[1])


def _first_failure(
    check: Check, ask: Ask, cases: Sequence[Case], casebook: Casebook, patience: Patience
) -> tuple[int, Failure] | None:
    """The place of the first case that fails, and its failure; a call that takes too long comes before all others."""
    first: tuple[int, Failure] | None = None
    deaths = 0
    with contextlib.closing(_failures(check, ask, cases, casebook, patience)) as failures:
        for place, failure in failures:
            deaths += failure.status == "crashed"
            first = first or (place, failure)
            if failure.status in FINAL or deaths >= RESTARTS:
                return (place, failure) if failure.status == "timeout" else first
    return first


def _failures(
    check: Check, ask: Ask, cases: Sequence[Case], casebook: Casebook, patience: Patience
) -> Generator[tuple[int, Failure], None, None]:
    """The failures among the cases. Where the subject can, it is sent all calls at once."""
    stream: Iterator[Answer] = iter(())
    if isinstance(ask.subject, SandboxSubject) and not ask.subject.stand_ins:
        calls = [call for case in cases for call in case.calls]
        stream = ask.subject.stream(calls, patience.call_seconds())
    try:
        for place, case in enumerate(cases):
            ahead = tuple(itertools.islice(stream, len(case.calls)))
            failure = run_case(check, ask, case.arguments, patience, case.position, casebook.memory, ahead)
            if failure is not None:
                yield place, failure
    finally:
        for _ in stream:
            pass  # nothing may be left in the pipe


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
    except ReferenceFails:
        raise
    except Exception as error:  # the reference passes here, so it is the answer that has an odd form
        return Failure("failed", f"The answer has a form that cannot be judged ({type(error).__name__}).")
    return None


Found = tuple[dict[str, Any], Failure]


def _shrunk(
    check: Check, ask: Ask, casebook: Casebook, patience: Patience, arguments: dict[str, Any], first: Failure
) -> Found:
    """The smallest case that Hypothesis finds within a number of calls, with its failure, or the first one."""
    best: Found = (arguments, first)
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
        best = (case, failure)
        raise failure

    try:
        check.explore(body, casebook.seed, casebook.examples, Phase.generate, Phase.shrink)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # Enough, the failure itself, or what Hypothesis says of answers that change (FlakyFailure)
        pass
    if best[1] is not first:
        try:
            reference_passes(check, best[0], (), None, casebook.seed)
        except ReferenceFails:  # a new case, on which our own content is wrong
            return arguments, first
    return best


def confirmed(check: Check, ask: Ask, patience: Patience, best: Found, before: Sequence[dict[str, Any]]) -> Failure:
    """The failure as it shows in a process that was asked nothing else, with what was printed there.

    Where it does not show there, or another time otherwise, the answer depends on earlier calls, and the failure says
    on which. `before` are the cases up to the first that failed.
    """
    if not isinstance(ask.subject, SandboxSubject):
        return best[1]
    arguments, failure = best
    left = patience.exercise_seconds()  # for all of these processes together
    alone = _alone(check, ask, patience, [arguments, arguments], left)
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
        again = alone = _alone(check, ask, patience, [*prefix, failing], left)
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


def _alone(check: Check, ask: Ask, patience: Patience, cases: Sequence[dict[str, Any]], seconds: float) -> _Alone:
    """Runs cases, one after the other, in a new process that has been asked nothing yet and may take so long."""
    assert isinstance(ask.subject, SandboxSubject)
    subject = ask.subject.fresh()
    fresh = replace(ask, subject=subject, transcript=[], texts=[])
    found = _Alone([], [], True, "")
    answers: list[list[Recorded]] = []
    try:
        subject.begin(seconds)
        subject.load(patience.call_seconds())
        subject.output()
        for place, arguments in enumerate(cases):
            fresh.transcript.clear()
            found.failures.append(run_case(check, fresh, arguments, patience))
            found.texts.append("\n".join(filter(None, fresh.texts)))
            if place < 2:
                answers.append(list(fresh.transcript))
            if place == 0:
                found.printed = subject.output()
    finally:
        subject.close()
        found.seconds = subject.spent()
    with contextlib.suppress(TookTooLong), ask.judging.work():  # what is too large to be compared is not told to differ
        found.same_answers = len(answers) < 2 or memories.alike(*map(_essences, answers))
    return found


def _essences(records: Sequence[Recorded]) -> list[tuple[str, Any]]:
    return [(record.driver, essences.essence(record.driver, record.arguments, record.answer)) for record in records]
