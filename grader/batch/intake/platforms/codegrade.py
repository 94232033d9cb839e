"""CodeGrade: a folder a submission, with the time when it was handed in."""

from __future__ import annotations

import re

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, in_order, same
from grader.batch.intake.tree import Entry

_NAME = re.compile(r"(?P<student>.+) - (?P<time>\d{4}-\d\d-\d\d[T _]\d\d.*)", re.ASCII | re.DOTALL)


def _sort_out(download: Download, asked: bool) -> Found:
    def part_of(entry: Entry) -> Part | None:
        match = _NAME.fullmatch(entry.name)
        if not match or not entry.is_folder:
            return None
        student = same(match["student"])
        path = download.path(entry.name)
        return Part(path, True, student, student, (Person(student),), attempt=in_order(match["time"]))

    return by_name(download, part_of)


CODEGRADE = Layout("codegrade", "CodeGrade", "Anna Lee - 2026-10-12T14:30:05", _sort_out)
