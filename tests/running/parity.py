"""Grades samples, known mistakes and wrong answers with forked workers and with started ones, and lists what differs.

`python -m tests.running.parity` takes half an hour on two cores; `python -m tests.running.parity 3/40` takes every
fortieth from the third on.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from typing import Any

from grader.course import registry
from grader.running import run
from grader.running.casebook import Casebook
from grader.running.loading import all_mistakes
from grader.running.reference import reference_text
from grader.running.session import Session
from grader.running.shelf import Shelf
from grader.sandbox.outer.starting import StartingNursery
from grader.writing.difference import Difference
from tests.topics.test_samples import STYLES, _held
from tests.wrong.base import all_wrong_answers
from tests.wrong.text import HasNoText, text_of

Work = tuple[str, dict[str, bytes], list[str]]  # a label, modules, and the exercises that are graded


def works() -> Iterator[Work]:
    """All that can be handed in as text."""
    for folder in STYLES:
        sources, there = _held(folder)
        yield folder.name, sources, [exercise.name for exercise in there]
    for mistake in all_mistakes():
        if isinstance(mistake.wrong, Difference):
            text = mistake.wrong.written_into(reference_text(mistake.topic))
            yield f"{mistake.exercise}: {mistake.identifier}", {mistake.topic: text.encode()}, [mistake.exercise]
    for answer in all_wrong_answers():
        try:
            text = text_of(answer)
        except HasNoText:
            continue
        yield str(answer), {registry.exercise(answer.exercise).topic: text.encode()}, [answer.exercise]


def both_ways(part: list[Work]) -> list[tuple[str, str]]:
    """Of each work its label and what differs: nothing, or what was said either way."""
    found = []
    with Session.start(processes=1) as session, StartingNursery() as starting:
        starting.hidden = session.nurseries[0].hidden
        book = Casebook(0, shelf=Shelf.of_user())
        for label, sources, names in part:
            exercises = [registry.exercise(name) for name in names]
            said: list[dict[str, Any]] = []
            for nursery in (session.nurseries[0], starting):
                report = run.grade(sources, name=label, nursery=nursery, casebook=book, exercises=exercises)
                said.append({**report.as_dict(), "protections": (), "duration_seconds": 0})
            found.append((label, "" if said[0] == said[1] else difference(*said)))
    return found


def difference(forked: Any, started: Any, place: str = "") -> str:
    """The first values that are not the same, and where in the reports they stand."""
    if isinstance(forked, dict) and isinstance(started, dict) and forked.keys() == started.keys():
        pairs = [(f"{place}.{key}", forked[key], started[key]) for key in forked]
    elif isinstance(forked, list | tuple) and isinstance(started, list | tuple) and len(forked) == len(started):
        pairs = [(f"{place}[{number}]", *pair) for number, pair in enumerate(zip(forked, started, strict=True))]
    else:
        return f"{place}: {forked!r} forked, {started!r} started"
    return next(difference(a, b, where) for where, a, b in pairs if a != b)


def main() -> int:
    """Compares all, or a part, and prints what differs; 1 where something does."""
    first, _, step = (sys.argv[1] if len(sys.argv) > 1 else "1/1").partition("/")
    wanted = list(works())[int(first) - 1 :: int(step)]
    parts = [wanted[at : at + 10] for at in range(0, len(wanted), 10)]
    different = done = 0
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for part in pool.imap_unordered(both_ways, parts):
            done += len(part)
            for label, what in part:
                if what:
                    different += 1
                    print(f"{label}{what}")
            print(f"{done} of {len(wanted)} compared, {different} differ", flush=True)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
