"""What is said of an exercise, and how many points: of what checks found, or of there being nothing to check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.course import registry
from grader.report import wording
from grader.report.model import CheckResult, Counterexample, ExerciseResult
from grader.running.loading import checks_of
from grader.running.walls import NOT_CHECKED
from grader.writing.check import Check
from grader.writing.failures import Failure
from grader.writing.mistake import Mistake

NOT_SHOWN = "not shown in this course"  # in place of what was expected
Outcomes = list[tuple[Check, Failure | None]]


def of_checks(
    found: Outcomes, named: dict[str, Mistake] | None = None, took: Mapping[str, float] | None = None
) -> tuple[CheckResult, ...]:
    """What checks found, in a report's words. `named` are the mistakes behind failures, `took` seconds, both by check."""
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


def not_checked(exercises: Sequence[registry.Exercise], told: Sequence[str] = ()) -> list[ExerciseResult]:
    """Results for exercises that could not be checked at all."""
    message = " ".join(told) or NOT_CHECKED
    return [all_alike(exercise, checks_of(exercise.topic)[exercise.name], "error", message) for exercise in exercises]


def not_read(topic: str, wanted: Sequence[registry.Exercise], problem: str | None) -> list[ExerciseResult]:
    """Results for a topic whose module is not there (not started) or could not be read (an error)."""
    status = "error" if problem else "not_started"
    message = problem or f"There is no {topic}.py in this submission."
    found = [all_alike(exercise, checks_of(topic)[exercise.name], status, message) for exercise in wanted]
    return [replace(one, unread=f"exercises/{topic}.py") for one in found] if problem else found


def all_alike(
    exercise: registry.Exercise, checks: list[Check], status: Any, message: str, place: str = ""
) -> ExerciseResult:
    results = tuple(CheckResult(check.name, status, 0.0, check.points, message) for check in checks)
    return ExerciseResult(exercise.topic, exercise.name, results, place)


def better(own: ExerciseResult, helped: ExerciseResult, callees: Sequence[str]) -> ExerciseResult:
    """Each check as it came out better: with the student's own callees, or with right ones.

    What the student's code prints or raises beside right callees is withheld: it could tell what they do.
    """
    note = _note([name for name in callees if name not in registry.FACTS.without])
    checks = tuple(
        mine if mine.status == "passed" else _with_note(mine if theirs.status == "error" else theirs, note)
        for mine, theirs in zip(own.checks, helped.checks, strict=True)
    )
    return replace(own, checks=checks, note=note)


def left_to_the_course(own: ExerciseResult, callees: Sequence[str]) -> ExerciseResult:
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


def deadline_notes(*, late: bool) -> list[str]:
    """The course's deadline, where it has one, and that the work came after it, where that is known."""
    deadline = registry.FACTS.deadline
    if not deadline:
        return []
    return [f"Handed in after the deadline, {deadline}." if late else f"The deadline is {deadline}."]


def protection_notes(missing: Mapping[str, str]) -> Iterator[str]:
    """The protections that are missing, a sentence for each reason."""
    for reason in dict.fromkeys(missing.values()):
        names = [f"“{name}”" for name, why in missing.items() if why == reason]
        *before, last = names
        one = f"protections {', '.join(before)} and {last} are" if before else f"protection {last} is"
        yield f"The {one} missing: {reason}."
