"""nbgrader: `submitted/<student>/<assignment>/`."""

from __future__ import annotations

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, same
from grader.batch.intake.tree import Entry


def _sort_out(download: Download, asked: bool) -> Found:
    if download.name != "submitted":
        if any(entry.name == "submitted" and entry.is_folder for entry in download.entries):
            return _sort_out(download.inside("submitted"), asked)
        if not asked:
            return Found()

    def part_of(entry: Entry) -> Part | None:
        user = same(entry.name)
        people = (Person("", (("username", user),)),)
        return Part(download.path(entry.name), True, user, user, people) if entry.is_folder else None

    return by_name(download, part_of)


NBGRADER = Layout("nbgrader", "nbgrader", "submitted/annalee/shapes", _sort_out)
