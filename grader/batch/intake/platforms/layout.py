"""What a platform's file says of its download: which file or folder is whose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grader.batch.intake.handed_in import Person
from grader.batch.intake.tree import Entry, Tree
from grader.submissions.model import visible

MOST_LISTED = 10  # names in a sentence
DIGITS = "0123456789"


@dataclass(frozen=True)
class Part:
    """A file or a folder of a download, and whose it is.

    `owner` is the same text for all that one student, or group, handed in, and no other's. Of their parts those with the
    greatest `attempt` count. `number` tells two of one name apart; `file` is what the student called a file, "" for a folder
    whose content is the work; `is_text` is what was typed in a browser. `note` says what was done to the name.
    """

    path: str
    is_folder: bool
    owner: str
    name: str
    people: tuple[Person, ...]
    number: str = ""
    file: str = ""
    attempt: tuple[object, ...] = ()
    late: bool = False
    is_text: bool = False
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What a layout finds: the parts, the names that are nobody's, and sentences about the rest."""

    parts: tuple[Part, ...] = ()
    nobodys: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Download:
    """A download, or the folder in it in which the students' files are."""

    tree: Tree
    folder: str
    name: str  # of the folder, or of the zip without its ending

    @cached_property
    def entries(self) -> list[Entry]:
        """What is in it. Raises OSError."""
        return self.tree.entries(self.folder)

    def path(self, name: str) -> str:
        """The path in the tree of what is in it by this name."""
        return f"{self.folder}/{name}" if self.folder else name

    def inside(self, name: str) -> Download:
        """One of its folders."""
        return Download(self.tree, self.path(name), name)


@dataclass(frozen=True)
class Layout:
    """How one platform lays its downloads out.

    `sort_out` says what is whose; it is told whether somebody said that the download is this platform's. `looks` is what a
    name looks like, for people.
    """

    name: str
    title: str
    looks: str
    sort_out: Callable[[Download, bool], Found] = field(repr=False)


def by_name(download: Download, part_of: Callable[[Entry], Part | None], ignored: Iterable[str] = ()) -> Found:
    """Sorts a download's entries out by their names alone; `part_of` gives None for what is nobody's."""
    parts, nobodys = [], []
    links = [entry.name for entry in download.entries if entry.is_link]
    for entry in download.entries:
        part = None if entry.is_link else part_of(entry)
        if part:
            parts.append(part)
        elif not entry.is_link and entry.name not in ignored:
            nobodys.append(entry.name)
    said = [f"Links are not followed: {listed(links)}."] if links else []
    return Found(tuple(parts), tuple(nobodys), tuple(said))


def same(text: str) -> str:
    """A text as it is compared: systems write one letter as one sign or as two."""
    return unicodedata.normalize("NFC", text)


def in_order(text: str) -> tuple[object, ...]:
    """A text's place in an order in which 10 comes after 9."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return tuple((0, len(part.lstrip("0")), part.lstrip("0")) if part[0] in DIGITS else (1, 0, part) for part in parts)


def in_common(names: Sequence[str], joint: str) -> str:
    """What several names begin with, whole words and the joint after each; a last word of its own stays to each."""
    words = [name.split(joint) for name in names]
    least = min(map(len, words), default=1) - 1 if len(words) > 1 else 0
    alike = 0
    while alike < least and len({each[alike] for each in words}) == 1:
        alike += 1
    return "".join(word + joint for word in words[0][:alike]) if words else ""


def listed(names: Sequence[str]) -> str:
    """The first few of many names, for people."""
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(map(visible, names[:MOST_LISTED])) + more
