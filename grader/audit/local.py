"""Runs the checks on a module of this process: quick, and good enough for code that we wrote ourselves."""

from __future__ import annotations

import ast
import functools
import types

from grader.course import registry
from grader.running import diagnosis
from grader.running.casebook import Casebook
from grader.running.checking import asked_again, run_check
from grader.running.limits import Patience
from grader.running.loading import checks_of
from grader.running.reference import reference_subject, reference_text
from grader.running.shelf import Shelf
from grader.running.subjects import LocalSubject
from grader.writing.ask import Ask
from grader.writing.failures import Failure
from grader.writing.mistake import Mistake


@functools.cache
def casebook(seed: int = 0) -> Casebook:
    """One casebook a seed, for a whole audit."""
    return Casebook(seed, shelf=Shelf.of_user())


def ask_module(module: types.ModuleType, topic: str) -> Ask:
    """An Ask with this module as the submission."""
    return Ask(LocalSubject(module, forbid=registry.topic(topic).off_limits), reference_subject(topic))


def first_failure(
    module: types.ModuleType, exercise: registry.Exercise, seed: int = 0, *, twice: bool = True
) -> Failure | None:
    """The first failure in an exercise, over all cases and, as in grading, then some of them again; None if there is none."""
    ask, book = ask_module(module, exercise.topic), casebook(seed)
    for check in checks_of(exercise.topic)[exercise.name]:
        cases = book.cases(check)
        for case in (*cases, *asked_again(cases)) if twice else cases:
            ask.at(case.position, book.memory)
            try:
                check.body(ask, **case.arguments)
            except Failure as failure:
                return failure
            ask.transcript.clear()
    return None


def failures_and_names(
    module: types.ModuleType, exercise: registry.Exercise, seed: int = 0
) -> tuple[dict[str, Failure], dict[str, Mistake]]:
    """The checks of an exercise that this module fails, and the known mistakes that grading would name for them.

    Only where no check fails are some cases asked a second time.
    """
    book = casebook(seed)
    failures: dict[str, Failure] = {}
    for again in (False, True):
        ask = ask_module(module, exercise.topic)
        for check in checks_of(exercise.topic)[exercise.name]:
            failure = run_check(check, ask, book, Patience(), shrink=False, again=again)
            if failure is not None:
                failures[check.name] = failure
        if failures:
            break
    explained = [name for name, failure in failures.items() if failure.status in ("failed", "error")]
    return failures, diagnosis.name_mistakes(
        exercise, [r.recorded() for r in ask.transcript], explained, book.known_answers
    )


def users_of(exercise: registry.Exercise) -> set[str]:
    """The exercises of the topic whose reference uses this one, itself among them; they may suffer with it."""
    tree = ast.parse(reference_text(exercise.topic))
    uses = {}
    for node in tree.body:
        methods = node.body if isinstance(node, ast.ClassDef) else [node]
        for function in methods:
            if isinstance(function, ast.FunctionDef):
                name = f"{node.name}.{function.name}" if isinstance(node, ast.ClassDef) else function.name
                uses[name] = {found.id for found in ast.walk(function) if isinstance(found, ast.Name)}
    found = {exercise.name}
    while more := {name for name, used in uses.items() if used & found} - found:
        found |= more
    return found
