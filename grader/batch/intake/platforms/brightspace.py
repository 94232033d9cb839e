"""Brightspace (D2L): a folder a submission, `<number>-<number> - <Name> - <date>`, several by one student."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, in_order, same
from grader.batch.intake.tree import Entry

_NAME = re.compile(r"(?P<first>\d+)-(?P<second>\d+) - (?P<student>.+) - (?P<date>.*\d.*)", re.ASCII | re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = re.compile(r"[0-9]{1,4}|[^\W\d_]+")


def _sort_out(download: Download, asked: bool) -> Found:
    found = by_name(download, lambda entry: _part(download, entry), ignored=("index.html",))
    firsts = {part.owner.split("-")[0] for part in found.parts}
    # One number is the student's, the other the assignment's, which is the same for all.
    which = 1 if len(firsts) == 1 and len({part.name for part in found.parts}) > 1 else 0
    parts = []
    for part in found.parts:
        number = part.owner.split("-")[which]
        person = Person(part.name, (("brightspace", number),))
        parts.append(replace(part, owner=f"{number} {part.name}", number=number, people=(person,)))
    return replace(found, parts=tuple(parts))


def _part(download: Download, entry: Entry) -> Part | None:
    match = _NAME.fullmatch(entry.name)
    if not match or not entry.is_folder:
        return None
    student = same(match["student"])
    numbers = f"{match['first']}-{match['second']}"
    attempt = (*_moment(match["date"]), in_order(numbers))
    return Part(download.path(entry.name), True, numbers, student, (), attempt=attempt)


def _moment(date: str) -> tuple[int, ...]:
    """A date such as "Oct 12, 2026 230 PM", "12 October, 2026 1430" or "2026-10-12 14:30", in an order."""
    month = day = year = 0
    clock: list[int] = []
    words = _WORDS.findall(date.casefold())
    for word in words:
        if word[:3] in _MONTHS:
            month = _MONTHS.index(word[:3]) + 1
        elif word.isdecimal():
            if len(word) == 4 and not year:
                year = int(word)
            elif year and not month:
                month = int(word)
            elif not day:
                day = int(word)
            else:
                clock.append(int(word) if len(word) < 3 else int(word[:-2]))
                clock += [int(word[-2:])] * (len(word) >= 3)
    if clock and ("pm" in words or "am" in words):
        clock[0] = clock[0] % 12 + 12 * ("pm" in words)
    return (year, month, day, *(clock + [0, 0, 0])[:3])


BRIGHTSPACE = Layout("brightspace", "Brightspace", "1234-5678 - Anna Lee - Oct 12, 2026 230 PM", _sort_out)
