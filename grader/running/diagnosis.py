"""Names a known mistake from the transcript: the one whose answers are the student's, call by call.

A wrong guess is worse than none, so a mistake is named for a failed check only if

- it explains each answer that the check got, to the last one; or, where none does, each number that came where numbers
  should come, whatever the student refuses; or, where none does, what is refused and what is not;
- enough of these answers differ from the reference's: a single odd answer has many explanations. Where a mistake
  explains every answer of the exercise, the other checks' answers count too; where it does not, it takes more of them,
  and a part of an answer is not enough;
- no other known mistake explains them as well. Where several do, the other checks of the exercise decide.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.course import registry
from grader.course.handed_out import WITHHELD
from grader.course.registry import Exercise
from grader.running import essences
from grader.running.loading import mistakes_of
from grader.running.reference import fresh_reference, reference_subject
from grader.running.shelf import Packed, StoredAnswer
from grader.running.subjects import LocalSubject
from grader.sandbox import wire
from grader.writing.ask import Recorded
from grader.writing.difference import Difference, DoesNotFit
from grader.writing.mistake import Mistake, Wrong, put_into

ENOUGH = 2  # answers that differ from the reference's
ENOUGH_ALONE = 6  # of one check, where other checks got answers that the mistake does not explain


@dataclass
class KnownAnswers:
    """What the reference and the known mistakes answer, asked once for each call of a casebook."""

    _subjects: dict[str, LocalSubject] = field(default_factory=dict)
    _essences: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _new: list[tuple[Any, ...]] = field(default_factory=list)  # keys of those that were not taken from a shelf

    def reference(self, exercise: Exercise, record: Recorded) -> Any:
        """The essence of the reference's answer to a recorded call."""
        return self._essence("", lambda: reference_subject(exercise.topic), record)

    def mistaken(self, mistake: Mistake, record: Recorded) -> Any:
        """The essence of a known mistake's answer to a recorded call.

        A handout without solutions has those that are other than the reference's.
        """
        if WITHHELD and (mistake.identifier, *record.position, record.number) not in self._essences:
            return self.reference(registry.exercise(mistake.exercise), record)
        return self._essence(mistake.identifier, lambda: self._subject(mistake), record)

    def _subject(self, mistake: Mistake) -> LocalSubject:
        key = f"{mistake.exercise} {mistake.identifier}"
        if key not in self._subjects:
            try:
                module = with_function(registry.exercise(mistake.exercise), mistake.wrong)
            except DoesNotFit:  # which the audit tells; no student is told of what has no answers
                module = types.ModuleType(mistake.identifier)
            self._subjects[key] = LocalSubject(module)
        return self._subjects[key]

    def _essence(self, who: str, subject: Callable[[], LocalSubject], record: Recorded) -> Any:
        key = (who, *record.position, record.number)
        if key not in self._essences:
            answer = subject().ask(record.driver, record.arguments)
            self._essences[key] = essences.essence(record.driver, record.arguments, answer)
            if record.position:
                self._new.append(key)
        found = self._essences[key]
        if isinstance(found, Packed):
            found = self._essences[key] = found.payload.value()
        return found

    def take(self, exercise: str, stored: Iterable[StoredAnswer]) -> None:
        """Takes what a shelf holds of an exercise."""
        for who, check, place, number, answer in stored:
            self._essences[who, exercise, check, place, number] = answer

    def forget(self) -> None:
        """Forgets all answers, which take much memory where nobody needs them again."""
        self._essences.clear()
        self._new.clear()

    def new(self) -> dict[str, list[StoredAnswer]]:
        """What was worked out since this was asked last, by exercise, for the shelf."""
        found: dict[str, list[StoredAnswer]] = {}
        for who, exercise, check, place, number in self._new:
            answer = Packed.of(wire.encode(self._essences[who, exercise, check, place, number]))
            found.setdefault(exercise, []).append((who, check, place, number, answer))
        self._new.clear()
        return found


def with_function(exercise: Exercise, wrong: Wrong) -> types.ModuleType:
    """The reference's module with the function of one exercise, or method, replaced.

    Raises DoesNotFit where the wrong one is a difference from another reference.
    """
    if isinstance(wrong, Difference):
        return fresh_reference(exercise.topic, wrong)
    module = fresh_reference(exercise.topic)
    put_into(wrong, vars(module), exercise.name)
    return module


def name_mistakes(
    exercise: Exercise, transcript: Iterable[Recorded], failed: Sequence[str], known_answers: KnownAnswers
) -> dict[str, Mistake]:
    """The known mistake behind each of the failed checks, by the check's name, where one can be named."""
    checks: dict[str, _Answers] = {}
    for record in transcript:
        essence = essences.essence(record.driver, record.arguments, record.answer)
        answers = checks.setdefault(record.position[1], _Answers(known_answers))
        answers.add(record, essence, known_answers.reference(exercise, record))
    everything = list(checks.values())
    return {
        name: found
        for name in failed
        if (asked := checks.get(name)) is not None and (found := _named(exercise, asked, everything)) is not None
    }


def _named(exercise: Exercise, asked: _Answers, everything: Sequence[_Answers]) -> Mistake | None:
    """The one known mistake behind a check's answers; by all of each answer, else by a part of it."""
    for part in (essences.WHOLE, essences.COMPUTED, essences.REFUSED):
        if part != essences.WHOLE and not asked.odd(part):
            continue
        suspects = [mistake for mistake in mistakes_of(exercise.name) if asked.explained_by(mistake, part)]
        thorough = [mistake for mistake in suspects if all(other.explained_by(mistake, part) for other in everything)]
        found = [m for m in thorough if sum(answers.evidence(m, part) for answers in everything) >= ENOUGH]
        if part == essences.WHOLE and not thorough:
            found = [mistake for mistake in suspects if asked.evidence(mistake, part) >= ENOUGH_ALONE]
        if part == essences.REFUSED:  # whoever computes what is right refuses wrongly, and does nothing else
            found = [m for m in found if all(answers.right_but_for_refusals(m) for answers in everything)]
        if part != essences.WHOLE:
            found = [mistake for mistake in found if asked.evidence(mistake, part)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _odd(part: str, told: tuple[Recorded, Any, Any]) -> bool:
    record, essence, right = told
    return essences.odd_in(part, record.driver, essence, essence, right)


class _Answers:
    """The answers that one check got."""

    def __init__(self, known_answers: KnownAnswers) -> None:
        self.known_answers = known_answers
        self.told: list[tuple[Recorded, Any, Any]] = []  # a call, its answer and the reference's
        self._discriminating: dict[str, list[tuple[Recorded, Any, Any]]] = {}
        self._explained: dict[tuple[str, str], bool] = {}

    def add(self, record: Recorded, essence: Any, right: Any) -> None:
        """One more answer, and the reference's."""
        self.told.append((record, essence, right))

    def odd(self, part: str) -> bool:
        """Whether any answer differs from the reference's in that part, as a mistake's might."""
        return any(_odd(part, told) for told in self.told)

    def discriminating(self, part: str) -> list[tuple[Recorded, Any, Any]]:
        """The answers, those in front that tell mistakes apart most quickly: few mistakes are asked for the others."""
        if part not in self._discriminating:
            self._discriminating[part] = sorted(
                self.told, key=lambda told: told[1] is not None and not _odd(part, told)
            )
        return self._discriminating[part]

    def explained_by(self, mistake: Mistake, part: str) -> bool:
        """Whether the mistake gives every one of these answers, in that part of each that has it."""
        key = (mistake.identifier, part)
        if key not in self._explained:
            self._explained[key] = all(
                essences.alike_in(part, record.driver, self.known_answers.mistaken(mistake, record), essence, right)
                for record, essence, right in self.discriminating(part)
            )
        return self._explained[key]

    def right_but_for_refusals(self, mistake: Mistake) -> bool:
        """Whether the mistake computes these answers rightly, where it computes them."""
        return all(
            essences.alike_in(
                essences.COMPUTED, record.driver, self.known_answers.mistaken(mistake, record), right, right
            )
            for record, _, right in self.told
        )

    def evidence(self, mistake: Mistake, part: str) -> int:
        """How many answers differ from the reference's in that part, as the mistake's do."""
        return sum(
            essences.odd_in(part, record.driver, self.known_answers.mistaken(mistake, record), essence, right)
            for record, essence, right in self.told
        )
