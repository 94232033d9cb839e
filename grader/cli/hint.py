"""`grader hint NAME`: the next hint, and after full points the reference beside the student's own code."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.cli.asking import somebody_answers
from grader.cli.check import named, students_folder
from grader.course import registry, state
from grader.course.hints import hints_for
from grader.course.paths import solutions_folder
from grader.exits import EARNED, UsageProblem
from grader.files.beneath import Unreadable, beneath, read_all
from grader.program import command
from grader.submissions.folder import MOST_BYTES


def hint(name: str, *, again: bool, every: bool, width: int = 80, further: str = "") -> int:
    """Prints the next hint for an exercise and remembers that it was given; or those that were, or all.

    `further` says how to come to the next one, where it is not by this command.
    """
    exercise = one_exercise(name)
    work = students_folder()
    remembered = state.load(work)
    entry = remembered.setdefault(exercise.name, {})
    own = _own_module(work, exercise.topic)
    if not (again or every) and own is not None and entry.get("solved_with") == state.digest(own):
        return _offer_reference(exercise, own, solutions_folder() / f"{exercise.topic}.py")
    if not registry.FACTS.show_hints:
        raise UsageProblem("this course shows no hints: ask those who teach it")
    hints = hints_for(exercise.name)
    seen = _seen(entry, len(hints))
    if every:
        shown = range(len(hints))
    elif again:
        shown = range(max(seen - 1, 0), max(seen, 1))
    else:
        shown = range(min(seen, len(hints) - 1), min(seen + 1, len(hints)))
    _print(exercise, hints, shown, width)
    entry["hints_given"] = max(seen, shown.stop)
    is_kept = _keep(work, remembered)
    if shown.stop < len(hints) and is_kept:
        print(f"More, and more explicit: {further or command('hint', exercise.name)}")
    elif shown.stop < len(hints):
        print(f"All {len(hints)} hints at once: {command('hint', exercise.name, '--all')}")
    elif not every:
        print(f"That was the last hint. All of them again: {command('hint', exercise.name, '--all')}")
    return EARNED


def _own_module(work: Path, topic: str) -> bytes | None:
    """The student's module, read once; None where there is none that can be read."""
    try:
        with beneath(work, named=False) as folder:
            return read_all(folder.open(f"{topic}.py"), MOST_BYTES)
    except (OSError, Unreadable):
        return None


def _seen(entry: dict[str, Any], most: int) -> int:
    """How many hints were given; a file that somebody has changed by hand is no reason to fail."""
    given = entry.get("hints_given", 0)
    return min(max(given, 0), most) if isinstance(given, int) else 0


def _print(exercise: registry.Exercise, hints: Sequence[str], shown: range, width: int) -> None:
    for place in shown:
        print(f"Hint {place + 1} of {len(hints)} for {exercise.name}\n")
        print(textwrap.indent(_wrapped(hints[place], width - 4), "    "), end="\n\n")


def _keep(work: Path, remembered: dict[str, Any]) -> bool:
    """Remembers, or says that it cannot."""
    try:
        state.save(work, remembered)
        return True
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        print(f"Which hints you have seen cannot be kept: {state.file(work).parent} cannot be written ({reason}).")
        return False


def one_exercise(name: str) -> registry.Exercise:
    """The exercise of that name. Raises UsageProblem, with the topic's exercises where a topic was named."""
    found = named(name)
    if isinstance(found, registry.Topic):
        if len(found.exercises) == 1:
            return found.exercises[0]
        inside = ", ".join(exercise.name for exercise in found.exercises)
        raise UsageProblem(f"{found.name} is a topic; name one of its exercises: {inside}.")
    return found


def _wrapped(text: str, width: int) -> str:
    """Prose wrapped, indented lines (code, sums) as they are."""
    blocks = []
    for block in text.strip().split("\n\n"):
        code = any(line.startswith((" ", "\t")) for line in block.splitlines())
        blocks.append(block if code else textwrap.fill(" ".join(block.split()), width))
    return "\n\n".join(blocks)


def _offer_reference(exercise: registry.Exercise, own: bytes, reference: Path) -> int:
    print(f"{exercise.name} has all its points already. Well done.")
    if registry.FACTS.show_hints:
        print(f"Its hints all the same: {command('hint', exercise.name, '--all')}")
    if not reference.exists() or not registry.FACTS.show_solutions:
        return EARNED
    if not somebody_answers():
        print("In a terminal, this command also shows the reference solution beside yours.")
        return EARNED
    import click

    if click.confirm("Show the reference solution beside yours?", default=True):
        from grader.course.stubs import StubError, function_source

        try:
            mine = function_source(own.decode(), exercise.name, docstring=False)
            theirs = function_source(reference.read_text(encoding="utf-8"), exercise.name, docstring=False)
        except (StubError, SyntaxError, UnicodeDecodeError) as error:
            print(f"It cannot be shown: {error}")
            return EARNED
        lines = difflib.unified_diff(mine, theirs, "yours", "the reference", lineterm="", n=100)
        print("\n".join(lines) or "They are the same, to the letter.")
    return EARNED
