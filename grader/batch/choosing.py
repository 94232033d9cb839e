"""Whom --only means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from grader.batch.results.records import Row
from grader.course.names import did_you_mean
from grader.exits import UsageProblem
from grader.report.text import one_line

MOST_OFFERED = 5


def chosen(rows: Sequence[Row], names: Sequence[str], on_roster: Mapping[str, str] | None = None) -> list[Row]:
    """The rows that are named, by name, folder, member of a group, or id; all of them without a name.

    `on_roster` says what a roster calls students, by the names of their submissions. Raises UsageProblem where a name is
    nobody's, with those that are like it, or where several have it.
    """
    if not names:
        return list(rows)
    known: dict[str, dict[str, Row]] = {}
    for row in rows:
        for called in (*_called(row), *([on_roster[row.name]] if on_roster and row.name in on_roster else [])):
            known.setdefault(called, {})[row.name] = row
    wanted: set[str] = set()
    for name in names:
        found = known.get(name) or known.get(unicodedata.normalize("NFC", name)) or {}
        if not found:
            raise UsageProblem(f"--only: there is no submission named {one_line(name)!r}. {_near(name, known)}")
        if len(found) > 1:
            raise UsageProblem(
                f"--only: {one_line(name)!r} stands for {_some(sorted(found))}; name the one that is meant"
            )
        wanted |= set(found)
    return [row for row in rows if row.name in wanted]


def _called(row: Row) -> Iterator[str]:
    """What an instructor may call a row."""
    yield from (row.name, row.folder, *row.members())
    for person in row.people:
        yield from filter(None, (person.name, *(value for _, value in person.ids)))


def _near(name: str, known: dict[str, dict[str, Row]]) -> str:
    """A sentence on who may have been meant; a part of a name will do, without its accents."""
    people = sorted({row.name for found in known.values() for row in found.values()})
    likely = sorted(one for one in known if _bare(name) in _bare(one))
    holding = [one for one in people if any(one in known[called] for called in likely)]
    if holding:
        return f"Did you mean {_some(holding, 'or')}?"
    return did_you_mean(name, sorted(known), most=3) or f"There are {_some(people)}."


def _some(names: Sequence[str], joint: str = "and") -> str:
    more = [f"{len(names) - MOST_OFFERED} more"] if len(names) > MOST_OFFERED else []
    *first, last = [one_line(name) for name in names[:MOST_OFFERED]] + more
    return f"{', '.join(first)} {'and' if more else joint} {last}" if first else last


def _bare(text: str) -> str:
    """A text without capitals and accents, as people type it."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)).strip()
