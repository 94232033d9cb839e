"""Grades one submission: every topic in a fresh worker, every check over its cases, and the result as a Report."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import Phase

from grader import __version__, registry
from grader.checks.support import EXAMPLES, Check, checks_of
from grader.grading import diagnosis, explain, source
from grader.grading.ask import Ask, Failure, failure_of
from grader.grading.reference import reference_subject
from grader.grading.subject import Answer, SandboxSubject, request
from grader.misconceptions.base import Mistake
from grader.report.model import CheckResult, Counterexample, ExerciseResult, Report
from grader.sandbox import wire
from grader.sandbox.client import Nursery
from grader.sandbox.confine import PROTECTIONS

LOAD_SECONDS = 15.0
# The limit of a call, by how many calls of the submission have run into it before: patience wears out.
CALL_SECONDS = (10.0, 6.0, 4.0)
SUBMISSION_SECONDS = 240.0
MOST_SHRINKING_CALLS = 150
RESTARTS = 3


@dataclass(frozen=True)
class Case:
    """One case of a check and the calls that it makes, encoded for the pipe."""

    position: tuple
    arguments: dict[str, Any]
    calls: tuple[wire.Payload, ...]


class Casebook:
    """The cases of every check for one seed, their calls, and what the reference answers.

    All of it is the same for every submission, so it is worked out once: the reference takes each check first, and
    the calls that it is asked are the calls that a submission will be asked.
    """

    def __init__(self, seed: int, examples: int = EXAMPLES) -> None:
        self.seed, self.examples = seed, examples
        self.memory: dict[tuple, Any] = {}
        self.witnesses = diagnosis.Witnesses()
        self._cases: dict[tuple[str, str], list[Case]] = {}

    def cases(self, check: Check) -> list[Case]:
        """The cases of a check."""
        key = (check.exercise, check.name)
        if key not in self._cases:
            arguments = check.cases(self.seed, self.examples)
            self._cases[key] = [self._case(check, (*key, place), case) for place, case in enumerate(arguments)]
        return self._cases[key]

    def _case(self, check: Check, position: tuple, arguments: dict[str, Any]) -> Case:
        reference = reference_subject(registry.exercise(check.exercise).topic)
        ask = Ask(reference, reference)
        ask.at(position, self.memory)
        try:
            check.body(ask, **arguments)
        except Failure as failure:
            raise RuntimeError(f"the reference fails {check.exercise}, {check.name}: {failure}") from failure
        calls = tuple(wire.encode(request(r.driver, r.arguments)) for r in ask.transcript)
        return Case(position, arguments, calls)


@dataclass
class Patience:
    """How long a submission may still take, in all and for its next call."""

    ends: float = field(default_factory=lambda: time.monotonic() + SUBMISSION_SECONDS)
    used_up: int = 0

    def call_seconds(self) -> float:
        remaining = self.ends - time.monotonic()
        return max(0.0, min(CALL_SECONDS[min(self.used_up, len(CALL_SECONDS) - 1)], remaining))


def grade(
    sources: dict[str, bytes],
    *,
    name: str,
    nursery: Nursery,
    casebook: Casebook,
    exercises: Sequence[registry.Exercise] = registry.EXERCISES,
    progress: Callable[[str], None] = lambda name: None,
    notes: Sequence[str] = (),
    problems: dict[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> Report:
    """Grades the topic modules in `sources` (by topic name) and returns the Report.

    `problems` says, by topic, why a module could not be read. Raises SandboxError where no worker can be started.
    """
    began = time.monotonic()
    files = {f"{topic}.py": text for topic, text in sources.items()}
    patience, results, missing = Patience(), [], {}
    for topic in dict.fromkeys(exercise.topic for exercise in exercises):
        wanted = [exercise for exercise in exercises if exercise.topic == topic]
        if topic not in sources:
            results += _not_read(topic, wanted, (problems or {}).get(topic))
            continue
        if source.imports(sources[topic], "torchvision"):
            nursery.preload("torchvision")  # once, rather than in every worker
        subject = SandboxSubject(nursery, topic, files, without=without)
        try:
            results += _grade_topic(subject, sources[topic], wanted, casebook, patience, progress)
        finally:
            subject.close()
        missing.update(subject.missing)
    return Report(
        kit_version=__version__,
        submission=name,
        seed=casebook.seed,
        duration_seconds=round(time.monotonic() - began, 3),
        protections=tuple(protection for protection in PROTECTIONS if protection not in missing),
        exercises=tuple(results),
        notes=(*notes, *(f"The protection “{name}” is missing: {reason}." for name, reason in missing.items())),
    )


def _not_read(topic: str, wanted: Sequence[registry.Exercise], problem: str | None) -> list[ExerciseResult]:
    """Results for a topic whose module is not there (not started) or could not be read (an error)."""
    status = "error" if problem else "not_started"
    message = problem or f"There is no {topic}.py in this submission."
    return [_all_alike(exercise, checks_of(topic)[exercise.name], status, message) for exercise in wanted]


def _all_alike(
    exercise: registry.Exercise, checks: list[Check], status: Any, message: str, place: str = ""
) -> ExerciseResult:
    results = tuple(CheckResult(check.name, status, 0.0, check.points, message) for check in checks)
    return ExerciseResult(exercise.topic, exercise.name, results, place)


def _grade_topic(
    subject: SandboxSubject,
    text: bytes,
    wanted: Sequence[registry.Exercise],
    casebook: Casebook,
    patience: Patience,
    progress: Callable[[str], None],
) -> list[ExerciseResult]:
    checks = checks_of(subject.topic)
    loaded = subject.load(min(LOAD_SECONDS, max(patience.call_seconds(), 1.0) * 3))
    if loaded.kind != "value":
        if loaded.kind == "timeout":
            patience.used_up += 1
        status, message, line = explain_load(loaded, subject.topic)
        place = f"exercises/{subject.topic}.py" + (f":{line}" if line else "")
        results = [_all_alike(exercise, checks[exercise.name], status, message, place) for exercise in wanted]
        return [replace(results[0], output=subject.output()), *results[1:]]
    results = []
    for exercise in wanted:
        progress(exercise.name)
        subject.begin()
        results.append(_grade_exercise(subject, exercise, checks[exercise.name], text, casebook, patience))
    return results


def explain_load(loaded: Answer, topic: str) -> tuple[str, str, int | None]:
    """Status, message and line for a module that could not be imported."""
    failure = failure_of(loaded)
    if loaded.kind == "raised":
        return "error", explain.explain_import(loaded.details, topic), explain.line_of_import(loaded.details)
    if loaded.kind == "timeout":
        return "timeout", f"Importing {topic}.py did not finish in time. Is there work outside of its functions?", None
    return failure.status, f"Importing {topic}.py failed. {failure.message}", None


def _grade_exercise(
    subject: SandboxSubject,
    exercise: registry.Exercise,
    checks: list[Check],
    text: bytes,
    casebook: Casebook,
    patience: Patience,
) -> ExerciseResult:
    ask = Ask(subject, reference_subject(exercise.topic))
    results = check_results(exercise, checks, ask, casebook, patience)
    line = source.line_of(text.decode("utf-8", "replace"), exercise)
    place = f"exercises/{exercise.topic}.py" + (f":{line}" if line else "")
    return ExerciseResult(exercise.topic, exercise.name, results, place, subject.output())


def check_results(
    exercise: registry.Exercise, checks: Sequence[Check], ask: Ask, casebook: Casebook, patience: Patience
) -> tuple[CheckResult, ...]:
    """Runs the checks of an exercise; what fails is shrunk, and named where a known mistake explains it."""
    found: list[tuple[Check, Failure | None]] = []
    stopped: Failure | None = None
    for check in checks:
        failure = stopped or run_check(check, ask, casebook, patience)
        if failure is not None and failure.status == "timeout" and stopped is None:
            patience.used_up += 1
            stopped = replace_message(failure, "Not asked any more: an earlier call did not finish in time.")
        found.append((check, failure))
    failed = [check.name for check, failure in found if failure and failure.status in ("failed", "error")]
    named = diagnosis.name_mistakes(exercise, ask.transcript, failed, casebook.witnesses) if failed else {}
    return tuple(_result(check, failure, named.get(check.name)) for check, failure in found)


def replace_message(failure: Failure, message: str) -> Failure:
    """The same failure with another message, and without the call that it was about."""
    return Failure(failure.status, message)


def _result(check: Check, failure: Failure | None, named: Mistake | None) -> CheckResult:
    if failure is None:
        return CheckResult(check.name, "passed", check.points, check.points, check.says)
    shown = None
    if failure.call and failure.status != "not_started":
        shown = Counterexample(failure.call, failure.expected, failure.got, failure.judge)
    return CheckResult(
        check.name,
        failure.status,
        0.0,
        check.points,
        f"{named.says if named else failure.message} {failure.story}".strip(),
        shown,
        named.identifier if named else None,
        named.asks if named else None,
        failure.picture,
    )


def run_check(
    check: Check, ask: Ask, casebook: Casebook, patience: Patience, *, shrink: bool = True, again: bool = True
) -> Failure | None:
    """Runs one check over its cases, then over the same cases again, backwards; a failure comes back shrunk."""
    cases = casebook.cases(check)
    first: Failure | None = None
    deaths = 0
    for failure in _failures(check, ask, cases, casebook, patience):
        deaths += failure.status == "crashed"
        first = first or failure
        if failure.status in ("timeout", "not_started", "forbidden") or deaths >= RESTARTS:
            return failure if failure.status == "timeout" else first
    if first is None:
        second = next(_failures(check, ask, cases[::-1], casebook, patience), None) if again else None
        return None if second is None else _second_time(second)
    if shrink and first.status in ("failed", "error") and check.strategies:
        return _shrunk(check, ask, casebook, patience, first)
    return first


def _failures(
    check: Check, ask: Ask, cases: Sequence[Case], casebook: Casebook, patience: Patience
) -> Iterator[Failure]:
    """The failures among the cases. Where the subject can, it is sent all calls at once."""
    stream: Iterator[Answer] = iter(())
    if isinstance(ask.subject, SandboxSubject):
        calls = [call for case in cases for call in case.calls]
        stream = ask.subject.stream(calls, patience.call_seconds(), patience.ends)
    try:
        for case in cases:
            ahead = tuple(itertools.islice(stream, len(case.calls)))
            failure = _run_case(check, ask, case.arguments, case.position, casebook.memory, patience, ahead)
            if failure is not None:
                yield failure
    finally:
        for _ in stream:
            pass  # nothing may be left in the pipe


def _run_case(
    check: Check,
    ask: Ask,
    arguments: dict[str, Any],
    position: tuple,
    memory: dict | None,
    patience: Patience,
    ahead: Sequence[Answer] = (),
) -> Failure | None:
    ask.seconds = patience.call_seconds()
    ask.at(position, memory, ahead)
    try:
        check.body(ask, **arguments)
    except Failure as failure:
        return failure
    except Exception as error:  # the reference passes here, so it is the answer that has an odd form
        return Failure("failed", f"The answer has a form that cannot be judged ({type(error).__name__}).")
    return None


def _second_time(failure: Failure) -> Failure:
    if failure.status == "failed":
        failure.message = (
            f"The first answer to this call was right; asked again later, it is not. {failure.message}".strip()
        )
    return failure


def _shrunk(check: Check, ask: Ask, casebook: Casebook, patience: Patience, first: Failure) -> Failure:
    """The failure of the smallest case that Hypothesis finds within a number of calls, or the first one."""
    best = [first]
    calls = 0

    class Enough(BaseException):
        pass

    def body(**case: Any) -> None:
        nonlocal calls
        calls += 1
        if calls > MOST_SHRINKING_CALLS + len(casebook.cases(check)):
            raise Enough
        kept = len(ask.transcript)
        failure = _run_case(check, ask, case, (), None, patience)
        del ask.transcript[kept:]
        if failure is None:
            return
        if failure.status != first.status:
            raise Enough
        best[0] = failure
        raise failure

    try:
        check.explore(body, casebook.seed, casebook.examples, Phase.generate, Phase.shrink)
    except (Enough, Failure):
        pass
    return best[0]
