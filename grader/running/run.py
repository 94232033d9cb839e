"""Grades one submission: every topic in a fresh worker, every exercise behind a wall, and the result as a Report."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from grader import __version__, bounds
from grader.course import registry, source
from grader.course.handed_out import WITHHELD
from grader.explaining import explain
from grader.report.model import CheckResult, ExerciseResult, Report
from grader.running import diagnosis, verdicts
from grader.running.casebook import Casebook
from grader.running.checking import asked_late, run_check
from grader.running.limits import LAST_SECONDS, LOAD_SECONDS, MOST_LOOPS, Patience, growth
from grader.running.loading import checks_of
from grader.running.reference import Reference
from grader.running.stand_ins import CALLEES, STAND_INS
from grader.running.subjects import SandboxSubject
from grader.running.walls import Faults
from grader.sandbox.confine import PROTECTIONS
from grader.sandbox.outer.nursery import Nursery
from grader.writing.answer import Answer
from grader.writing.ask import JUDGING_SECONDS, Ask
from grader.writing.check import Check
from grader.writing.failures import Failure, failure_of
from grader.writing.mistake import Mistake


@dataclass
class Grading:
    """What the grading of one submission has in its hands from one exercise to the next."""

    nursery: Nursery
    casebook: Casebook
    files: dict[str, bytes]
    without: tuple[str, ...] = ()
    progress: Callable[[str], None] = lambda name: None
    found: Callable[[ExerciseResult], None] = lambda result: None
    patience: Patience = field(default_factory=Patience)
    faults: Faults = field(default_factory=Faults)
    missing: dict[str, str] = field(default_factory=dict)  # protections, with the reason

    def subject(self, topic: str, stand_ins: tuple[str, ...] = ()) -> SandboxSubject:
        """A topic of the submission, to be asked."""
        return SandboxSubject(self.nursery, topic, self.files, without=self.without, stand_ins=stand_ins)


def grade(
    sources: dict[str, bytes],
    *,
    name: str,
    nursery: Nursery,
    casebook: Casebook,
    exercises: Sequence[registry.Exercise] = registry.EXERCISES,
    progress: Callable[[str], None] = lambda name: None,
    found: Callable[[ExerciseResult], None] = lambda result: None,
    notes: Sequence[str] = (),
    problems: dict[str, str] | None = None,
    without: tuple[str, ...] = (),
    late: bool = False,
) -> Report:
    """Grades the topic modules in `sources` (by topic name) and returns the Report.

    `progress` is told which exercise is begun, `found` what came of it. `problems` says, by topic, why a module could
    not be read; `late` that the work is known to have come after the deadline, which costs nothing. What cannot be
    checked through a fault of the grader is in the report's `faults`; nothing that a submission does raises anything here.
    """
    began = time.monotonic()
    files = {f"{topic}.py": text for topic, text in sources.items()}
    grading = Grading(nursery, casebook, files, without, progress, found)
    results: list[ExerciseResult] = []
    for topic in dict.fromkeys(exercise.topic for exercise in exercises):
        wanted = [exercise for exercise in exercises if exercise.topic == topic]
        done: list[ExerciseResult] = []
        with grading.faults.wall(topic) as told, bounds.memory():
            if topic in sources:
                _grade_topic(grading, topic, wanted, done)
            else:
                done += verdicts.not_read(topic, wanted, (problems or {}).get(topic))
        results += [*done, *verdicts.not_checked(wanted[len(done) :], told)]
    return Report(
        kit_version=__version__,
        submission=name,
        seed=casebook.seed,
        duration_seconds=round(time.monotonic() - began, 3),
        protections=tuple(protection for protection in PROTECTIONS if protection not in grading.missing),
        exercises=tuple(results),
        notes=(
            *notes,
            *verdicts.deadline_notes(late=late),
            *verdicts.protection_notes(grading.missing),
        ),
        faults=tuple(grading.faults.found),
    )


def _grade_topic(
    grading: Grading, topic: str, wanted: Sequence[registry.Exercise], results: list[ExerciseResult]
) -> None:
    """Adds the results of a topic's exercises to the list, one by one."""
    checks = checks_of(topic)
    text = grading.files[f"{topic}.py"]
    if source.imports(text, "torchvision"):
        grading.nursery.preload("torchvision")  # once, rather than in every worker
    subject = grading.subject(topic)
    grading.patience.begin_topic()
    try:
        seconds = grading.patience.load_seconds()
        subject.begin(max(seconds, LOAD_SECONDS))
        loaded = subject.load(seconds)
        grading.patience.charge(subject.spent())
        if loaded.kind != "value":
            if loaded.kind == "timeout":
                grading.patience.used_up += 1
            status, message, line = explain_load(loaded, topic)
            place = source.place(text.decode("utf-8", "replace"), topic, line)
            found = [verdicts.all_alike(exercise, checks[exercise.name], status, message, place) for exercise in wanted]
            found = [replace(one, unread=f"exercises/{topic}.py") for one in found]
            results += [replace(found[0], output=subject.output()), *found[1:]]
            return
        lines = text.decode("utf-8", "replace")
        finished: dict[str, bool] = {}
        for exercise in wanted:
            grading.progress(exercise.name)
            line = source.line_of(lines, exercise)
            place = source.place(lines, topic, line)
            with grading.faults.wall(exercise.name) as told:
                result = _grade_exercise(grading, subject, exercise, checks[exercise.name], finished)
            if told:
                result = verdicts.not_checked([exercise], told)[0]
            finished[exercise.name] = result.status == "passed"
            results.append(replace(result, location=place, output=subject.output()))
            grading.found(results[-1])
    finally:
        subject.close()
        grading.missing.update(subject.missing)


def explain_load(loaded: Answer, topic: str) -> tuple[str, str, int | None]:
    """Status, message and line for a module that could not be imported."""
    failure = failure_of(loaded)
    if loaded.kind == "raised":
        return "error", explain.explain_import(loaded.details, topic), explain.line_of_import(loaded.details)
    if loaded.kind == "timeout":
        return "timeout", f"Importing {topic}.py did not finish in time. Is there work outside of its functions?", None
    return failure.status, f"Importing {topic}.py failed. {failure.message}", None


def _grade_exercise(
    grading: Grading,
    subject: SandboxSubject,
    exercise: registry.Exercise,
    checks: list[Check],
    finished: dict[str, bool],
) -> ExerciseResult:
    """Grades an exercise with the student's own functions, and where that fails once more with right callees."""
    found, ask = _asked(grading, subject, exercise, checks)
    own = ExerciseResult(exercise.topic, exercise.name, verdicts.of_checks(found, took=ask.took))
    if own.status == "passed":
        return own
    called = () if _its_own_matter(own) else CALLEES.get(exercise.name, ())
    callees = tuple(name for name in called if not _is_right(grading, exercise, name, finished))
    if not callees:
        names = _names(exercise, found, ask, grading.casebook, grading.faults)
        return ExerciseResult(exercise.topic, exercise.name, verdicts.of_checks(found, names, ask.took))
    if WITHHELD and any(STAND_INS[name].judge is None for name in callees):
        return verdicts.left_to_the_course(own, callees)
    other = grading.subject(exercise.topic, callees)
    try:
        if _loaded(grading, other).kind != "value":
            return own
        found, ask = _asked(grading, other, exercise, checks)
        names = _names(exercise, found, ask, grading.casebook, grading.faults)
        helped = ExerciseResult(exercise.topic, exercise.name, verdicts.of_checks(found, names, ask.took))
    finally:
        other.close()
    return verdicts.better(own, helped, callees)


def _loaded(grading: Grading, subject: SandboxSubject) -> Answer:
    """What comes of importing the module once more."""
    subject.begin(grading.patience.exercise_seconds())
    loaded = subject.load(growth() * LOAD_SECONDS)
    grading.patience.charge(subject.spent())
    return loaded


def _its_own_matter(result: ExerciseResult) -> bool:
    """Whether right callees cannot change anything: the stub stands, or it ran out of time."""
    return result.status == "not_started" or any(check.status == "timeout" for check in result.checks)


def _is_right(grading: Grading, exercise: registry.Exercise, name: str, finished: dict[str, bool]) -> bool:
    """Whether a callee has all its points; one that was not asked for is tried now."""
    if name in registry.FACTS.without or exercise.topic in registry.FACTS.without:
        return False  # nobody has to write it
    if name not in finished:
        callee = registry.exercise(name)
        subject = grading.subject(exercise.topic)
        try:
            loaded = _loaded(grading, subject)
            finished[name] = loaded.kind == "value" and not any(
                failure and failure.status != "skipped"
                for _, failure in _asked(grading, subject, callee, checks_of(callee.topic)[name])[0]
            )
        finally:
            subject.close()
    return finished[name]


def _asked(
    grading: Grading, subject: SandboxSubject, exercise: registry.Exercise, checks: list[Check]
) -> tuple[verdicts.Outcomes, Ask]:
    """What the checks of an exercise find, and the Ask that holds what was asked."""
    subject.begin(grading.patience.exercise_seconds())
    judging = bounds.Stint(LAST_SECONDS if grading.patience.is_over else JUDGING_SECONDS)
    left = judging.left
    ask = Ask(subject, Reference(exercise.topic), function_name=exercise.function, judging=judging)
    try:
        return _run_checks(exercise, checks, ask, grading.casebook, grading.patience, grading.faults), ask
    finally:
        grading.patience.charge(subject.spent() + left - judging.left)


def check_results(
    exercise: registry.Exercise, checks: Sequence[Check], ask: Ask, casebook: Casebook, patience: Patience
) -> tuple[CheckResult, ...]:
    """Runs the checks of an exercise; what fails is shrunk, and named where a known mistake explains it."""
    faults = Faults()
    found = _run_checks(exercise, checks, ask, casebook, patience, faults)
    return verdicts.of_checks(found, _names(exercise, found, ask, casebook, faults), ask.took)


def _run_checks(
    exercise: registry.Exercise,
    checks: Sequence[Check],
    ask: Ask,
    casebook: Casebook,
    patience: Patience,
    faults: Faults,
) -> verdicts.Outcomes:
    found: verdicts.Outcomes = []
    loops = 0
    for check in checks:
        began = time.monotonic()
        with faults.wall(f"{exercise.name}, {check.name}") as told:
            if loops < MOST_LOOPS:
                failure = run_check(check, ask, casebook, patience.after(loops))
            else:
                failure = Failure("timeout", "Not asked any more: earlier calls did not finish in time.")
        ask.took[check.name] = time.monotonic() - began
        if told:
            failure = Failure("error", told[0], unchecked=True)
            ask.transcript[:] = [r for r in ask.transcript if r.position[1:2] != (check.name,)]
        if failure is not None and failure.status == "timeout":
            loops += 1
        found.append((check, failure))
    patience.used_up += bool(loops)
    if any(failure and failure.stateful for _, failure in found):
        # Who answers rightly at first, and otherwise later, is asked everything once more after all these calls.
        for place, (check, failure) in enumerate(found):
            if failure is None:
                with faults.wall(f"{exercise.name}, {check.name}"):
                    found[place] = (check, asked_late(check, ask, casebook, patience))
    return found


def _names(
    exercise: registry.Exercise, found: verdicts.Outcomes, ask: Ask, casebook: Casebook, faults: Faults
) -> dict[str, Mistake]:
    """The known mistakes behind the failed checks, by check."""
    failed = [c.name for c, failure in found if failure and failure.call and failure.status in ("failed", "error")]
    named: dict[str, Mistake] = {}
    if failed:
        judging = bounds.Stint(JUDGING_SECONDS)
        with (
            faults.wall(f"{exercise.name}, the name of its mistake"),
            contextlib.suppress(bounds.TookTooLong, MemoryError),  # it is the answers that are too large
            judging.work(),
        ):
            transcript = [record.recorded() for record in ask.transcript]
            named = diagnosis.name_mistakes(exercise, transcript, failed, casebook.known_answers)
    return named
