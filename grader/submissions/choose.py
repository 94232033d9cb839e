"""Which of several files is a topic's module: the rules, apart from folders and archives.

Of the files named for a topic, those in the shallowest folder that holds any topic's module count, a folder named
exercises before others of the same depth. Where no shapes.py is there, Shapes.py counts as it, and then a copy as browsers and
platforms name them, shapes (1).py or shapes-1.py: the one with the highest number. Two candidates that the rules leave equal are
a problem, never a choice. Notebooks count that lie as high as the modules do, or the highest; of copies of one the same rule
holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.course.registry import TOPICS
from grader.submissions.model import Problem, visible

DEEPEST = 8
MOST_STRAYS = 3  # mentioned for one topic
_TOPICS = {topic.name for topic in TOPICS}
_STARTS = (*_TOPICS, "copy of ")
_JUNK = {"__MACOSX", "__pycache__", "node_modules", "site-packages"}
_UUID = r"-[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}"
_ALMOST = re.compile(
    rf"(copy of )?({'|'.join(sorted(_TOPICS))})((?:[ ()\d_.-]|copy){{0,40}}|{_UUID})\.(?:py|py\.txt|txt|ipynb|pyc|pyw)",
    re.IGNORECASE | re.ASCII,
)
_PLAIN, _OTHER_CAPITALS, _COPY = range(3)


@dataclass(frozen=True)
class Choice:
    """The chosen path for each topic, and what was noticed.

    `notebooks` are the paths of those to be read; of the topics in `undecided` there are modules, but none is chosen.
    """

    paths: dict[str, str]
    problems: tuple[Problem, ...]
    notebooks: tuple[str, ...] = ()
    undecided: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Candidate:
    """A file that can be a topic's module: how near its name is, and for a copy how it is named and its number."""

    path: str
    topic: str
    nearness: int
    style: str = ""
    number: int = 0


def choose(paths: Iterable[str]) -> Choice:
    """Chooses among paths inside a submission, written with forward slashes."""
    found: dict[str, list[_Candidate]] = {}  # by folder
    strays: list[str] = []
    notebooks: list[str] = []
    for path in paths:
        if not matters(path.rpartition("/")[2]):
            continue
        parts = PurePosixPath(path)
        if len(parts.parts) > DEEPEST or any(is_junk(part) for part in parts.parts):
            continue
        candidate = _candidate(path, parts.name)
        if is_notebook(parts.name):
            notebooks.append(path)
        elif candidate:
            found.setdefault(str(parts.parent), []).append(candidate)
        elif almost(parts.name):
            strays.append(path)
    chosen, problems, undecided = _from_best_folder(found)
    modules = [one.path for candidates in found.values() for one in candidates]
    read, said = _notebooks(notebooks, modules, len(chosen) == len(_TOPICS))
    return Choice(chosen, (*problems, *said, *_about_strays(strays, chosen)), tuple(read), frozenset(undecided))


def _notebooks(paths: list[str], modules: list[str], is_whole: bool) -> tuple[list[str], list[Problem]]:
    """The notebooks that count, the older copies of those named for a topic left out, and what to say of the rest.

    `is_whole` says that there is a module of every topic.
    """

    def depth(path: str) -> int:
        return _rank(str(PurePosixPath(path).parent))[0]

    least = min(map(depth, modules or paths), default=0)
    near = [path for path in paths if depth(path) <= least]
    far = [path for path in paths if depth(path) > least]
    problems: list[Problem] = []
    if far and not is_whole:
        text = f"{_listed(far)} {'was' if len(far) == 1 else 'were'} not read: the work was found further up."
        problems.append(Problem(text))
    by_topic: dict[str, list[_Candidate]] = {}
    for candidate in filter(None, (_candidate(path, PurePosixPath(path).name, ".ipynb") for path in near)):
        by_topic.setdefault(candidate.topic, []).append(candidate)
    for candidates in by_topic.values():
        nearest = [one.path for one in _nearest(candidates)]
        others = {one.path for one in candidates}.difference(nearest)
        if others:
            near = [path for path in near if path not in others]
            verb = "was" if len(nearest) == 1 else "were"
            problems.append(Problem(f"{_listed(nearest, ' and ')} {verb} read, not {_listed(sorted(others))}."))
    return near, problems


def _candidate(path: str, name: str, ending: str = ".py") -> _Candidate | None:
    if name.endswith(ending) and name.removesuffix(ending) in _TOPICS:
        return _Candidate(path, name.removesuffix(ending), _PLAIN)
    match = _ALMOST.fullmatch(name)
    if not match or not name.lower().endswith(ending):
        return None
    before, topic, after = match[1], match[2].lower(), match[3].lower()
    if not before and not after:
        return _Candidate(path, topic, _OTHER_CAPITALS)
    if len(after) > 36:  # a number that makes all others unlikely
        return _Candidate(path, topic, _COPY, "uuid")
    number = re.search(r"\d+(?=\D*$)", after)
    style = re.sub(r"\d+(?=\D*$)", "#", after)
    return _Candidate(path, topic, _COPY, f"{before}{style}", int(number[0]) if number else 0)


def outside(names: Iterable[str], chosen: Iterable[str]) -> list[Problem]:
    """What to say of an archive's files that would stand outside the folder that it is unpacked in."""
    problems = []
    told = Counter(chosen)
    for name in names:
        path = PurePosixPath(name.partition("\x00")[0])
        topic = path.name.rpartition(":")[2].removesuffix(".py")
        if path.suffix == ".py" and topic in _TOPICS and not told[topic]:
            told[topic] += 1
            text = f"{visible(name)} was not graded: its name leads out of the archive, or holds a null byte."
            problems.append(Problem(text, topic))
    return problems


def matters(name: str) -> bool:
    """Whether a file of this name can be a topic's module, or nearly, or a notebook: a quick look at its first letters."""
    return name.lower().startswith(_STARTS) or is_notebook(name)


def is_notebook(name: str) -> bool:
    """Whether a file is named as a notebook."""
    return name.lower().endswith(".ipynb")


def is_junk(part: str) -> bool:
    """Whether a file or folder of this name is none of the student's work."""
    return part.startswith(".") or part in _JUNK


def _rank(folder: str) -> tuple[int, bool]:
    parts = PurePosixPath(folder).parts
    named = bool(parts) and parts[-1] == "exercises"
    return (len(parts) - named, not named)  # exercises/ stands as high as the folder that it is in


def _from_best_folder(found: dict[str, list[_Candidate]]) -> tuple[dict[str, str], list[Problem], set[str]]:
    if not found:
        return {}, [], set()
    plain = [folder for folder in found if any(one.nearness == _PLAIN for one in found[folder])]
    best = min(map(_rank, plain or found))
    folders = sorted(folder for folder in found if _rank(folder) == best)
    among = set(folders)
    here: dict[str, list[_Candidate]] = {}
    for candidate in (one for folder in folders for one in found[folder]):
        here.setdefault(candidate.topic, []).append(candidate)
    chosen: dict[str, str] = {}
    problems: list[Problem] = []
    undecided: set[str] = set()
    for topic, candidates in sorted(here.items()):
        nearest = _nearest(candidates)
        if len(nearest) > 1:
            text = f"There is more than one {topic}.py, and none comes first: {_listed([one.path for one in nearest], ' and ')}."
            problems.append(Problem(f"{text} Keep the one to be graded.", topic))
            undecided.add(topic)
            continue
        chosen[topic] = nearest[0].path
        problems += _about_copies(nearest[0], [one for one in candidates if one is not nearest[0]])
    elsewhere = sorted((one.path, one.topic) for folder in found if folder not in among for one in found[folder])
    where = visible(folders[0]) if folders[0] != "." else "the top folder"
    for path, topic in elsewhere:
        if topic not in chosen and not any(problem.topic == topic for problem in problems):
            problems.append(Problem(f"{visible(path)} was not graded: the work was found in {where}.", topic))
    return chosen, problems, undecided


def _nearest(candidates: list[_Candidate]) -> list[_Candidate]:
    """The one that counts; several where none comes first."""
    least = min(one.nearness for one in candidates)
    nearest = [one for one in candidates if one.nearness == least]
    if len({(PurePosixPath(one.path).parent, one.style) for one in nearest}) == 1:
        highest = max(one.number for one in nearest)
        nearest = [one for one in nearest if one.number == highest]
    return nearest


def _listed(paths: list[str], joint: str = ", ") -> str:
    more = f" and {len(paths) - MOST_STRAYS} more" if len(paths) > MOST_STRAYS else ""
    return joint.join(map(visible, paths[:MOST_STRAYS])) + more


def _about_copies(counts: _Candidate, others: list[_Candidate]) -> Iterator[Problem]:
    """That a copy was graded, or was not. It concerns no topic: of those whose text does, nothing is graded."""
    rest = f", not {_listed([one.path for one in others])}" if others else ""
    if counts.nearness != _PLAIN:
        yield Problem(f"{visible(counts.path)} was graded as {counts.topic}.py{rest}.")
    elif others:
        yield Problem(f"{visible(counts.path)} was graded{rest}.")


def almost(name: str) -> str | None:
    """The topic that a file nearly has the name of: shapes.py.txt, shapes.ipynb, shapes (1).pyc."""
    match = _ALMOST.fullmatch(name)
    return match[2].lower() if match else None


def _about_strays(paths: Iterable[str], chosen: Collection[str]) -> list[Problem]:
    problems = []
    told: Counter[str | None] = Counter()
    for path in paths:
        topic = almost(PurePosixPath(path).name)
        if topic not in chosen and told[topic] < MOST_STRAYS:
            told[topic] += 1
            text = f"{visible(path)} was not graded: a module must be named {topic}.py."
            problems.append(Problem(text, topic))
    return problems
