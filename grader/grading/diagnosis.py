"""Names a known mistake from the transcript: the one whose answers are the student's, call by call.

A wrong guess is worse than none, so a mistake is named for a failed check only if

- it explains each answer that the check got, to the last one;
- enough of these answers differ from the reference's: a single odd answer has many explanations. Where a mistake
  explains every answer of the exercise, the other checks' answers count too;
- no other known mistake explains them as well. Where several do, the other checks of the exercise decide.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader import registry
from grader.grading import telling
from grader.grading.ask import Recorded
from grader.grading.reference import fresh_reference, reference_subject
from grader.grading.subject import LocalSubject
from grader.misconceptions.base import Mistake, mistakes_of, put_into
from grader.registry import Exercise

ENOUGH = 2  # answers that differ from the reference's


@dataclass
class Witnesses:
    """What the reference and the known mistakes answer, asked once for each call of a casebook."""

    _subjects: dict[str, LocalSubject] = field(default_factory=dict)
    _essences: dict[tuple, Any] = field(default_factory=dict)

    def reference(self, exercise: Exercise, record: Recorded) -> Any:
        """The essence of the reference's answer to a recorded call."""
        return self._essence("", lambda: reference_subject(exercise.topic), record)

    def mistaken(self, mistake: Mistake, record: Recorded) -> Any:
        """The essence of a known mistake's answer to a recorded call."""
        return self._essence(mistake.identifier, lambda: self._subject(mistake), record)

    def _subject(self, mistake: Mistake) -> LocalSubject:
        key = f"{mistake.exercise} {mistake.identifier}"
        if key not in self._subjects:
            self._subjects[key] = LocalSubject(with_function(registry.exercise(mistake.exercise), mistake.function))
        return self._subjects[key]

    def _essence(self, who: str, subject: Callable[[], LocalSubject], record: Recorded) -> Any:
        key = (who, *record.position, record.number)
        if key not in self._essences:
            answer = subject().ask(record.driver, record.arguments)
            self._essences[key] = telling.essence(record.driver, record.arguments, answer)
        return self._essences[key]


def with_function(exercise: Exercise, function: Callable[..., Any]) -> types.ModuleType:
    """The reference's module with the function of one exercise, or method, replaced."""
    module = fresh_reference(exercise.topic)
    put_into(function, vars(module), exercise.name)
    return module


def name_mistakes(
    exercise: Exercise, transcript: Iterable[Recorded], failed: Sequence[str], witnesses: Witnesses
) -> dict[str, Mistake]:
    """The known mistake behind each of the failed checks, by the check's name, where one can be named."""
    checks: dict[str, _Answers] = {}
    for record in transcript:
        essence = telling.essence(record.driver, record.arguments, record.answer)
        odd = not telling.alike(record.driver, witnesses.reference(exercise, record), essence)
        checks.setdefault(record.position[1], _Answers(witnesses)).add(record, essence, odd)
    everything = list(checks.values())
    named = {}
    for name in failed:
        asked = checks.get(name)
        if asked is None:
            continue
        suspects = [mistake for mistake in mistakes_of(exercise.name) if asked.explained_by(mistake)]
        thorough = [mistake for mistake in suspects if all(other.explained_by(mistake) for other in everything)]
        witnessed = everything if thorough else [asked]
        if len(thorough or suspects) == 1 and sum(len(answers.odd) for answers in witnessed) >= ENOUGH:
            (named[name],) = thorough or suspects
    return named


class _Answers:
    """The answers that one check got."""

    def __init__(self, witnesses: Witnesses) -> None:
        self.witnesses = witnesses
        self.told: list[tuple[Recorded, Any]] = []
        self.odd: set[tuple] = set()  # the calls whose answers differ from the reference's
        self._explained: dict[str, bool] = {}

    def add(self, record: Recorded, essence: Any, odd: bool) -> None:
        """One more answer. Those that tell mistakes apart most quickly are kept in front."""
        if odd:
            self.odd.add((record.position, record.number))
            self.told.insert(0, (record, essence))
        else:
            self.told.append((record, essence))

    def explained_by(self, mistake: Mistake) -> bool:
        """Whether the mistake gives every one of these answers."""
        if mistake.identifier not in self._explained:
            self._explained[mistake.identifier] = all(
                telling.alike(record.driver, self.witnesses.mistaken(mistake, record), essence)
                for record, essence in self.told
            )
        return self._explained[mistake.identifier]
