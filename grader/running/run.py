"""Grades one submission: every topic in a fresh worker, every exercise behind a wall, and the result as a Report."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader import __version__, bounds
from grader.course import registry, source
from grader.course.handed_out import WITHHELD
from grader.explaining import explain
from grader.report import wording
from grader.report.model import CheckResult, Counterexample, ExerciseResult, Report
from grader.running import diagnosis
from grader.running.casebook import Casebook
from grader.running.checking import asked_late, run_check
from grader.running.limits import LAST_SECONDS, LOAD_SECONDS, MOST_LOOPS, Patience, growth
from grader.running.loading import checks_of
from grader.running.reference import Reference
from grader.running.stand_ins import CALLEES, STAND_INS
from grader.running.subjects import SandboxSubject
from grader.running.walls import NOT_CHECKED, Faults
from grader.sandbox.confine import PROTECTIONS
from grader.sandbox.outer.nursery import Nursery
from grader.writing.answer import Answer
from grader.writing.ask import JUDGING_SECONDS, Ask
from grader.writing.check import Check
from grader.writing.failures import Failure, failure_of
from grader.writing.mistake import Mistake

NOT_SHOWN = "not shown in this course"  # in place of what was expected


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
                done += _not_read(topic, wanted, (problems or {}).get(topic))
        results += [*done, *not_checked(wanted[len(done) :], told)]
    return Report(
        kit_version=__version__,
        submission=name,
        seed=casebook.seed,
        duration_seconds=round(time.monotonic() - began, 3),
        protections=tuple(protection for protection in PROTECTIONS if protection not in grading.missing),
        exercises=tuple(results),
        notes=(
            *notes,
            *deadline_notes(late=late),
            *_missing_in_words(grading.missing),
        ),
        faults=tuple(grading.faults.found),
    )


def _missing_in_words(missing: Mapping[str, str]) -> Iterator[str]:
    """The protections that are missing, a sentence for each reason."""
    for reason in dict.fromkeys(missing.values()):
        names = [f"“{name}”" for name, why in missing.items() if why == reason]
        *before, last = names
        one = f"protections {', '.join(before)} and {last} are" if before else f"protection {last} is"
        yield f"The {one} missing: {reason}."


def deadline_notes(*, late: bool) -> list[str]:
    """The course's deadline, where it has one, and that the work came after it, where that is known."""
    deadline = registry.FACTS.deadline
    if not deadline:
        return []
    return [f"Handed in after the deadline, {deadline}." if late else f"The deadline is {deadline}."]


def not_checked(exercises: Sequence[registry.Exercise], told: Sequence[str] = ()) -> list[ExerciseResult]:
    """Results for exercises that could not be checked at all."""
    message = " ".join(told) or NOT_CHECKED
    return [_all_alike(exercise, checks_of(exercise.topic)[exercise.name], "error", message) for exercise in exercises]


def _not_read(topic: str, wanted: Sequence[registry.Exercise], problem: str | None) -> list[ExerciseResult]:
    """Results for a topic whose module is not there (not started) or could not be read (an error)."""
    status = "error" if problem else "not_started"
    message = problem or f"There is no {topic}.py in this submission."
    found = [_all_alike(exercise, checks_of(topic)[exercise.name], status, message) for exercise in wanted]
    return [replace(one, unread=f"exercises/{topic}.py") for one in found] if problem else found


def _all_alike(
    exercise: registry.Exercise, checks: list[Check], status: Any, message: str, place: str = ""
) -> ExerciseResult:
    results = tuple(CheckResult(check.name, status, 0.0, check.points, message) for check in checks)
    return ExerciseResult(exercise.topic, exercise.name, results, place)


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
            found = [_all_alike(exercise, checks[exercise.name], status, message, place) for exercise in wanted]
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
                result = not_checked([exercise], told)[0]
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
    own = ExerciseResult(exercise.topic, exercise.name, _results(found, took=ask.took))
    if own.status == "passed":
        return own
    called = () if _its_own_matter(own) else CALLEES.get(exercise.name, ())
    callees = tuple(name for name in called if not _is_right(grading, exercise, name, finished))
    if not callees:
        names = _names(exercise, found, ask, grading.casebook, grading.faults)
        return ExerciseResult(exercise.topic, exercise.name, _results(found, names, ask.took))
    if WITHHELD and any(STAND_INS[name].judge is None for name in callees):
        return _left_to_the_course(own, callees)
    other = grading.subject(exercise.topic, callees)
    try:
        if _loaded(grading, other).kind != "value":
            return own
        found, ask = _asked(grading, other, exercise, checks)
        names = _names(exercise, found, ask, grading.casebook, grading.faults)
        helped = ExerciseResult(exercise.topic, exercise.name, _results(found, names, ask.took))
    finally:
        other.close()
    return _better(own, helped, callees)


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


def _better(own: ExerciseResult, helped: ExerciseResult, callees: Sequence[str]) -> ExerciseResult:
    """Each check as it came out better: with the student's own callees, or with right ones.

    What the student's code prints or raises beside right callees is withheld: it could tell what they do.
    """
    note = _note([name for name in callees if name not in registry.FACTS.without])
    checks = tuple(
        mine if mine.status == "passed" else _with_note(mine if theirs.status == "error" else theirs, note)
        for mine, theirs in zip(own.checks, helped.checks, strict=True)
    )
    return replace(own, checks=checks, note=note)


def _left_to_the_course(own: ExerciseResult, callees: Sequence[str]) -> ExerciseResult:
    """In a handout there are no right callees to try: what fails with the student's own ones is graded by the course."""
    first = [name for name in callees if name not in registry.FACTS.without]
    what = wording.listed([f"`{name}`" for name in first]) if first else ""
    isnt = f": {what} {'is' if len(first) == 1 else 'are'} not right yet. Do that first" if first else ""
    message = f"Graded by your course, which has a right one for it to call{isnt}."
    checks = tuple(
        check if check.status == "passed" else CheckResult(check.name, "skipped", 0.0, check.max_score, message)
        for check in own.checks
    )
    return replace(own, checks=checks, note=message)


def _note(callees: Sequence[str]) -> str:
    """What is said of callees that right ones stood in for; those that nobody has to write are not spoken of."""
    if not callees:
        return ""
    names = " and ".join(f"`{name}`" for name in callees)
    whose, it = ("yours is", "that") if len(callees) == 1 else ("yours are", "those")
    right = f"a right {names}" if len(callees) == 1 else f"right {names}"
    return f"Graded with {right}; {whose} not right yet: do {it} first."


def _with_note(result: CheckResult, note: str) -> CheckResult:
    return replace(result, message=f"{result.message} {note}".strip(), printed="")


Outcomes = list[tuple[Check, Failure | None]]


def _asked(
    grading: Grading, subject: SandboxSubject, exercise: registry.Exercise, checks: list[Check]
) -> tuple[Outcomes, Ask]:
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
    return _results(found, _names(exercise, found, ask, casebook, faults), ask.took)


def _run_checks(
    exercise: registry.Exercise,
    checks: Sequence[Check],
    ask: Ask,
    casebook: Casebook,
    patience: Patience,
    faults: Faults,
) -> Outcomes:
    found: Outcomes = []
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
    exercise: registry.Exercise, found: Outcomes, ask: Ask, casebook: Casebook, faults: Faults
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


def _results(
    found: Outcomes, named: dict[str, Mistake] | None = None, took: Mapping[str, float] | None = None
) -> tuple[CheckResult, ...]:
    keeps = _right_for_the_lesson(found)
    names = named or {}
    results = (_result(check, failure, _name(failure, names.get(check.name)), keeps) for check, failure in found)
    return tuple(replace(result, seconds=(took or {}).get(result.name, 0.0)) for result in results)


def _name(failure: Failure | None, named: Mistake | None) -> Mistake | None:
    """The known mistake, unless an answer depends on earlier calls: that is a mistake of its own."""
    return named if named and failure and not failure.stateful else None


def _right_for_the_lesson(found: Sequence[tuple[Check, Failure | None]]) -> bool:
    """Whether the lesson's own numbers come out right."""
    lesson = [failure for check, failure in found if check.lesson]
    return bool(lesson) and not any(lesson)


def _result(check: Check, failure: Failure | None, named: Mistake | None, keeps: bool) -> CheckResult:
    if failure is None:
        return CheckResult(check.name, "passed", check.points, check.points, check.says)
    shown, facts = None, registry.FACTS
    if failure.call and failure.status != "not_started":
        right = (failure.expected, failure.got, failure.judge)
        shown = Counterexample(failure.call, *(right if facts.show_solutions else (NOT_SHOWN, failure.got)))
    told = named if facts.show_mistakes else None
    said = told.says if told else failure.message
    if not told and facts.show_solutions:
        said = f"{said} {failure.answer}".strip()
    praise = ""
    if keeps and check.about and failure.status in ("failed", "error") and not failure.unchecked:
        praise = f"Right for the lesson's numbers, not for {check.about}."
    return CheckResult(
        check.name,
        failure.status,  # type: ignore[arg-type]  # one of these: `writing` does not know the report's words
        0.0,
        check.points,
        " ".join(filter(None, (praise, said, failure.story))),
        shown,
        told.identifier if told else None,
        told.asks if told and facts.show_hints else None,
        failure.picture if facts.show_solutions else None,
        failure.printed,
        named.identifier if named else None,
    )
