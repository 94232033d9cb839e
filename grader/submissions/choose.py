"""Which of several files is a topic's module: the rules, apart from folders and archives.

Of the files named for a topic, those in the shallowest folder that holds any topic's module count, a folder named
exercises before others of the same depth. Two candidates that the rules leave equal are a problem, never a choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.registry import TOPICS
from grader.submissions.model import Problem, visible

DEEPEST = 8
_TOPICS = {topic.name for topic in TOPICS}


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
        parts = PurePosixPath(path)
        if len(parts.parts) > DEEPEST or any(_is_junk(part) for part in parts.parts):
            continue
        topic = parts.name.removesuffix(".py")
        if parts.suffix == ".py" and topic in _TOPICS:
            found.setdefault(str(parts.parent), {}).setdefault(topic, []).append(path)
        elif _almost(parts.name):
            strays.append(path)
    chosen, problems = _from_best_folder(found)
    problems += [_stray(path, chosen) for path in strays if _almost(PurePosixPath(path).name) not in chosen]
    return Choice(chosen, tuple(problems))


def _is_junk(part: str) -> bool:
    return part.startswith(".") or part in ("__MACOSX", "__pycache__", "node_modules", "site-packages")


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
    others = sorted({path for folder in found if folder not in folders for paths in found[folder].values() for path in paths})
    left_out = [path for path in others if PurePosixPath(path).stem not in chosen]
    for path in left_out[:5]:
        where = visible(folders[0]) if folders[0] != "." else "the top folder"
        topic = PurePosixPath(path).stem
        if not any(problem.topic == topic for problem in problems):
            problems.append(Problem(f"{visible(path)} was not graded: the work was found in {where}.", topic))
    return chosen, problems


def _almost(name: str) -> str | None:
    """The topic that a file nearly has the name of: shapes.py.txt, Shapes.py, shapes (1).py, shapes.ipynb."""
    lowered = name.lower()
    for topic in _TOPICS:
        rest = lowered.removeprefix(topic)
        if rest != lowered and rest.strip(" ()0123456789-_copy") in (".py", ".py.txt", ".txt", ".ipynb", ".pyc", ".pyw"):
            return topic
    return None


def _stray(path: str, chosen: dict[str, str]) -> Problem:
    topic = _almost(PurePosixPath(path).name)
    return Problem(f"{visible(path)} was not graded: a module must be named {topic}.py, to the letter.", topic)
