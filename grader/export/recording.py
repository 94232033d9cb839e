"""Records what takes the solutions' place in a handout: cases, calls, right answers, and what known mistakes answer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from grader.course import registry
from grader.running.casebook import Casebook
from grader.running.diagnosis import KnownAnswers
from grader.running.loading import checks_of, mistakes_of
from grader.running.shelf import Packed, Shelf, StoredAnswer, StoredTopic
from grader.sandbox import wire
from grader.writing.answer import Answer
from grader.writing.ask import Recorded
from grader.writing.check import EXAMPLES
from grader.writing.mistake import Mistake


def recorded(topic: registry.Topic, seed: int, *, tell: Callable[[str], None], examples: int = EXAMPLES) -> StoredTopic:
    """All that a topic's checks are asked for one seed, and what comes of it. `tell` is told which exercise is begun.

    Of a known mistake's answers, those are left out that are the reference's. Raises ReferenceFails.
    """
    with tempfile.TemporaryDirectory() as nowhere:
        book = Casebook(seed, examples, Shelf.of_user() or Shelf(Path(nowhere)))
        stored = book.whole(topic.name)
        book.save()
        found = StoredTopic()
        for exercise in topic.exercises:
            tell(exercise.name)
            found.cases[exercise.name] = stored.cases[exercise.name]
            found.answers[exercise.name] = _answers(exercise, book)
    return found


def _answers(exercise: registry.Exercise, book: Casebook) -> list[StoredAnswer]:
    """What the reference and known mistakes answer to the calls of an exercise's checks."""
    known = KnownAnswers()  # of its own: what a user's casebook keeps of them is what was needed
    mistakes = mistakes_of(exercise.name) if registry.FACTS.show_mistakes else ()
    found: list[StoredAnswer] = []
    told: dict[wire.Payload, list[tuple[str, Packed]]] = {}  # several checks may make the same call
    for check in checks_of(exercise.topic)[exercise.name]:
        for place, case in enumerate(book.cases(check)):
            for number, call in enumerate(case.calls):
                if call not in told:
                    told[call] = _essences(case.position, number, call, known, mistakes)
                found += [(who, check.name, place, number, answer) for who, answer in told[call]]
    return found


def _essences(
    position: tuple[Any, ...], number: int, call: wire.Payload, known: KnownAnswers, mistakes: Sequence[Mistake]
) -> list[tuple[str, Packed]]:
    """What the reference answers to a call, under no name, and each known mistake that answers otherwise."""
    asked = call.value()
    record = Recorded(asked["driver"], asked["arguments"], Answer("value"), position, number)
    right = Packed.of(wire.encode(known.reference(registry.exercise(position[0]), record)))
    answers = [(mistake.identifier, Packed.of(wire.encode(known.mistaken(mistake, record)))) for mistake in mistakes]
    known.forget()
    return [("", right), *((who, answer) for who, answer in answers if answer != right)]
