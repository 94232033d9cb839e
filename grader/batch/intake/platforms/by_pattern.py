"""Any other download, by a regular expression with the groups student and, if need be, file and attempt."""

from __future__ import annotations

import re
from collections import Counter, deque

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, in_order, same
from grader.course.names import advice
from grader.exits import UsageProblem
from grader.submissions.model import visible

_GROUPS = ("student", "file", "attempt")
_DEEPEST = 8
_MOST = 200_000


def by_pattern(pattern: str) -> Layout:
    """The layout that a regular expression describes, which must fit a whole path below what was named.

    Raises UsageProblem where it is none, or lacks the group student.
    """
    try:
        expression = re.compile(pattern, re.DOTALL)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageProblem(f"The pattern is no regular expression: {error}.") from error
    for group in expression.groupindex:
        if group not in _GROUPS:
            raise UsageProblem(f"The pattern has an unknown group, {group}. {advice(group, _GROUPS)}")
    if "student" not in expression.groupindex:
        raise UsageProblem("The pattern lacks a group that says who: (?P<student>...).")

    def sort_out(download: Download, asked: bool) -> Found:
        parts: list[Part] = []
        nobodys: list[str] = []
        problems: list[str] = []
        pending = deque([(download, "")])
        looked_at: Counter[str] = Counter()  # by the first folder of the path: one student's files hide nobody else's
        while pending:
            here, prefix = pending.popleft()
            if looked_at[prefix.partition("/")[0]] > _MOST:
                continue
            try:
                entries = here.entries
            except OSError as error:
                if not prefix:
                    raise
                problems.append(f"{visible(prefix)} cannot be opened: {error.strerror}.")
                continue
            for entry in entries:
                first = (prefix + entry.name).partition("/")[0]
                looked_at[first] += 1
                if looked_at[first] > _MOST:
                    continue
                part = None if entry.is_link else _part(expression, here.path(entry.name), prefix + entry.name)
                if part:
                    parts.append(part if not entry.is_folder else _as_folder(part, expression))
                elif entry.is_folder and prefix.count("/") < _DEEPEST:
                    pending.append((here.inside(entry.name), f"{prefix}{entry.name}/"))
                else:
                    nobodys.append(prefix + entry.name)
        for first in sorted(first for first, number in looked_at.items() if number > _MOST):
            problems.append(f"{visible(first)} holds so many files that not all were looked at.")
        return Found(tuple(parts), tuple(nobodys), tuple(problems))

    return Layout("pattern", "By the pattern", pattern, sort_out)


def _part(expression: re.Pattern[str], path: str, shown: str) -> Part | None:
    match = expression.fullmatch(same(shown)) or expression.fullmatch(shown)
    groups = match.groupdict() if match else {}
    student = same(groups.get("student") or "")
    if not student:
        return None
    file = groups.get("file") or shown.rpartition("/")[2]
    attempt = in_order(groups.get("attempt") or "")
    return Part(path, False, student, student, (Person(student),), file=file, attempt=attempt)


def _as_folder(part: Part, expression: re.Pattern[str]) -> Part:
    """A folder's content is the work itself, unless the pattern says what the folder is called in it."""
    file = part.file if "file" in expression.groupindex else ""
    return Part(part.path, True, part.owner, part.name, part.people, file=file, attempt=part.attempt)
