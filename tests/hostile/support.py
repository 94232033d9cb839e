"""What the hostile tests share: a session to attack, the grading of one attack, and a look at what it left behind."""

from __future__ import annotations

import functools
import os
import re
import tempfile
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.course import registry
from grader.running.session import Session
from grader.sandbox.outer import starting
from grader.sandbox.outer.forking import ForkedNursery
from grader.system import can_fork

# For what only the kernel holds. Where workers are started anew, every report says that these protections are missing.
needs_walls = pytest.mark.skipif(not can_fork(), reason="the kernel is asked to refuse nothing where nothing is forked")
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 4
MOST_SECONDS = 45.0  # of processor time; of the wall clock far more, since other tests may run beside
MOST_WALL_SECONDS = 540.0


# What runs beside a submission has no name there; whoever is called by it can still find it by way of the frames.
_BY_FRAMES = """
import sys as _sys, types as _types
class _Names:
    def __init__(self, names): vars(self)["names"] = names
    def __getattr__(self, name): return self.names[name]
    def __setattr__(self, name, value): self.names[name] = value
def _found(wanted):
    frame = _sys._getframe()
    while frame:
        names = frame.f_globals
        if names.get("__name__") in ("grader.sandbox." + wanted, "grader.sandbox.inner." + wanted): return _Names(names)
        if isinstance(names.get(wanted), _types.ModuleType): return names[wanted]
        frame = frame.f_back
    raise LookupError(wanted)
"""


# Prints how often "no-worker-may-know-this" is in the memory of the process, in letters of one, two or four bytes.
MEMORY_SEARCH = """
import re
letters = [b"no-worker-may-kno[wW]-this"]
letters += [b"n%so%s-%sw%so%sr%sk%se%sr%s-%sm%sa%sy%s-%sk%sn%so%s[wW]".replace(b"%s", gap) for gap in (b"[\\x00]", b"[\\x00]{3}")]
found = 0
for line in open("/proc/self/maps"):
    place, rights, *_ = line.split()
    start, end = (int(part, 16) for part in place.split("-"))
    if "r" not in rights or "[v" in line:
        continue
    with open("/proc/self/mem", "rb", 0) as memory:
        try:
            memory.seek(start)
            data = memory.read(end - start)
            found += sum(len(re.findall(pattern, data)) for pattern in letters)
        except (OSError, OverflowError):
            pass
print("found", found)
"""


def by_frames(source: str) -> str:
    """A source that finds by way of the frames what it would import from the grader."""

    def line(match: re.Match[str]) -> str:
        names = match[2].split(", ")
        return f"{match[1]}exec({_BY_FRAMES!r}, globals()); {', '.join(names)} = {', '.join(f'_found({n!r})' for n in names)}"

    return re.sub(r"^( *)from grader\.sandbox import ([\w, ]+)$", line, source, flags=re.MULTILINE)


@dataclass
class Arena:
    """A session, and the folder that its workers have their scratch folders in."""

    session: Session
    folder: Path

    def grade(self, source: str | bytes, *exercises: str, seed: int = 0):
        """Grades one topic's source in these exercises; asserts that it took bounded time and left nothing behind."""
        from grader.running import run

        wanted = [registry.exercise(name) for name in exercises]
        data = source if isinstance(source, bytes) else by_frames(textwrap.dedent(source)).encode()
        before = self.traces()
        began, used = time.monotonic(), time.process_time()
        report = run.grade(
            {wanted[0].topic: data},
            name="x",
            nursery=self.session.nurseries[0],
            casebook=_casebook(seed),
            exercises=wanted,
        )
        assert time.process_time() - used < MOST_SECONDS
        assert time.monotonic() - began < MOST_WALL_SECONDS
        assert self.traces() == before
        return report

    def traces(self) -> tuple:
        """Processes below this one, open descriptors (sockets among them), and files in the scratch folders' place."""
        nursery = self.session.nurseries[0]
        living = set(_living_below(os.getpid()))
        if not isinstance(nursery, ForkedNursery):  # threads let go of pipes when they get to it
            waiting = {one.pid for one in starting._ready}
            waiting.update(*(_living_below(pid) for pid in waiting))
            return sorted(living - waiting), os.listdir(self.folder)
        return (sorted(living), _descriptors(os.getpid()), _descriptors(nursery.pid), os.listdir(self.folder))


@functools.cache
def _casebook(seed: int):
    from grader.running import casebook

    return casebook.Casebook(seed, EXAMPLES)


def start_arena(folder: Path) -> Arena:
    """A session with one nursery, whose scratch folders lie in this folder."""
    tempfile.tempdir = str(folder)
    return Arena(Session.start(processes=1), folder)


def reference(topic: str) -> str:
    """An honest submission."""
    return (ROOT / "solutions" / f"{topic}.py").read_text(encoding="utf-8")


def facts(report) -> dict:
    """A report without its durations."""
    return {**report.as_dict(), "duration_seconds": 0}


def statuses(report) -> set[str]:
    """The statuses of all checks."""
    return {check.status for exercise in report.exercises for check in exercise.checks}


def printed(report) -> str:
    """What the submission printed."""
    return "".join(exercise.output for exercise in report.exercises)


def _living_below(pid: int) -> list[int]:
    found = []
    for folder in Path(f"/proc/{pid}/task").glob("*"):
        for child in _read(folder / "children").split():
            state = _read(Path(f"/proc/{child}/stat")).rpartition(")")[2].split()[:1]
            if state and state != ["Z"]:
                found += [int(child), *_living_below(int(child))]
    return found


def _read(path: Path) -> str:
    """What the system tells there; nothing where the thread or the process has ended meanwhile."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))
