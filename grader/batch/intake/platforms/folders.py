"""No platform: a folder or an archive a student, sorted by hand."""

from __future__ import annotations

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, same
from grader.batch.intake.tree import Entry, is_archive


def _sort_out(download: Download, asked: bool) -> Found:
    def part_of(entry: Entry) -> Part | None:
        if not entry.is_folder and not is_archive(entry.name):
            return None
        name = same(entry.name if entry.is_folder else entry.name.rpartition(".")[0])
        file = "" if entry.is_folder else entry.name
        return Part(download.path(entry.name), entry.is_folder, entry.name, name, (Person(name),), file=file)

    return by_name(download, part_of)


FOLDERS = Layout("folders", "Folders", "anna or anna.zip, one a student", _sort_out)
