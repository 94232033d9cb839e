"""Gradescope, "export submissions": a folder a submission, and a file that says whose each is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, by_name, listed
from grader.batch.intake.tree import Entry
from grader.files.beneath import Unreadable

_METADATA = "submission_metadata.yml"
_MOST_METADATA = 256 * 2**20  # it holds all results of all submissions
_EXPORT = re.compile(r"assignment_\d+_export.*", re.ASCII | re.DOTALL)
_SUBMISSION = re.compile(r"submission_(\d+)", re.ASCII)
_NONE = ("", "~", "null")
_STARTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_DEEPEST = 4  # of what is taken from the file: a list of submitters with their fields


def _sort_out(download: Download, asked: bool) -> Found:
    is_there = any(entry.name == _METADATA and not entry.is_folder for entry in download.entries)
    if not is_there and not asked and not _EXPORT.fullmatch(download.name):
        return Found()
    groups: dict[str, list[Person]] = {}
    problems = []
    try:
        with download.tree.opened() as opened, opened.open(download.path(_METADATA), _MOST_METADATA) as file:
            for number, submitters in _submitters(file):
                groups[number] = [_person(number, fields) for fields in submitters]
    except (OSError, Unreadable, KeyError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split()) if is_there and str(error) else "it is not there"
        problems.append(f"{_METADATA} cannot be read whole ({reason}): who is not found in it goes by their number.")

    def part_of(entry: Entry) -> Part | None:
        match = _SUBMISSION.fullmatch(entry.name)
        if not match or not entry.is_folder:
            return None
        number = match[1]
        people = tuple(groups.get(number) or [Person("", (("gradescope", number),))])
        name = ", ".join(filter(None, map(_called, people))) or entry.name
        return Part(download.path(entry.name), True, number, name, people, number)

    found = by_name(download, part_of, ignored=(_METADATA,))
    there = {part.number for part in found.parts}
    without_folder = [
        f"submission_{number} by {', '.join(map(_called, people)) or 'nobody'}"
        for number, people in sorted(groups.items())
        if number not in there
    ]
    if without_folder:
        problems.append(f"{_METADATA} names what the download does not hold: {listed(without_folder)}.")
    unnamed = sorted(f"submission_{number}" for number in there if not groups.get(number))
    if unnamed and is_there:
        problems.append(f"{_METADATA} does not say whose these are: {listed(unnamed)}.")
    return Found(found.parts, found.nobodys, tuple(problems))


def _called(person: Person) -> str:
    return person.name or next((value for kind, value in person.ids if kind != "gradescope"), "")


def _person(number: str, fields: dict[str, str]) -> Person:
    ids = [(kind, fields[kind]) for kind in ("sid", "email") if fields.get(kind)]
    return Person(fields.get("name", ""), (*ids, ("gradescope", number)))


def _submitters(file: BinaryIO) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The number of each submission and the fields of its submitters, without ever holding the rest of the file."""
    events: Iterator[Any] = iter(yaml.parse(file, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent) and isinstance(next(events), yaml.MappingStartEvent):
            for key, start in _pairs(events):
                match = _SUBMISSION.fullmatch(key)
                if match and isinstance(start, yaml.MappingStartEvent):
                    yield match[1], _fields(events)
                else:
                    _skip(events, start)


def _fields(events: Iterator[Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for key, start in _pairs(events):
        if key == "submitters":
            value = _value(events, start, _DEEPEST)
            people = value if isinstance(value, list) else [value]
            found += [
                {name: text for name, text in person.items() if isinstance(text, str)}
                for person in people
                if isinstance(person, dict)
            ]
        else:
            _skip(events, start)
    return found


def _pairs(events: Iterator[Any]) -> Iterator[tuple[str, Any]]:
    """The keys of a mapping, each with the event that its value begins with, which is to be read before the next."""
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        key = event.value.removeprefix(":") if isinstance(event, yaml.ScalarEvent) else ""
        _skip(events, event)
        yield key, next(events)


def _skip(events: Iterator[Any], start: Any) -> None:
    depth = int(isinstance(start, _STARTS))
    while depth:
        event = next(events)
        depth += isinstance(event, _STARTS) - isinstance(event, _ENDS)


def _value(events: Iterator[Any], start: Any, deep: int) -> Any:
    if isinstance(start, yaml.ScalarEvent):
        return "" if not start.style and start.value in _NONE else start.value
    if not deep:
        _skip(events, start)
    elif isinstance(start, yaml.MappingStartEvent):
        return {key: _value(events, first, deep - 1) for key, first in _pairs(events)}
    elif isinstance(start, yaml.SequenceStartEvent):
        found = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(_value(events, event, deep - 1))
        return found
    return None


GRADESCOPE = Layout("gradescope", "Gradescope", "submission_123 beside submission_metadata.yml", _sort_out)
