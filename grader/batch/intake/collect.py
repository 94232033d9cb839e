"""From what the command was given to a class: each student's work apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.batch.intake.finding import Sorted, sort_out
from grader.batch.intake.handed_in import HandedIn, Person
from grader.batch.intake.naming import compared, unique
from grader.batch.intake.platforms import FOLDERS, PLATFORMS, Layout, Part, by_pattern, listed
from grader.batch.intake.reading import Piece, read_work
from grader.course.names import advice
from grader.exits import UsageProblem
from grader.submissions import Submission, SubmissionError
from grader.submissions.model import as_text, visible
from grader.submissions.read import EXPECTED


@dataclass(frozen=True)
class Class:
    """A class's work.

    `platform` is "folders" where it is no platform's, `said` one line on what it was taken for; `handed_in` is sorted by name,
    `problems` tell what belongs to nobody.
    """

    platform: str
    said: str
    handed_in: tuple[HandedIn, ...]
    problems: tuple[str, ...]


def collect(paths: Sequence[Path], *, platform: str | None = None, pattern: str | None = None) -> Class:
    """Finds each student's work in folders, zips and platforms' downloads. Nothing is unpacked, and no module read yet.

    Args:
        paths: what was named; it may be a link, below it none is followed.
        platform: whose download it is; None to tell from the names.
        pattern: a regular expression that says so, see `by_pattern`.

    Raises UsageProblem: nothing is there, or the platform or the pattern is none.
    """
    downloads = sort_out(paths, _asked_for(platform, pattern))
    works = sorted((work for download in downloads for work in _works(download)), key=lambda work: work.order)
    names = unique([(work.called, work.apart) for work in works])
    handed_in = [_handed_in(work, name) for work, name in zip(works, names)]
    if not handed_in:
        raise UsageProblem(
            f"Nothing to grade is in {listed([str(path) for path in paths])}: neither a student's folder or zip, nor a "
            f"platform's download, nor one of the modules ({EXPECTED})."
        )
    used = {download.layout.name if download.layout else FOLDERS.name for download in downloads}
    return Class(
        used.pop() if len(used) == 1 else FOLDERS.name,
        _said(downloads),
        tuple(sorted(handed_in, key=lambda one: (compared(one.name), one.name))),
        tuple(problem for download in downloads for problem in _problems(download)),
    )


def _asked_for(platform: str | None, pattern: str | None) -> Layout | None:
    if pattern is not None:
        if platform is not None:
            raise UsageProblem("A platform and a pattern say the same thing twice: give one of them.")
        return by_pattern(pattern)
    if platform is None:
        return None
    known = {layout.name: layout for layout in (*PLATFORMS, FOLDERS)}
    layout = known.get(platform.strip().casefold())
    if layout is None:
        raise UsageProblem(f"There is no platform {visible(platform)}. {advice(platform, known)}")
    return layout


@dataclass(frozen=True)
class _Work:
    """What one student handed in last, before it has a name of its own."""

    download: Sorted
    parts: tuple[Part, ...]
    notes: tuple[str, ...]

    @property
    def called(self) -> str:
        return self.parts[0].name

    @property
    def apart(self) -> tuple[str, ...]:
        """What tells it from others of its name."""
        path = self.download.download.tree.path / self.parts[0].path
        around = [folder.name for folder in path.parents]
        if self.download.layout is None:
            return tuple(around)
        return (self.parts[0].number, self.download.shown, path.name, *around)

    @property
    def order(self) -> tuple[str, ...]:
        return (compared(self.called), self.called, str(self.download.download.tree.path), self.parts[0].path)


def _works(download: Sorted) -> Iterator[_Work]:
    by_owner: dict[str, list[Part]] = {}
    for part in download.found.parts:
        by_owner.setdefault(part.owner, []).append(part)
    for parts in by_owner.values():
        attempts = {part.attempt for part in parts}
        latest = max(attempts)
        counts = sorted((part for part in parts if part.attempt == latest), key=lambda part: part.path)
        notes = [f"the latest of {len(attempts)} attempts"] if len(attempts) > 1 else []
        yield _Work(download, tuple(counts), tuple(notes + [part.note for part in counts if part.note]))


def _handed_in(work: _Work, name: str) -> HandedIn:
    tree, parts = work.download.download.tree, work.parts
    more = f" and {len(parts) - 1} more" if len(parts) > 1 else ""
    inside = visible(parts[0].path)
    source = f"{work.download.shown}: {inside}{more}" if inside and work.download.layout else work.download.shown
    pieces = [Piece(part.path, part.is_folder, part.file) for part in parts if not part.is_text]
    read: Callable[[], Submission]
    if pieces:
        prefix = "exercises/" if not inside and tree.path.name == "exercises" else ""
        read = partial(read_work, tree, pieces, name, prefix)
    else:
        read = partial(_refuse, f"{source} is a text that was typed, or a link; no file was handed in")
    people = tuple(map(_written, parts[0].people))
    return HandedIn(name, people, source, read, any(part.late for part in parts), tuple(map(as_text, work.notes)))


def _written(person: Person) -> Person:
    """A student whose name can be kept and sent: it comes from a file's, which may be no text at all."""
    return Person(as_text(person.name), tuple((kind, as_text(value)) for kind, value in person.ids))


def _refuse(reason: str) -> Submission:
    raise SubmissionError(reason)


def _said(downloads: Sequence[Sorted]) -> str:
    """One line on what all of it was taken for."""
    single = [download.shown for download in downloads if download.layout is None and download.found.parts]
    said = [_said_of(download) for download in downloads if download.layout]
    if single:
        said.append(f"{_counted(len(single), 'submission')}: {listed(single)}.")
    return " ".join(said)


def _said_of(download: Sorted) -> str:
    assert download.layout
    parts = download.found.parts
    works = {part.owner: len(part.people) for part in parts}
    students = _counted(sum(works.values()), "student")
    if sum(works.values()) > len(works):
        students = f"{_counted(len(works), 'submission')} by {students}"
    if download.layout is FOLDERS:
        return f"No platform's download, but folders or zips by hand: {students} in {download.shown}."
    example = visible(parts[0].path.rpartition("/")[2]) if parts else download.layout.looks
    return f"{download.layout.title}, by names like {example}: {students} in {download.shown}."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _problems(download: Sorted) -> Iterator[str]:
    nobodys, layout = sorted(download.found.nobodys), download.layout
    if nobodys and layout:
        belong = "belongs" if len(nobodys) == 1 else "belong"
        text = f"In {download.shown}, {listed(nobodys)} {belong} to nobody"
        yield f"{text}: what a student handed in is named like {layout.looks}."
    yield from download.found.problems
