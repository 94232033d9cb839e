"""The cases of every check for one seed: their calls, and what the reference answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.course import registry
from grader.running import diagnosis
from grader.running.reference import reference_subject
from grader.running.subjects import request
from grader.sandbox import wire
from grader.writing.ask import Ask
from grader.writing.check import EXAMPLES, Check
from grader.writing.failures import ReferenceFails


@dataclass(frozen=True)
class Case:
    """One case of a check and the calls that it makes, encoded for the pipe."""

    position: tuple[Any, ...]
    arguments: dict[str, Any]
    calls: tuple[wire.Payload, ...] = ()


class Casebook:
    """The cases of every check for one seed, their calls, and what the reference answers.

    All of it is the same for every submission, so it is worked out once: the reference takes each check first, and
    the calls that it is asked are the calls that a submission will be asked.
    """

    def __init__(self, seed: int, examples: int = EXAMPLES) -> None:
        self.seed, self.examples = seed, examples
        self.memory: dict[tuple[Any, ...], Any] = {}
        self.known_answers = diagnosis.KnownAnswers()
        self._cases: dict[tuple[str, str], list[Case]] = {}

    def cases(self, check: Check) -> list[Case]:
        """The cases of a check. Raises ReferenceFails, with the check and the case, where the reference fails one."""
        key = (check.exercise, check.name)
        if key not in self._cases:
            arguments = check.cases(self.seed, self.examples)
            self._cases[key] = [self._case(check, (*key, place), case) for place, case in enumerate(arguments)]
        return self._cases[key]

    def _case(self, check: Check, position: tuple[Any, ...], arguments: dict[str, Any]) -> Case:
        transcript = reference_passes(check, arguments, position, self.memory, self.seed)
        return Case(position, arguments, tuple(wire.encode(request(r.driver, r.arguments)) for r in transcript))


def reference_passes(
    check: Check, arguments: dict[str, Any], position: tuple[Any, ...], memory: dict[Any, Any] | None, seed: int
) -> list[Any]:
    """The calls that the reference is asked in a case. Raises ReferenceFails where it does not pass."""
    reference = reference_subject(registry.exercise(check.exercise).topic)
    ask = Ask(reference, reference)
    ask.at(position, memory)
    try:
        check.body(ask, **arguments)
    except Exception as error:
        case = f"{check.exercise}, {check.name}, seed {seed}, case {arguments!r}"
        raise ReferenceFails(f"the reference fails {case[:1500]}: {type(error).__name__}: {error}") from error
    return ask.transcript
