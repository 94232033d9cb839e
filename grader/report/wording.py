"""The words that all views share: statuses, points, and how a check that is not right reads, line by line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich.cells import cell_len

from grader.course import registry
from grader.report import heatmap, pasting
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
NOT_GRADED = "not graded"
PRINTED = "What your code printed in this call:"
OUTPUT_LINES = 24
BRIEF_LINES = 6

Role = Literal["imports", "call", "label", "expected", "got", "judge", "message", "space"]
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
    return f"{number(score)} / {count(max_score, 'point')}"


def count(how_many: float, thing: str) -> str:
    """Such as "1 point", "2.5 points"."""
    return f"{number(how_many)} {thing if how_many == 1 else f'{thing}s'}"


def listed(names: Sequence[str]) -> str:
    """Such as "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def exercise_word(exercise: ExerciseResult) -> str:
    """The exercise's status in a word or two: where all is lost, how."""
    if exercise.unread:
        return NOT_GRADED
    if all(check.status == "skipped" for check in exercise.checks):
        return "waits" if exercise.waits else CHECK_WORDS["skipped"]
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


def failure_lines(
    check: CheckResult, *, topic: str, width: int, margin: int = 0, encoding: str = "utf-8", brief: bool = False
) -> Iterator[Line]:
    """A check that is not right: `answer_lines`, then `message_lines`."""
    yield from answer_lines(check, topic=topic, width=width, margin=margin, encoding=encoding, brief=brief)
    yield from message_lines(check, width=width - margin, encoding=encoding)


def answer_lines(
    check: CheckResult, *, topic: str, width: int, margin: int = 0, encoding: str = "utf-8", brief: bool = False
) -> Iterator[Line]:
    """The call, what was expected and who says so, and what came, in lines of at most `width` cells.

    What is code to paste begins at the very left, as Python wants it; the rest is for lines that begin at `margin`.
    `brief` leaves out the middle of a call that takes many lines to set up, and says so.
    """
    shown = check.counterexample
    if shown is None:
        return
    judge = one_line(shown.judge, columns=80)
    yield from _call(shown.call, topic, width, encoding, brief)
    width -= margin
    yield from _answer("expected", encodable(_value(shown.expected), encoding), width, encodable(judge, encoding))
    yield from _answer("got", encodable(_value(shown.got), encoding), width)
    yield from _around(check.picture, width)


def message_lines(check: CheckResult, *, width: int, encoding: str = "utf-8") -> Iterator[Line]:
    """What to make of it."""
    said, more = message(check), hint(check)
    text = f"{said}\n{more}" if "\n" in said else f"{said} {more}"
    for line in wrap(encodable(text.strip(), encoding), width, lines=16):
        yield ((line, "message"),)


def failure_text(exercise: ExerciseResult, check: CheckResult, *, width: int = 92) -> str:
    """The same as plain text, with the way to the code below it."""
    found = failure_lines(check, topic=exercise.topic, width=width)
    lines = ["".join(text for text, _ in line).rstrip() for line in found]
    return "\n".join([*lines, *_printed_in_the_call(check), *filter(None, [where(exercise)])])


def _printed_in_the_call(check: CheckResult) -> list[str]:
    text = many_lines(check.printed, lines=OUTPUT_LINES, columns=300)
    return [f"{PRINTED}\n{text}"] if text else []


def _briefly(code: pasting.Code, count_of_lines: int) -> list[str]:
    """A long call's first statement, and the student's own function with what is asked of it; the rest is counted."""
    first = list(code.statements[0])
    last = [line for statement in code.statements[max(code.asks, 1) :] for line in statement]
    if len(last) > BRIEF_LINES:
        last = list(code.statements[-1]) if len(code.statements) > 1 else []
    left_out = count_of_lines - len(first) - len(last)
    return [*first, f"# {count(left_out, 'more line')} to paste: --verbose", *last] if left_out else [*first, *last]


def _call(source: str, topic: str, width: int, encoding: str, brief: bool) -> Iterator[Line]:
    """A call to paste; what is no Python is shown as the text that it is."""
    code = pasting.code(source, topic, width=width)
    if code is None:
        for line in wrap(encodable(many_lines(source, lines=16), encoding), width, lines=16):
            yield ((line, "call"),)
        return
    for line in code.imports:
        yield ((line, "imports"),)
    lines = [line for statement in code.statements for line in statement]
    if brief and len(lines) > BRIEF_LINES:
        lines = _briefly(code, len(lines))
    for line in lines:
        yield ((encodable(line, encoding), "call"),)


def where(exercise: ExerciseResult, program: str = "grader") -> str:
    """Such as "exercises/shapes.py:41 · more: grader hint conv2d_output_shape"; no hint helps to read a file."""
    if exercise.unread:
        return one_line(exercise.location or exercise.unread)
    more = f"more: {program} hint {one_line(exercise.name)}" if registry.FACTS.show_hints else ""
    return " · ".join(filter(None, (one_line(exercise.location), more)))


def title(exercise: ExerciseResult) -> str:
    """What a failure is a failure of: the exercise, or the file that could not be read."""
    return one_line(exercise.unread or exercise.name)


def not_graded(exercise: ExerciseResult) -> str:
    """What is said of an exercise whose file cannot be read."""
    return f"{NOT_GRADED}: the file cannot be read"


def together(report: Report, exercise: ExerciseResult) -> tuple[ExerciseResult, ...]:
    """The exercises that were not graded for the same reason: their file cannot be read. Else the exercise alone."""
    if not exercise.unread:
        return (exercise,)
    return tuple(other for other in report.exercises if other.unread == exercise.unread)


def speaks(report: Report, exercise: ExerciseResult) -> bool:
    """Whether an exercise's failure is told: of a file that cannot be read it is told once."""
    return together(report, exercise)[0] is exercise


def begun(report: Report) -> list[ExerciseResult]:
    """The exercises that are begun and not right; a file that cannot be read counts as one, by its first exercise."""
    return [e for e in report.exercises if e.status in ("partial", "failed") and speaks(report, e)]


def waiting(exercises: Sequence[ExerciseResult]) -> str:
    """What hangs on a file that cannot be read."""
    names = [one_line(exercise.name) for exercise in exercises]
    return f"Until then {listed(names)} cannot be graded."


def told_together(exercise: ExerciseResult) -> tuple[tuple[CheckResult, ...], ...]:
    """The checks that are not right; those that one known mistake fails, or of which the same is said, are together."""
    groups: dict[Any, list[CheckResult]] = {}
    for place, check in enumerate(open_checks(exercise)):
        alike = None if check.counterexample else (check.status, check.message)
        groups.setdefault(check.misconception or alike or place, []).append(check)
    return tuple(map(tuple, groups.values()))


def known_mistake(group: Sequence[CheckResult]) -> str:
    """The mistake's name, and the checks that it fails where they are several."""
    name = one_line(group[0].misconception or "")
    checks = listed([one_line(check.name) for check in group])
    if len(group) == 1:
        return f"Known mistake: {name}." if name else ""
    return f"Known mistake: {name}. It fails {checks}." if name else f"The same is true of {checks}."


def still_open(exercise: ExerciseResult) -> str:
    """What is not right besides the check that is told first, in a sentence."""
    (first, *same), *others = told_together(exercise)
    rest = sum(map(len, others))
    said = []
    if same and first.misconception:
        said.append(f"The same mistake fails {count(len(same), 'more check')}.")
    else:
        rest += len(same)
    if rest:
        said.append(f"{count(rest, 'more check')} {'is' if rest == 1 else 'are'} not right yet.")
    return " ".join([*said, "--verbose shows all."]) if said else ""


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
    expected, got = heatmap.rows(picture.get("expected")), heatmap.rows(picture.get("got"))
    if not any(expected) or [len(row) for row in expected] != [len(row) for row in got]:
        return
    column = max(len(f"{value:.4g}") for side in (expected, got) for row in side for value in row)
    lines: list[Line] = [(("  around it, as expected and as yours (* differs):", "label"),)]
    for right, mine in zip(expected, got, strict=True):
        left = "  ".join(f"{value:>{column}.4g}" for value in right)
        pairs = zip(mine, right, strict=True)
        marks = ["" if heatmap.close(value, other, 1e-5 + 1e-4 * abs(other)) else "*" for value, other in pairs]
        beside = "  ".join(f"{f'{value:.4g}' + mark:>{column + 1}}" for value, mark in zip(mine, marks, strict=True))
        lines.append(((f"{' ' * 12}{left}", "expected"), ("   |  ", "space"), (beside, "got")))
    if all(sum(cell_len(text) for text, _ in line) <= width for line in lines):
        yield from lines


def _value(text: str) -> str:
    return many_lines(text, lines=8, columns=400)


def _answer(label: Literal["expected", "got"], value: str, width: int, judge: str = "") -> Iterator[Line]:
    lines = wrap(value, width - 12, lines=6)
    beside = judge and len(lines) == 1 and 12 + cell_len(lines[0]) + 6 + cell_len(judge) <= width
    for first, line in zip([True, *[False] * len(lines)], lines, strict=False):
        margin: tuple[str, Role] = (f"  {label:<8}  " if first else " " * 12, "label")
        gap: tuple[tuple[str, Role], ...] = (("      ", "space"), (judge, "judge")) if beside else ()
        yield (margin, (line, label), *gap)
    if judge and not beside:
        for line in textwrap.wrap(f"({judge})", width - 12):
            yield ((" " * 12, "label"), (line, "judge"))
