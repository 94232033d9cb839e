"""Clones of students' repositories, as Classroom 50 and the former GitHub Classroom lay them side by side."""

from __future__ import annotations

import re
from functools import partial

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, in_common, same
from grader.batch.intake.tree import Entry

_CLASSROOM50 = re.compile(r"(?P<slug>.+)_submissions(?:_.*)?", re.DOTALL)
_GITHUB = re.compile(r"(?P<slug>.+)-submissions(?: ?\(\d+\))?", re.ASCII | re.DOTALL)


def _sort_out(around: re.Pattern[str], download: Download, asked: bool) -> Found:
    match = around.fullmatch(download.name)
    if match:
        slug = match["slug"] + "-"
    else:
        if not asked:
            return Found()
        slug = _in_common(download)
        if not slug and len(download.entries) == 1 and _in_common(download.inside(download.entries[0].name)):
            return Found()  # a folder around the clones

    def part_of(entry: Entry) -> Part | None:
        user = same(entry.name.removeprefix(slug))
        if not entry.is_folder or not entry.name.startswith(slug) or not user:
            return None
        return Part(download.path(entry.name), True, user, user, (Person("", (("username", user),)),))

    return by_name(download, part_of)


def _in_common(download: Download) -> str:
    return in_common([entry.name for entry in download.entries if entry.is_folder], "-")


CLASSROOM50 = Layout(
    "classroom50", "Classroom 50", "cs1-shapes_submissions_<time>/cs1-shapes-annalee", partial(_sort_out, _CLASSROOM50)
)
GITHUB = Layout(
    "github-classroom", "GitHub Classroom", "shapes-submissions/shapes-annalee", partial(_sort_out, _GITHUB)
)
