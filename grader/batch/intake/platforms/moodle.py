"""Moodle, "download all submissions": a folder a student, or a file a student's file."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, same
from grader.batch.intake.tree import Entry

_NAME = re.compile(
    r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z\d]+)(?:_(?P<file>.*))?", re.ASCII | re.DOTALL
)
_IMITATES = "a file of these may be another student's, who is called as its name begins"
_BLIND = {"participant", "teilnehmer/in", "teilnehmerin", "participante", "deelnemer", "partecipante", "uczestnik"}


def _sort_out(download: Download, asked: bool) -> Found:
    def part_of(entry: Entry) -> Part | None:
        match = _NAME.fullmatch(entry.name)
        if not match or (entry.is_folder and match["file"]):  # a folder's name ends with the kind; older ones with _
            return None
        student, number = same(match["student"]), match["number"]
        return Part(
            path=download.path(entry.name),
            is_folder=entry.is_folder,
            owner=number,
            name=student,
            people=(Person(student, (("moodle", number),)),),
            number=number,
            file=match["file"] or "",
            is_text=match["kind"] != "file",
            note=_IMITATES if "_assignsubmission_" in (match["file"] or "") else "",
        )

    found = by_name(download, part_of)
    names = {part.name for part in found.parts}
    blind = len(names) == 1 and (len({part.owner for part in found.parts}) > 1 or names.pop().casefold() in _BLIND)
    return replace(found, parts=tuple(map(_nameless, found.parts))) if blind else found


def _nameless(part: Part) -> Part:
    """Blind marking: all are called "Participant", in whatever language."""
    return replace(part, name=f"{part.name} {part.number}", people=(replace(part.people[0], name=""),))


MOODLE = Layout("moodle", "Moodle", "Anna Lee_123_assignsubmission_file", _sort_out)
