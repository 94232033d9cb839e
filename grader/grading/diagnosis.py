"""Names a known mistake from the transcript: the one whose answers are the student's, call by call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.grading.ask import Recorded
from grader.grading.compare import Tolerance, difference
from grader.grading.reference import fresh_reference, reference_subject
from grader.grading.subject import Answer, LocalSubject
from grader.registry import Exercise

_CLOSE = Tolerance(1e-4, 1e-5)


def name_mistake(exercise: Exercise, transcript: Sequence[Recorded]) -> Any | None:
    """The one known mistake that explains every recorded answer, or None.

    A mistake explains an answer when it gives the same. It is named only if no other does as well, and if the
    reference answers at least one call differently.
    """
    from grader.misconceptions.base import mistakes_of, put_into

    if any(record.answer.kind not in ("value", "raised", "no_gradient") for record in transcript):
        return None
    calls = [record for record in transcript if not _shuffled(record)]
    reference = reference_subject(exercise.topic)
    calls.sort(key=lambda record: record.answer.kind == "value")  # exceptions tell mistakes apart most quickly
    if not any(not same(reference.ask(r.driver, r.arguments), r.answer) for r in calls):
        return None
    found = []
    for mistake in mistakes_of(exercise.name):
        module = fresh_reference(exercise.topic)
        put_into(mistake.function, vars(module), exercise.name)
        subject = LocalSubject(module)
        if all(same(subject.ask(r.driver, r.arguments), r.answer) for r in calls):
            found.append(mistake)
            if len(found) > 1:
                return None
    return found[0] if found else None


def same(expected: Answer, got: Answer) -> bool:
    """Whether two answers are alike: equal values within rounding, or exceptions of the same kind."""
    if expected.kind != got.kind:
        return False
    if expected.kind == "raised":
        return ("ValueError" in expected.details["types"]) == ("ValueError" in got.details["types"]) and (
            expected.details["type"] == got.details["type"] or "ValueError" in expected.details["types"]
        )
    if expected.kind == "value":
        return difference(_told(expected.value), _told(got.value), _CLOSE) is None
    return True


def _told(value: Any) -> Any:
    """What of a driver's value tells mistakes apart: not the state of random order."""
    return value


def _shuffled(record: Recorded) -> bool:
    options = record.arguments.get("options")
    return isinstance(options, dict) and record.driver == "train" and options.get("data_shuffle", True)
