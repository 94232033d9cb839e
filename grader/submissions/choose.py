"""Which of several files is a topic's module: the rules, apart from folders and archives.

Of the files named for a topic, those in the shallowest folder that holds any topic's module count, a folder named
exercises before others of the same depth. Two candidates that the rules leave equal are a problem, never a choice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.course.registry import TOPICS
from grader.submissions.model import Problem, visible

DEEPEST = 8
MOST_STRAYS = 3  # mentioned for one topic
_TOPICS = {topic.name for topic in TOPICS}
_STARTS = tuple(_TOPICS)
_JUNK = {"__MACOSX", "__pycache__", "node_modules", "site-packages"}
_ALMOST = re.compile(
    rf"({'|'.join(sorted(_TOPICS))})(?:[ ()\d_.-]|copy){{0,40}}\.(?:py|py\.txt|txt|ipynb|pyc|pyw)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Choice:
    """The chosen path for each topic, and what was noticed."""

    paths: dict[str, str]
    problems: tuple[Problem, ...]


def choose(paths: Iterable[str]) -> Choice:
    """Chooses among paths inside a submission, written with forward slashes."""
    found: dict[str, dict[str, list[str]]] = {}  # folder -> topic -> paths
    strays: list[str] = []
    for path in paths:
        if not matters(path.rpartition("/")[2]):
            continue
        parts = PurePosixPath(path)
        if len(parts.parts) > DEEPEST or any(is_junk(part) for part in parts.parts):
            continue
        topic = parts.name.removesuffix(".py")
        if parts.suffix == ".py" and topic in _TOPICS:
            found.setdefault(str(parts.parent), {}).setdefault(topic, []).append(path)
        elif almost(parts.name):
            strays.append(path)
    chosen, problems = _from_best_folder(found)
    return Choice(chosen, (*problems, *_about_strays(strays, chosen)))


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
    """Whether a file of this name can be a topic's module, or nearly: a quick look at the first letters."""
    return name.lower().startswith(_STARTS)


def is_junk(part: str) -> bool:
    """Whether a file or folder of this name is none of the student's work."""
    return part.startswith(".") or part in _JUNK


def _rank(folder: str) -> tuple[int, bool]:
    parts = PurePosixPath(folder).parts
    named = bool(parts) and parts[-1] == "exercises"
    return (len(parts) - named, not named)  # exercises/ stands as high as the folder that it is in


def _from_best_folder(found: dict[str, dict[str, list[str]]]) -> tuple[dict[str, str], list[Problem]]:
    if not found:
        return {}, []
    best = min(map(_rank, found))
    folders = sorted(folder for folder in found if _rank(folder) == best)
    chosen: dict[str, str] = {}
    problems: list[Problem] = []
    for topic in sorted({topic for folder in folders for topic in found[folder]}):
        candidates = [path for folder in folders for path in found[folder].get(topic, [])]
        if len(candidates) == 1:
            chosen[topic] = candidates[0]
        else:
            listed = " and ".join(visible(path) for path in candidates[:3])
            text = f"There is more than one {topic}.py, and none comes first: {listed}. Keep the one to be graded."
            problems.append(Problem(text, topic))
    elsewhere = [topics for folder, topics in found.items() if _rank(folder) != best]
    others = sorted({path for topics in elsewhere for paths in topics.values() for path in paths})
    left_out = [path for path in others if PurePosixPath(path).stem not in chosen]
    for path in left_out:
        where = visible(folders[0]) if folders[0] != "." else "the top folder"
        topic = PurePosixPath(path).stem
        if not any(problem.topic == topic for problem in problems):
            problems.append(Problem(f"{visible(path)} was not graded: the work was found in {where}.", topic))
    return chosen, problems


def almost(name: str) -> str | None:
    """The topic that a file nearly has the name of: shapes.py.txt, Shapes.py, shapes (1).py, shapes.ipynb."""
    match = _ALMOST.fullmatch(name)
    return match[1].lower() if match else None


def _about_strays(paths: Iterable[str], chosen: Collection[str]) -> list[Problem]:
    problems = []
    told: Counter[str | None] = Counter()
    for path in paths:
        topic = almost(PurePosixPath(path).name)
        if topic not in chosen and told[topic] < MOST_STRAYS:
            told[topic] += 1
            text = f"{visible(path)} was not graded: a module must be named {topic}.py, to the letter."
            problems.append(Problem(text, topic))
    return problems
