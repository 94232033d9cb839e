"""Reads one submission, whatever form it has: a folder, a zip, or a single module."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from grader.course.registry import MODULES, TOPICS
from grader.files.beneath import Unreadable, beneath, open_file, read_all
from grader.submissions.archive import Archive
from grader.submissions.choose import Choice, choose, is_notebook, outside
from grader.submissions.folder import MOST_BYTES, list_folder, read_file
from grader.submissions.model import Problem, SourceFile, Submission, SubmissionError, visible
from grader.submissions.notebooks import from_notebooks, is_untouched

# PEP 263: one of the first two lines may name an encoding. Looking it up would run a codec: that is the worker's part.
_DECLARES_ENCODING = re.compile(rb"(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*[-\w.]")
EXPECTED = ", ".join(f"{topic.name}.py" for topic in TOPICS)


def read_submission(path: Path | str, *, named: bool = True, notebooks: bool = True) -> Submission:
    """Reads the topic modules of a submission, each of its files once.

    Args:
        path: a folder that holds the modules or an `exercises/` folder that does, at a modest depth; a zip of either;
            or one module. Of a topic without one, notebooks that lie there are read.
        named: somebody typed the path, so that it may be a link; below it nothing may. Otherwise it is an absolute one
            of a folder, and no part of it may be a link.
        notebooks: whether those of a folder are read.

    Raises:
        SubmissionError: there is nothing at the path that can be read as a submission. The text names the path.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no valid path"
        raise SubmissionError(f"{visible(str(path))} cannot be read: {reason}") from error
    name = submission_name(path)
    if stat.S_ISDIR(mode) or not named:
        return _read_folder(path, name, named, notebooks)
    if not stat.S_ISREG(mode):
        raise SubmissionError(f"{visible(str(path))} is neither a folder nor a zip")
    if path.suffix == ".py" or is_notebook(path.name):
        return _read_module(path, name)
    archive = Archive(path)
    try:
        choice = choose(archive.paths)
        choice = replace(choice, problems=(*choice.problems, *outside(archive.outside, choice.paths)))
        submission = collected(path, name, choice, archive.read, "")
    finally:
        archive.close()
    return _refuse_empty(submission)


def _read_folder(path: Path, name: str, named: bool, notebooks: bool) -> Submission:
    prefix = "exercises/" if path.resolve().name == "exercises" else ""
    try:
        with beneath(path, named=named) as folder:
            paths, said = list_folder(folder)
            choice = choose([inside for inside in paths if notebooks or not is_notebook(inside)])
            found = collected(path, name, choice, partial(read_file, folder), prefix)
    except OSError as error:
        way_out = ". Name where it leads: --submission PATH" if error.errno == errno.ELOOP else ""
        raise SubmissionError(f"{visible(str(path))} cannot be read: {error.strerror}{way_out}") from error
    return _refuse_empty(replace(found, problems=(*found.problems, *map(Problem, said))))


def _read_module(path: Path, name: str) -> Submission:
    # The path was given by whoever grades: if it is a link, it may lead anywhere.
    def read(_: str, most: int) -> bytes:
        try:
            return read_all(open_file(path), most)
        except OSError as error:
            raise Unreadable(error.strerror.lower() if error.strerror else "reading it failed") from error

    return _refuse_empty(collected(path, name, choose([path.name]), read, ""))


def _refuse_empty(submission: Submission) -> Submission:
    if not submission.modules and not any(problem.topic for problem in submission.problems):
        said = " ".join(problem.text for problem in submission.problems).removesuffix(".")
        text = f"{visible(str(submission.path))} holds none of the modules to grade: {EXPECTED}; nor a notebook of their functions"
        raise SubmissionError(f"{text}. {said}" if said else text)
    return submission


def collected(path: Path, name: str, choice: Choice, read: Callable[[str, int], bytes], prefix: str) -> Submission:
    """The submission of the modules that were chosen, and of the notebooks' where there is none; with what keeps one away.

    `read` gives the bytes at a path, at most so many, or raises Unreadable; `prefix` stands before the paths when they are shown.
    """
    modules: dict[str, SourceFile] = {}
    problems = list(choice.problems)
    for topic, inside in choice.paths.items():
        try:
            source = read(inside, MOST_BYTES)
        except Unreadable as error:
            problems.append(Problem(f"{visible(inside)} could not be read: {error}.", topic))
            continue
        reason = _unlike_source(source)
        if reason:
            problems.append(Problem(f"{visible(inside)} is not Python source: {reason}.", topic))
            continue
        modules[topic] = SourceFile(topic, source, visible(prefix + inside))
    found, said = _in_notebooks(choice, modules, read)
    problems += said
    for topic, (inside, source) in found.items():
        reason = _unlike_source(source)
        if reason or len(source) > MOST_BYTES:
            problems.append(
                Problem(
                    f"What {visible(inside)} has of {topic} is no Python source: {reason or 'it is too large'}.", topic
                )
            )
        else:
            modules[topic] = SourceFile(topic, source, visible(prefix + inside))
    return Submission(name, path, modules, tuple(problems))


def _in_notebooks(
    choice: Choice, modules: Mapping[str, SourceFile], read: Callable[[str, int], bytes]
) -> tuple[dict[str, tuple[str, bytes]], list[Problem]]:
    """What notebooks have of topics without a module, or with one that nobody has touched; and what to say of them."""
    if not choice.notebooks:
        return {}, []
    counting = {*choice.paths, *choice.undecided}
    counting -= {topic for topic, module in modules.items() if is_untouched(topic, module.source)}
    return ({}, []) if counting >= set(MODULES) else from_notebooks(choice.notebooks, read, counting)


def _unlike_source(source: bytes) -> str | None:
    """Why these bytes cannot be a module, or None. Encodings that declare themselves are Python's business."""
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is saved as UTF-16; save it as UTF-8"
    if b"\x00" in source:
        return "it holds null bytes"
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        if not _DECLARES_ENCODING.match(source):
            line = source.count(b"\n", 0, error.start) + 1
            return f"line {line} holds a character that is not UTF-8; save the file as UTF-8"
    return None


def submission_name(path: Path) -> str:
    """What a submission is called: its folder or its zip; where the folder is `exercises`, the one around it."""
    whole = _whole(path)
    return visible(whole.stem if whole.suffix.lower() == ".zip" and not whole.is_dir() else whole.name) or str(path)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike Path.resolve, it takes links that go round in a circle


def _whole(path: Path) -> Path:
    real = _real(path)
    return real.parent if real.name == "exercises" and real.parent.name else real
