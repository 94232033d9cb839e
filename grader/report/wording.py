"""The words that all views share: statuses, points, and how a check that is not right reads, line by line."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from rich.cells import cell_len

from grader.report.model import CheckResult, CheckStatus, ExerciseResult, ExerciseStatus, Report, tidy
from grader.report.text import encodable, many_lines, one_line, wrap

CHECK_WORDS: dict[CheckStatus, str] = {
    "passed": "passed",
    "failed": "failed",
    "error": "error",
    "timeout": "timed out",
    "crashed": "crashed",
    "not_started": "not started",
    "forbidden": "off limits",
    "skipped": "graded later",
}
EXERCISE_WORDS: dict[ExerciseStatus, str] = {
    "passed": "passed",
    "partial": "partial",
    "failed": "failed",
    "not_started": "not started",
}
# What a check says that came without a message.
_DEFAULT_MESSAGES: dict[CheckStatus, str] = {
    "passed": "",
    "failed": "This is not the expected answer.",
    "error": "Your code raised an error.",
    "timeout": "Your code did not come back in time.",
    "crashed": "The process that ran your code died.",
    "not_started": "This exercise is not started yet.",
    "forbidden": "Your code used something that this exercise rules out.",
    "skipped": "Your course grades this, not you.",
}
OUTPUT_LINES = 24
BRIEF_STATEMENTS = 4

Role = Literal["call", "label", "expected", "got", "judge", "message", "space"]
Line = tuple[tuple[str, Role], ...]


@dataclass(frozen=True)
class Tally:
    """How many exercises stand how."""

    passed: int
    begun: int
    not_started: int

    @property
    def total(self) -> int:
        return self.passed + self.begun + self.not_started


def tally(exercises: tuple[ExerciseResult, ...]) -> Tally:
    statuses = [exercise.status for exercise in exercises]
    passed, waiting = statuses.count("passed"), statuses.count("not_started")
    return Tally(passed, len(statuses) - passed - waiting, waiting)


def by_topic(report: Report) -> dict[str, tuple[ExerciseResult, ...]]:
    """The report's exercises by topic, both in the report's order."""
    topics: dict[str, list[ExerciseResult]] = {}
    for exercise in report.exercises:
        topics.setdefault(exercise.topic, []).append(exercise)
    return {topic: tuple(exercises) for topic, exercises in topics.items()}


def number(points: float) -> str:
    """Points as people write them: 2, 2.5."""
    return f"{tidy(points):.6g}"


def points(score: float, max_score: float) -> str:
    """Such as "2 / 6 points"."""
    return f"{number(score)} / {number(max_score)} {'point' if max_score == 1 else 'points'}"


def exercise_word(exercise: ExerciseResult) -> str:
    """The exercise's status in a word or two: where all is lost, how."""
    if all(check.status == "skipped" for check in exercise.checks):
        return CHECK_WORDS["skipped"]
    worst = exercise.worst_check
    if exercise.status == "failed" and worst is not None:
        return CHECK_WORDS[worst.status]
    return EXERCISE_WORDS[exercise.status]


def message(check: CheckResult) -> str:
    """What the student reads about a check, made harmless and short."""
    return many_lines(check.message, lines=30) or _DEFAULT_MESSAGES[check.status]


def hint(check: CheckResult) -> str:
    """The check's hint, unless the message gives it already."""
    said = many_lines(check.hint or "", lines=8)
    return "" if said in message(check) else said


def failure_lines(check: CheckResult, *, width: int, encoding: str = "utf-8", brief: bool = False) -> Iterator[Line]:
    """A check that is not right, in lines of at most `width` cells.

    The call, what was expected and who says so, what came, and what to make of it. `brief` leaves out the middle of a
    call that takes many lines to set up.
    """
    shown = check.counterexample
    if shown is not None:
        judge = one_line(shown.judge, columns=80)
        statements = many_lines(shown.call, lines=16, columns=600).split("\n")
        if brief and len(statements) > BRIEF_STATEMENTS:
            left_out = f"… {len(statements) - 2} more lines to paste: --verbose"
            statements = [statements[0], left_out, statements[-1]]
        for statement in statements:
            for position, line in enumerate(wrap(encodable(statement, encoding), width - 4, lines=4)):
                yield ((("    " if position else "") + line, "call"),)
        yield from _answer("expected", encodable(_value(shown.expected), encoding), width, encodable(judge, encoding))
        yield from _answer("got", encodable(_value(shown.got), encoding), width)
        yield from _around(check.picture, width)
    said, more = message(check), hint(check)
    text = f"{said}\n{more}" if "\n" in said else f"{said} {more}"
    for line in wrap(encodable(text.strip(), encoding), width, lines=16):
        yield ((line, "message"),)


def failure_text(exercise: ExerciseResult, check: CheckResult, *, width: int = 92) -> str:
    """The same as plain text, with the way to the code below it."""
    lines = ["".join(text for text, _ in line).rstrip() for line in failure_lines(check, width=width)]
    return "\n".join([*lines, where(exercise)])


def where(exercise: ExerciseResult, program: str = "grader") -> str:
    """Such as "exercises/shapes.py:41 · more: grader hint conv2d_output_shape"."""
    more = f"more: {program} hint {one_line(exercise.name)}"
    return f"{one_line(exercise.location)} · {more}" if exercise.location else more


def printed(exercise: ExerciseResult, *, lines: int = OUTPUT_LINES) -> str:
    """What the student's code printed, made harmless and cut to a screen."""
    return many_lines(exercise.output, lines=lines, columns=300)


def is_open(check: CheckResult) -> bool:
    """Whether a check is not right, so that a student has something to do."""
    return check.status not in ("passed", "skipped")


def look(check: CheckResult) -> ExerciseStatus:
    """Which of the exercises' statuses a check is drawn like: the sign and the colour, not the word."""
    if is_open(check):
        return "not_started" if check.status == "not_started" else "failed"
    return "passed" if check.status == "passed" else "not_started"


def open_checks(exercise: ExerciseResult) -> tuple[CheckResult, ...]:
    return tuple(filter(is_open, exercise.checks))


def later_points(report: Report) -> float:
    """The points of checks that the course grades, because their solutions were withheld."""
    checks = (check for exercise in report.exercises for check in exercise.checks)
    return tidy(sum(check.max_score - check.score for check in checks if check.status == "skipped"))


def _around(picture: dict[str, Any] | None, width: int) -> Iterator[Line]:
    """The numbers around the first difference, expected beside got, where there is room; those that differ are marked."""
    if picture is None or picture.get("whole", True):
        return
    expected, got = picture["expected"], picture["got"]
    cells = [[[f"{value:.4g}" for value in row] for row in side] for side in (expected, got)]
    column = max(len(cell) for side in cells for row in side for cell in row)
    lines: list[Line] = [(("  around it, as expected and as yours (* differs):", "label"),)]
    for row, (right, mine) in enumerate(zip(*cells, strict=True)):
        pairs = zip(expected[row], got[row], strict=True)
        marks = ["" if math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-5) else "*" for one, other in pairs]
        beside = "  ".join(f"{cell + mark:>{column + 1}}" for cell, mark in zip(mine, marks, strict=True))
        left = "  ".join(f"{cell:>{column}}" for cell in right)
        lines.append(((f"{' ' * 12}{left}", "expected"), ("   |  ", "space"), (beside, "got")))
    if all(sum(cell_len(text) for text, _ in line) <= width for line in lines):
        yield from lines


def _value(text: str) -> str:
    return many_lines(text, lines=8, columns=400)


def _answer(label: str, value: str, width: int, judge: str = "") -> Iterator[Line]:
    lines = wrap(value, width - 12, lines=6)
    beside = judge and len(lines) == 1 and 12 + cell_len(lines[0]) + 6 + cell_len(judge) <= width
    for first, line in zip([True, *[False] * len(lines)], lines, strict=False):
        margin = (f"  {label:<8}  " if first else " " * 12, "label")
        yield (margin, (line, label), *((("      ", "space"), (judge, "judge")) if beside else ()))
    if judge and not beside:
        for line in textwrap.wrap(f"({judge})", width - 12):
            yield ((" " * 12, "label"), (line, "judge"))
