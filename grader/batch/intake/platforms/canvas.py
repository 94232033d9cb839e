"""Canvas, submissions.zip: a flat heap of files, each with its student's name and numbers in front."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, in_order, same
from grader.batch.intake.tree import Entry, is_archive
from grader.submissions.choose import almost
from grader.submissions.model import visible

_NAMED = r"(?P<student>.+?)(?P<late>_LATE)?_(?P<number>\d+)"
_ANONYMOUS = r"(?P<late>LATE_)?anon_(?P<number>[^_]+)"
_REST = r"(?:(?:_\d+)?_(?P<text>text|link)\.html|_(?P<attachment>\d+)_(?P<file>.+))"
_NAMES = [re.compile(start + _REST, re.ASCII | re.DOTALL) for start in (_ANONYMOUS, _NAMED)]
# What Canvas adds to the name of a file that is handed in again.
_AGAIN = re.compile(r"-(?:\d{1,3}|[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})(?=\.[^.]+$)", re.ASCII | re.IGNORECASE)

_NUMBERED = re.compile(r"\d+_", re.ASCII)


def _sort_out(download: Download, asked: bool) -> Found:
    uploads: dict[str, str] = {}  # by path: the attachment's number

    def part_of(entry: Entry) -> Part | None:
        match = next(filter(None, (names.fullmatch(entry.name) for names in _NAMES)), None)
        if not match or entry.is_folder:
            return None
        path, number = download.path(entry.name), match["number"]
        uploads[path] = match["attachment"] or ""
        student = match.groupdict().get("student")
        person = (
            Person(same(student), (("canvas", number),)) if student else Person("", (("canvas-anonymous", number),))
        )
        return Part(
            path=path,
            is_folder=False,
            owner=number if student else f"anon_{number}",
            name=person.name or f"anon_{number}",
            people=(person,),
            number=number,
            file=match["file"] or f"{match['text']}.html",
            late=bool(match["late"]),
            is_text=bool(match["text"]),
        )

    found = by_name(download, part_of)
    parts = _newest(sorted(found.parts, key=lambda part: (in_order(uploads[part.path]), part.path)))
    return replace(found, parts=tuple(_doubted(parts)))


def _doubted(parts: Sequence[Part]) -> Iterator[Part]:
    """Says of whose archives one may be another's: in `okben_12_11_9_shapes.zip` may hand in 11, who is called okben_12."""
    sure = {part.owner for part in parts if not _NUMBERED.match(part.file)}
    for part in parts:
        is_doubtful = part.owner in sure and is_archive(part.file) and _NUMBERED.match(part.file)
        said = f"{visible(part.file)} may be another student's, who is called as its name begins" if is_doubtful else ""
        yield replace(part, note="; ".join(filter(None, (part.note, said))))


def _newest(parts: list[Part]) -> tuple[Part, ...]:
    """Gives modules that were handed in again their names back; of two by one name the last counts."""
    kept: dict[tuple[str, str], Part] = {}
    renamed: dict[str, list[str]] = {}
    for part in parts:
        first = _AGAIN.sub("", part.file) if almost(part.file) else part.file
        if first != part.file:
            renamed.setdefault(part.owner, []).append(f"{part.file} for {first}")
        kept[part.owner, first] = replace(part, file=first)
    return tuple(
        replace(part, note=_said_of(renamed.pop(part.owner, [])))  # once a student
        for part in sorted(kept.values(), key=lambda part: part.path)
    )


def _said_of(renamed: list[str]) -> str:
    more = f", and {len(renamed) - 1} more" if len(renamed) > 1 else ""
    return f"handed in again: Canvas wrote {min(renamed)}{more}" if renamed else ""


CANVAS = Layout("canvas", "Canvas", "leeanna_123_456_shapes.py", _sort_out)
