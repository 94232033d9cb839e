"""The cases of every check for one seed: their calls, and what the reference answers.

All of it is the same for every submission, so it is worked out once: the reference takes each check first, and the calls
that it is asked are the calls that a submission will be asked. What was worked out is kept on a shelf: the next one who
grades needs neither Hypothesis nor the reference.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import torch

from grader.course import registry
from grader.course.handed_out import WITHHELD
from grader.running import diagnosis
from grader.running.loading import checks_of
from grader.running.reference import reference_subject
from grader.running.shelf import Packed, Shelf, StoredCase, StoredTopic
from grader.running.subjects import request
from grader.sandbox import wire
from grader.writing import as_python
from grader.writing.ask import Ask, Recorded
from grader.writing.check import EXAMPLES, Check
from grader.writing.failures import ReferenceFails, Withheld

Digests = tuple[bytes, ...]


@dataclass
class Case:
    """One case of a check and the calls that it makes, encoded for the pipe."""

    position: tuple[Any, ...]
    given: dict[str, Any] | Packed
    calls: tuple[wire.Payload, ...] = ()
    # The replies that are known to pass, by their digests: the reference's, and those that passed while this lived. A check
    # is a function of its case and of the replies, so the same bytes need not be judged again.
    passing: set[Digests] = field(default_factory=set)

    @functools.cached_property
    def arguments(self) -> dict[str, Any]:
        """What the check's body is called with."""
        return cast(dict[str, Any], self.given.payload.value()) if isinstance(self.given, Packed) else self.given

    def known(self) -> list[frozenset[bytes]]:
        """By call, the digests of replies that may pass."""
        return [frozenset(replies[place] for replies in self.passing) for place in range(len(self.calls))]


class _Memory(dict[tuple[Any, ...], Any]):
    """Answers by position and number; those from the shelf are unpacked when they are asked for."""

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        found = super().__getitem__(key)
        if isinstance(found, Packed):
            found = self[key] = unpacked(found)
        return found


class Casebook:
    """Cases, calls and answers; `save` keeps what was worked out, where there is a shelf."""

    def __init__(self, seed: int, examples: int = EXAMPLES, shelf: Shelf | None = None) -> None:
        self.seed, self.examples, self.shelf = seed, examples, shelf
        self.memory: dict[tuple[Any, ...], Any] = _Memory()
        self.known_answers = diagnosis.KnownAnswers()
        self._cases: dict[tuple[str, str], list[Case]] = {}
        self._stored: dict[str, StoredTopic] = {}
        self._grown: set[str] = set()  # topics of which more is known than was stored

    def cases(self, check: Check) -> list[Case]:
        """The cases of a check. Raises ReferenceFails, with the check and the case, where the reference fails one."""
        key = (check.exercise, check.name)
        if key not in self._cases:
            topic = registry.exercise(check.exercise).topic
            stored = self._of_topic(topic).cases.get(check.exercise, {}).get(check.name)
            if stored is None:
                self._cases[key] = self._worked_out(check, topic)
            else:
                self._cases[key] = [self._taken((*key, place), case) for place, case in enumerate(stored)]
        return self._cases[key]

    def take(self, topic: str) -> bool:
        """Takes a topic from the shelf before it is asked for; whether it was there."""
        found = self.shelf is not None and topic not in self._stored and bool(self._of_topic(topic).cases)
        for checks in checks_of(topic).values() if found else ():
            for check in checks:
                if check.name in self._stored[topic].cases.get(check.exercise, {}):
                    self.cases(check)
        return found

    def whole(self, topic: str) -> StoredTopic:
        """All that a shelf holds of a topic, every case worked out. There must be a shelf. Raises ReferenceFails."""
        for checks in checks_of(topic).values():
            for check in checks:
                self.cases(check)
        return self._of_topic(topic)

    def save(self) -> bool:
        """Keeps what was worked out since the last time; whether there was anything."""
        if self.shelf is None:
            return False
        try:
            return self._save(self.shelf)
        except Exception as error:  # what cannot be kept costs nobody a report
            self.shelf.notes.append(f"The casebook could not be kept: {type(error).__name__}: {error}")
            return False

    def _save(self, shelf: Shelf) -> bool:
        for exercise, answers in self.known_answers.new().items():
            topic = registry.exercise(exercise).topic
            self._of_topic(topic).answers.setdefault(exercise, []).extend(answers)
            self._grown.add(topic)
        for topic in sorted(self._grown):
            shelf.write(topic, self.seed, self.examples, self._stored[topic])
        grown = bool(self._grown)
        self._grown.clear()
        return grown

    def _of_topic(self, topic: str) -> StoredTopic:
        if topic not in self._stored:
            found = self.shelf.read(topic, self.seed, self.examples) if self.shelf else None
            self._stored[topic] = found or StoredTopic()
            for exercise, answers in self._stored[topic].answers.items():
                self.known_answers.take(exercise, answers)
        return self._stored[topic]

    def _taken(self, position: tuple[Any, ...], stored: StoredCase) -> Case:
        """A case from the shelf."""
        for number, packed in enumerate(stored.remembered, start=1):
            self.memory[(*position, number)] = packed
        calls = tuple(call.payload for call in stored.calls)
        return Case(position, stored.arguments, calls, {tuple(stored.replies)})

    def _worked_out(self, check: Check, topic: str) -> list[Case]:
        """Cases that are generated, and that the reference takes."""
        if WITHHELD:
            raise Withheld(
                f"the casebook of {topic} is missing in this handout, or damaged: get it anew from the course"
            )
        cases, stored = [], []
        for place, arguments in enumerate(check.cases(self.seed, self.examples)):
            position = (check.exercise, check.name, place)
            transcript = reference_passes(check, arguments, position, self.memory, self.seed)
            calls = tuple(wire.encode(request(record.driver, record.arguments)) for record in transcript)
            replies = tuple(_digest_of(record) for record in transcript)
            cases.append(Case(position, arguments, calls, {replies} if all(replies) else set()))
            if self.shelf is not None and all(replies):
                remembered = [packed(value) for value in _numbered(self.memory, position)]
                stored.append(
                    StoredCase(
                        Packed.of(wire.encode(arguments)), remembered, list(map(Packed.of, calls)), list(replies)
                    )
                )
        if len(stored) == len(cases):
            self._of_topic(topic).cases.setdefault(check.exercise, {})[check.name] = stored
            self._grown.add(topic)
        return cases


def _digest_of(record: Recorded) -> bytes:
    """The digest of the reply that a worker sends for such an answer; empty where it depends on the worker."""
    if record.answer.kind == "value":
        return wire.encode({"value": record.answer.value}).digest
    if record.answer.kind == "raised":
        frames = [list(frame) for frame in record.answer.details["frames"]]
        return wire.encode({"raised": {**record.answer.details, "frames": frames}}).digest
    return b""


def _numbered(memory: dict[tuple[Any, ...], Any], position: tuple[Any, ...]) -> Sequence[Any]:
    """What is remembered of a case, in the order in which it was asked."""
    found: list[Any] = []
    while (key := (*position, len(found) + 1)) in memory:
        found.append(memory[key])
    return found


def packed(value: Any) -> Packed:
    """A value for the shelf; named arrays in it keep the expressions that made them."""
    expressions = [getattr(array, "expression", None) for array in _arrays(value)]
    return Packed.of(wire.encode([value, expressions if any(expressions) else []]))


def unpacked(stored: Packed) -> Any:
    """The value that was `packed`."""
    value, expressions = cast(list[Any], stored.payload.value())
    named = iter(expressions)
    return _renamed(value, named) if expressions else value


def _arrays(value: Any) -> Iterator[Any]:
    """The tensors and arrays in a value, from left to right."""
    if isinstance(value, tuple | list):
        for part in value:
            yield from _arrays(part)
    elif isinstance(value, dict):
        yield from _arrays(list(value.values()))
    elif isinstance(value, np.ndarray | torch.Tensor):
        yield value


def _renamed(value: Any, expressions: Iterator[str | None]) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(_renamed(part, expressions) for part in value)
    if isinstance(value, dict):
        return {name: _renamed(part, expressions) for name, part in value.items()}
    if not isinstance(value, np.ndarray | torch.Tensor):
        return value
    expression = next(expressions)
    return value if expression is None else as_python.named(value, expression)


def reference_passes(
    check: Check, arguments: dict[str, Any], position: tuple[Any, ...], memory: dict[Any, Any] | None, seed: int
) -> list[Recorded]:
    """The calls that the reference is asked in a case. Raises ReferenceFails where it does not pass."""
    reference = reference_subject(registry.exercise(check.exercise).topic)
    ask = Ask(reference, reference)
    ask.at(position, memory)
    try:
        check.body(ask, **arguments)
    except Exception as error:
        case = f"{check.exercise}, {check.name}, seed {seed}, case {arguments!r}"
        raise ReferenceFails(f"the reference fails {case[:1500]}: {type(error).__name__}: {error}") from error
    return [record.recorded() for record in ask.transcript]
