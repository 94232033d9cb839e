"""The Markdown view, for GitHub's step summaries and pull-request comments.

Whatever comes from a submission stands in fenced blocks or code spans: there GitHub makes no links, mentions, issue
numbers, pictures, emoji or HTML of it. A fence is longer than any run of backticks inside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.report import wording
from grader.report.model import ExerciseResult, Report
from grader.report.text import many_lines, one_line

COMMENT_LIMIT = 60_000  # GitHub takes 65,536 characters for a comment, and a mebibyte for a step summary
_SIGNS = {"passed": "✅", "partial": "🟡", "failed": "❌", "not_started": "⚪"}


def render(report: Report) -> str:
    """The report as GitHub-flavoured Markdown, within the size of a comment."""
    document = "\n\n".join(_summary(report)) + "\n"
    begun = wording.begun(report)
    for position, exercise in enumerate(begun):
        section = f"\n{_section(report, exercise)}\n"
        if len(document) + len(section) > COMMENT_LIMIT:
            left = len(begun) - position
            document += f"\n{wording.count(left, 'more exercise')} {'is' if left == 1 else 'are'} in the full report.\n"
            break
        document += section
    return document


def code(text: str) -> str:
    """The text on one line as a code span that also stands in a table's cell."""
    text = one_line(text, columns=120) or " "
    marks = "`" * (_longest_run(text) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{padding}{text}{padding}{marks}".replace("|", "\\|")


def fenced(text: str) -> str:
    """The text, already made harmless, as a fenced block."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _summary(report: Report) -> list[str]:
    counts = wording.tally(report.exercises)
    parts = [
        f"## {wording.points(report.score, report.max_score)}",
        f"{code(report.submission)}: {wording.count(counts.total, 'exercise')}, {counts.passed} passed, {counts.begun} begun, "
        f"{counts.not_started} not started.",
    ]
    if report.notes:
        parts.append(fenced("\n".join(one_line(note) for note in report.notes)))
    if report.first_open is not None:
        parts.append(_next(report.first_open))
    rows = ["| Topic | Exercise | Status | Points |", "| --- | --- | --- | ---: |"]
    for topic, exercises in wording.by_topic(report).items():
        for position, exercise in enumerate(exercises):
            status = f"{_SIGNS[exercise.status]} {wording.exercise_word(exercise)}"
            score = f"{wording.number(exercise.score)} / {wording.number(exercise.max_score)}"
            rows.append(f"| {'' if position else code(topic)} | {code(exercise.name)} | {status} | {score} |")
    return [*parts, "\n".join(rows)]


def _next(exercise: ExerciseResult) -> str:
    if exercise.unread:
        return f"Next: mend {code(wording.where(exercise))}, which cannot be read."
    place = f" in {code(exercise.location)}" if exercise.location else ""
    return f"Next: {code(exercise.name)}{place}."


def _section(report: Report, exercise: ExerciseResult) -> str:
    if exercise.unread:
        return _unread(wording.together(report, exercise))
    parts = [
        f"### {_SIGNS[exercise.status]} {code(exercise.name)}: {wording.points(exercise.score, exercise.max_score)}"
    ]
    if exercise.note:
        parts.append(fenced(many_lines(exercise.note)))
    for group in wording.told_together(exercise):
        names = ", ".join(code(check.name) for check in group)
        parts.append(f"{names}: {wording.CHECK_WORDS[group[0].status]}")
        parts.append(fenced(wording.failure_text(exercise, group[0])))
    if exercise.output:
        parts += ["What the code printed:", fenced(wording.printed(exercise))]
    return "\n\n".join(parts)


def _unread(exercises: Sequence[ExerciseResult]) -> str:
    """A file that cannot be read, told once for all exercises in it."""
    first = exercises[0]
    parts = [f"### {_SIGNS['failed']} {code(first.unread)}: cannot be read"]
    parts += [fenced(wording.failure_text(first, check)) for check in first.checks[:1]]
    parts.append(f"Until then, not graded: {', '.join(code(exercise.name) for exercise in exercises)}.")
    return "\n\n".join(parts)
