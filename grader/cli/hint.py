"""`grader hint NAME`: the next hint, and after full points the reference beside the student's own code."""

from __future__ import annotations

import difflib
import sys
import textwrap

from grader import registry, state
from grader.cli.check import named
from grader.exits import EARNED, UsageProblem
from grader.hints import hints_for
from grader.paths import exercises_folder, solutions_folder


def hint(name: str) -> int:
    """Prints the next hint for an exercise and remembers that it was given."""
    exercise = one_exercise(name)
    remembered = state.load()
    entry = remembered.setdefault(exercise.name, {})
    own = exercises_folder() / f"{exercise.topic}.py"
    reference = solutions_folder() / f"{exercise.topic}.py"
    if own.exists() and entry.get("solved_with") == state.digest(own.read_bytes()):
        return _offer_reference(exercise, own, reference)
    hints = hints_for(exercise.name)
    given = entry.get("hints_given", 0)
    place = min(given, len(hints) - 1) if isinstance(given, int) else 0
    print(f"Hint {place + 1} of {len(hints)} for {exercise.name}\n")
    print(textwrap.indent(_wrapped(hints[place]), "    "))
    entry["hints_given"] = place + 1
    state.save(remembered)
    print()
    if place + 1 < len(hints):
        print(f"More, and more explicit: grader hint {exercise.name}")
    else:
        print(f"That was the last hint. To start over: remove “{exercise.name}” from {state.file()}")
    return EARNED


def one_exercise(name: str) -> registry.Exercise:
    """The exercise of that name. Raises UsageProblem, with the topic's exercises where a topic was named."""
    found = named(name)
    if isinstance(found, registry.Topic):
        if len(found.exercises) == 1:
            return found.exercises[0]
        inside = ", ".join(exercise.name for exercise in found.exercises)
        raise UsageProblem(f"{found.name} is a topic; name one of its exercises: {inside}.")
    return found


def _wrapped(text: str) -> str:
    """Prose wrapped, indented lines (code, sums) as they are."""
    blocks = []
    for block in text.strip().split("\n\n"):
        code = any(line.startswith((" ", "\t")) for line in block.splitlines())
        blocks.append(block if code else textwrap.fill(" ".join(block.split()), 76))
    return "\n\n".join(blocks)


def _offer_reference(exercise: registry.Exercise, own, reference) -> int:
    print(f"{exercise.name} has all its points already. Well done.")
    if not reference.exists():
        return EARNED
    if not sys.stdin.isatty():
        print("In a terminal, this command shows the reference solution beside yours.")
        return EARNED
    import click

    if click.confirm("Show the reference solution beside yours?", default=True):
        from grader.stubs import StubError, function_source

        try:
            mine = function_source(own.read_text(encoding="utf-8"), exercise.name)
            theirs = function_source(reference.read_text(encoding="utf-8"), exercise.name)
        except (StubError, SyntaxError, UnicodeDecodeError) as error:
            print(f"It cannot be shown: {error}")
            return EARNED
        lines = difflib.unified_diff(mine, theirs, "yours", "the reference", lineterm="", n=100)
        print("\n".join(lines) or "They are the same, to the letter.")
    return EARNED
