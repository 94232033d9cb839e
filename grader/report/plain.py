"""What is said of exercises and checks in plain text, for views that platforms show as they come."""

from __future__ import annotations

from grader.report import wording
from grader.report.model import CheckResult, ExerciseResult, Report
from grader.report.text import many_lines, one_line


def exercise_text(report: Report, exercise: ExerciseResult) -> str:
    """All that there is to say of an exercise."""
    if exercise.unread:
        return _unread(report, exercise)
    if exercise.status == "not_started":
        return f"Not started.\n{wording.where(exercise)}"
    blocks = [many_lines(exercise.note)] if exercise.note else []
    for check in exercise.checks:
        heading = f"{one_line(check.name)}: {wording.CHECK_WORDS[check.status]}"
        blocks.append(f"{heading}, {wording.points(check.score, check.max_score)}")
        if wording.is_open(check):
            blocks[-1] += "\n" + wording.failure_text(exercise, check)
    if exercise.output:
        blocks.append("What your code printed:\n" + wording.printed(exercise))
    return "\n\n".join(blocks)


def _unread(report: Report, exercise: ExerciseResult) -> str:
    """A file that cannot be read is told with the first exercise in it."""
    said = f"{wording.not_graded(exercise).capitalize()}."
    if not wording.speaks(report, exercise):
        return f"{said} See {one_line(wording.together(report, exercise)[0].name)}."
    return "\n".join([said, *(wording.failure_text(exercise, check) for check in exercise.checks[:1])])


def check_text(report: Report, exercise: ExerciseResult, check: CheckResult) -> str:
    """What a check says that is not passed; of a file that cannot be read, only the first one speaks."""
    return wording.failure_text(exercise, check) if _tells(report, exercise, check) else wording.not_graded(exercise)


def check_summary(report: Report, exercise: ExerciseResult, check: CheckResult) -> str:
    """The same in a sentence."""
    return wording.message(check) if _tells(report, exercise, check) else wording.not_graded(exercise)


def _tells(report: Report, exercise: ExerciseResult, check: CheckResult) -> bool:
    return not exercise.unread or (wording.speaks(report, exercise) and check is exercise.checks[0])
