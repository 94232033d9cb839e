"""The Markdown view, for GitHub's step summaries and pull-request comments.

Whatever comes from a submission stands in fenced blocks or code spans: there GitHub makes no links, mentions, issue
numbers, pictures, emoji or HTML of it. A fence is longer than any run of backticks inside it.
"""

from __future__ import annotations

import re

from grader.report import wording
from grader.report.model import ExerciseResult, Report
from grader.report.text import one_line

COMMENT_LIMIT = 60_000  # GitHub takes 65,536 characters for a comment, and a mebibyte for a step summary
_SIGNS = {"passed": "✅", "partial": "🟡", "failed": "❌", "not_started": "⚪"}


def render(report: Report) -> str:
    """The report as GitHub-flavoured Markdown, within the size of a comment."""
    document = "\n\n".join(_summary(report)) + "\n"
    begun = [exercise for exercise in report.exercises if exercise.status in ("partial", "failed")]
    for position, exercise in enumerate(begun):
        section = f"\n{_section(exercise)}\n"
        if len(document) + len(section) > COMMENT_LIMIT:
            left = len(begun) - position
            document += f"\n{left} more {'exercise is' if left == 1 else 'exercises are'} in the full report.\n"
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
        f"{code(report.submission)}: {counts.total} exercises, {counts.passed} passed, {counts.begun} begun, "
        f"{counts.not_started} not started.",
    ]
    if report.notes:
        parts.append(fenced("\n".join(one_line(note) for note in report.notes)))
    if report.first_open is not None:
        place = f" in {code(report.first_open.location)}" if report.first_open.location else ""
        parts.append(f"Next: {code(report.first_open.name)}{place}.")
    rows = ["| Topic | Exercise | Status | Points |", "| --- | --- | --- | ---: |"]
    for topic, exercises in wording.by_topic(report).items():
        for position, exercise in enumerate(exercises):
            status = f"{_SIGNS[exercise.status]} {wording.exercise_word(exercise)}"
            score = f"{wording.number(exercise.score)} / {wording.number(exercise.max_score)}"
            rows.append(f"| {'' if position else code(topic)} | {code(exercise.name)} | {status} | {score} |")
    return [*parts, "\n".join(rows)]


def _section(exercise: ExerciseResult) -> str:
    parts = [
        f"### {_SIGNS[exercise.status]} {code(exercise.name)}: {wording.points(exercise.score, exercise.max_score)}"
    ]
    for check in wording.open_checks(exercise):
        parts.append(f"{code(check.name)}: {wording.CHECK_WORDS[check.status]}")
        parts.append(fenced(wording.failure_text(exercise, check)))
    if exercise.output:
        parts += ["What the code printed:", fenced(wording.printed(exercise))]
    return "\n\n".join(parts)
