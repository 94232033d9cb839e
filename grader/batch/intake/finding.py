"""What each thing that was named is: a platform's download, a class sorted by hand, or one student's work."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.batch.intake.handed_in import Person
from grader.batch.intake.platforms import FOLDERS, PLATFORMS, Download, Found, Layout, Part, listed
from grader.batch.intake.tree import FolderTree, ZipTree, is_archive
from grader.exits import UsageProblem
from grader.submissions import SubmissionError
from grader.submissions.choose import almost, is_notebook
from grader.submissions.model import visible
from grader.submissions.read import submission_name

_MOST_WRAPPERS = 4
_MOST_LOOKED_INTO = 50
_NOT_STUDENTS = {"exercises", "solutions", "tests"}


@dataclass(frozen=True)
class Sorted:
    """A download whose parts are sorted out; `layout` is None for one submission that was named itself."""

    shown: str
    download: Download
    layout: Layout | None
    found: Found


def sort_out(paths: Sequence[Path], asked: Layout | None) -> list[Sorted]:
    """Sorts all that was named out, in an order that does not depend on theirs. Raises UsageProblem.

    What lies in one folder is looked at together first: a shell may have listed a download's content.
    """
    real: list[Path] = []
    for path in paths:
        try:
            whole = Path(os.path.realpath(path))
            whole.stat()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is no valid path"
            raise UsageProblem(f"{visible(str(path))} cannot be read: {reason}.") from error
        real.append(whole)
    by_folder: dict[Path, list[Path]] = {}
    for whole in sorted(set(real), key=str):
        by_folder.setdefault(whole.parent, []).append(whole)
    found: list[Sorted] = []
    for folder, inside in by_folder.items():
        together = _together(folder, inside, asked) if len(inside) > 1 else None
        found += [together] if together else [_alone(path, asked, len(set(real)) == 1) for path in inside]
    return found


def _together(folder: Path, inside: list[Path], asked: Layout | None) -> Sorted | None:
    tree = FolderTree(folder, frozenset(path.name for path in inside))
    try:
        return _as_platform(Download(tree, "", folder.name), asked if asked is not FOLDERS else None, folder.name)
    except OSError:
        return None


def _as_platform(download: Download, asked: Layout | None, shown: str) -> Sorted | None:
    """What a platform finds in a download, or in the one folder in it. Raises OSError."""
    for level in _levels(download):
        fitting = [(layout, layout.sort_out(level, asked is not None)) for layout in ([asked] if asked else PLATFORMS)]
        fitting = [
            (layout, found)
            for layout, found in fitting
            if found.parts and (asked or len(found.parts) >= len(found.nobodys))
        ]
        if fitting:
            # A student who hands in many files named as another platform's must not make the class that platform's.
            layout, found = min(fitting, key=lambda one: len(one[1].nobodys))
            return Sorted(shown, level, layout, found)
    return None


def _levels(download: Download) -> Iterator[Download]:
    """A download and, as long as there is nothing else in it, the folder in it."""
    for _ in range(_MOST_WRAPPERS):
        yield download
        if len(download.entries) != 1 or not download.entries[0].is_folder:
            return
        download = download.inside(download.entries[0].name)


def _alone(path: Path, asked: Layout | None, is_all: bool) -> Sorted:
    """What one thing that was named is; `is_all` where nothing else was."""
    shown = visible(path.name) or str(path)
    try:
        if path.is_dir():
            download = Download(FolderTree(path), "", path.name)
        elif almost(path.name) or is_notebook(path.name):
            return _one(path)
        else:
            download = Download(ZipTree(path), "", path.stem)
        return _sorted(path, download, asked, is_all)
    except OSError as error:
        reason = f"{visible(str(path))} cannot be opened: {error.strerror or 'reading it failed'}"
    except SubmissionError as error:
        reason = str(error)
    if is_all:
        raise UsageProblem(f"{reason}.")
    if path.is_dir() or is_archive(path.name):
        return _one(path)  # of several it costs this one only
    nobodys = f"{shown} belongs to nobody: it is neither a folder nor a zip."
    return Sorted(shown, Download(FolderTree(path.parent), "", ""), None, Found(problems=(nobodys,)))


def _sorted(path: Path, download: Download, asked: Layout | None, is_all: bool) -> Sorted:
    shown = visible(path.name) or str(path)
    found = _as_platform(download, asked, shown) if asked is not FOLDERS else None
    if not found and (asked is None or asked is FOLDERS):
        found = _by_hand(path, download, asked, is_all)
    if not found:
        assert asked
        raise UsageProblem(f"Nothing in {shown} is named as {asked.title} names it, like {asked.looks}.")
    if isinstance(download.tree, ZipTree) and download.tree.outside:
        text = f"{shown} holds files whose names lead out of it, or are none: {listed(sorted(download.tree.outside))}."
        found = replace(found, found=replace(found.found, problems=(*found.found.problems, text)))
    return found


def _by_hand(path: Path, download: Download, asked: Layout | None, is_all: bool) -> Sorted:
    """One student's work, or a class's in a folder or zip each; folders around all of it do not count."""
    whole_class = is_all and path.is_dir()  # a class of one, rather than a student's folder in a folder
    around = download
    for level in _levels(download):
        if _holds_modules(level):
            if asked is None and (level is download or not whole_class):
                return _one(path, _taken_for_one(level) if is_all else ())
            break
        around = level
    if asked is FOLDERS and _holds_modules(download):
        around = download
    found = FOLDERS.sort_out(around, asked is not None)
    if len(found.parts) == 1 and whole_class and is_archive(found.parts[0].file):
        inner = _class_in(Path(path, found.parts[0].path))
        if inner:
            return inner
    if len(found.parts) < 2 and not whole_class and asked is None:
        return _one(path)
    return Sorted(visible(path.name) or str(path), around, FOLDERS, found)


def _class_in(path: Path) -> Sorted | None:
    """The class in the one zip that a folder holds, if there is a whole one."""
    try:
        found = None if path.is_symlink() else _sorted(path, Download(ZipTree(path), "", path.stem), None, False)
    except (OSError, SubmissionError):
        return None
    return found if found and found.layout else None


def _one(path: Path, problems: tuple[str, ...] = ()) -> Sorted:
    """One submission: all of a folder, or a file with the limits of one."""
    name, shown = submission_name(path), visible(path.name) or str(path)
    if path.is_dir():
        download, part = Download(FolderTree(path), "", path.name), Part("", True, "", name, (Person(name),))
    else:
        download = Download(FolderTree(path.parent), "", path.parent.name)
        part = Part(path.name, False, "", name, (Person(name),), file=path.name)
    return Sorted(shown, download, None, Found((part,), problems=problems))


def _holds_modules(download: Download) -> bool:
    """Whether topics' modules, or nearly, lie in a folder itself or in its exercises/. Raises OSError.

    A notebook counts as one where nothing lies beside it that can be a student's work: it may be the class's own lesson.
    """
    files = [entry.name for entry in download.entries if not entry.is_folder]
    if any(map(almost, files)):
        return True
    students = [entry for entry in download.entries if entry.is_folder and entry.name not in _NOT_STUDENTS]
    if any(map(is_notebook, files)) and not students and not any(map(is_archive, files)):
        return True
    exercises = [entry for entry in download.entries if entry.name == "exercises" and entry.is_folder]
    return any(almost(entry.name) for one in exercises for entry in download.inside(one.name).entries)


def _taken_for_one(download: Download) -> tuple[str, ...]:
    """A sentence where what was taken for one submission may be a class in which modules lie about."""
    folders = [entry.name for entry in download.entries if entry.is_folder and entry.name not in _NOT_STUDENTS]
    try:
        holding = [name for name in folders[:_MOST_LOOKED_INTO] if _holds_modules(download.inside(name))]
    except OSError:
        return ()
    if len(holding) < 2:
        return ()
    text = f"{visible(download.name)} was taken for one submission, because modules lie in it; but they lie in its folders, too"
    return (f"{text}: {listed(holding)}. If each is a student's, say --as folders.",)
