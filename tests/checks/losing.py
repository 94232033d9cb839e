"""Puts one wrong function in the reference's place and asks whether a check notices."""

from __future__ import annotations

import functools

from grader import registry
from grader.checks.support import checks_of
from grader.grading.ask import Ask, Failure
from grader.grading.reference import fresh_reference, reference_subject
from grader.grading.run import Casebook
from grader.grading.subject import LocalSubject
from grader.misconceptions.base import put_into
from grader.sandbox import offlimits


@functools.cache
def casebook(seed: int) -> Casebook:
    """One casebook a seed, shared by all tests of a process."""
    return Casebook(seed)


def first_failure(exercise_name: str, function, seed: int = 0) -> Failure | None:
    """The first failure that a wrong function brings about in its own exercise, or None."""
    exercise = registry.exercise(exercise_name)
    module = fresh_reference(exercise.topic)
    put_into(function, vars(module), exercise_name)
    subject = LocalSubject(module, forbid=exercise.topic in offlimits.TOPICS)
    ask = Ask(subject, reference_subject(exercise.topic))
    book = casebook(seed)
    for check in checks_of(exercise.topic)[exercise_name]:
        cases = book.cases(check)
        for case in (*cases, *cases[::-1]):
            ask.at(case.position, book.memory)
            try:
                check.body(ask, **case.arguments)
            except Failure as failure:
                return failure
            ask.transcript.clear()
    return None
