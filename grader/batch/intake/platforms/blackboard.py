"""Blackboard, the grade centre's "assignment file download": all attempts, as a flat heap of files."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, in_common, in_order, same
from grader.batch.intake.tree import Entry

_NAME = re.compile(
    r"(?P<whose>.+?)_attempt_(?P<date>\d{4}(?:-\d\d?){2,5})(?:_(?P<file>.+)|\.txt)?", re.ASCII | re.DOTALL
)


def _sort_out(download: Download, asked: bool) -> Found:
    def part_of(entry: Entry) -> Part | None:
        match = _NAME.fullmatch(entry.name)
        if not match:
            return None
        return Part(
            path=download.path(entry.name),
            is_folder=entry.is_folder,
            owner=same(match["whose"]),
            name="",
            people=(),
            file=match["file"] or "",
            attempt=in_order(match["date"]),
            is_text=not match["file"] and not entry.is_folder,  # a form, with what was typed
        )

    found = by_name(download, part_of)
    users = _users({part.owner for part in found.parts})
    return replace(found, parts=tuple(_named(part, users[part.owner]) for part in found.parts))


def _named(part: Part, user: str) -> Part:
    return replace(part, name=user, people=(Person("", (("username", user),)),))


def _users(owners: set[str]) -> dict[str, str]:
    """The user in each `<Assignment>_<user>`. Both may hold underscores; the assignment is what all have in common."""
    if len(owners) == 1:
        return {owner: owner.rpartition("_")[2] for owner in owners}
    assignment = in_common(sorted(owners), "_")
    return {owner: owner.removeprefix(assignment) for owner in owners}


BLACKBOARD = Layout("blackboard", "Blackboard", "Homework 1_alee_attempt_2026-10-12-14-30-05_shapes.py", _sort_out)
