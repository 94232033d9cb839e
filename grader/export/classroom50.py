"""The autograder for Classroom 50, as "Advanced Autograding" of its wiki describes it: a folder that anyone can read."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Mapping

from grader.course import registry
from grader.export import bundles, handout
from grader.export.handout import Progress

MOST_BYTES = 10 * 1024 * 1024  # that the runner fetches, as one compressed archive
ENTRY = "autograder.py"


class TooLarge(Exception):
    """The bundle is larger than the platform takes; the text says by how much."""


def content(seed: int, *, progress: Progress = lambda what, done, total: None) -> dict[str, bytes]:
    """The bundle's files, by their names: the autograder, and a handout without solutions that it grades with.

    Args:
        seed: of the cases that are recorded. They are public.
        progress: is told what is being done, how much of it has been, and how much there is.

    Raises StubError or OSError where the kit is not whole; ReferenceFails where a solution fails a check; TooLarge.
    """
    return bundle(handout.content(True, seed, progress=progress))


def bundle(handed_out: Mapping[str, bytes]) -> dict[str, bytes]:
    """The bundle of a handout without solutions. Raises TooLarge."""
    files = {f"kit/{name}": data for name, data in handed_out.items() if _grades(name)}
    files.update(bundles.programs("classroom50", ENTRY))
    files["config.json"] = (json.dumps(_told(handed_out["pyproject.toml"].decode()), indent=1) + "\n").encode()
    size = compressed(files)
    if size > MOST_BYTES:
        raise TooLarge(f"the bundle has {size / 1e6:.1f} MB, and Classroom 50 takes {MOST_BYTES / 1e6:.1f}")
    return files


def compressed(files: Mapping[str, bytes]) -> int:
    """About how many bytes the archive has that the platform makes of these files."""
    return len(gzip.compress(b"".join(files.values()))) + 600 * len(files)


def _grades(name: str) -> bool:
    """Whether a file of the handout is needed to grade: neither the lesson nor what git is told."""
    return not name.endswith(".ipynb") and name != ".gitignore"


def _told(pyproject: str) -> dict[str, object]:
    """What the program is told: which distributions it needs, and what there is to earn."""
    lines = tomllib.loads(pyproject)["project"]["dependencies"]
    needed = [line for line in lines if ";" not in line or "== 'linux'" in line]
    exercises = [{"topic": e.topic, "name": e.name, "max_score": e.points} for e in registry.EXERCISES]
    return {"needs": [re.split(r"[^\w.-]", line)[0] for line in needed], "exercises": exercises}
