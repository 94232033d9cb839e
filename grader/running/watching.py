"""The process behind `grader watch` and a notebook's checks: what it is asked, what it says, and how it begins."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grader.course import registry
from grader.exits import EARNED
from grader.running.session import Session
from grader.running.speaking import Line
from grader.system import can_fork


@dataclass(frozen=True)
class Request:
    """What is to be graded now, in place of whatever is being graded."""

    number: int
    name: str
    sources: Mapping[str, bytes]
    problems: Mapping[str, str]  # why a topic's module could not be read
    notes: tuple[str, ...]
    topics: tuple[str, ...]  # in the order in which they are wanted
    only: frozenset[str] | None = None  # the exercises of these topics that are wanted, where it is not all of them


@dataclass(frozen=True)
class Said:
    """What is said about a request: which exercise is begun, what came of it, a topic's report, that all is done."""

    number: int
    kind: Literal["progress", "result", "topic", "done"]
    value: Any = None


def serve(channel: int, exercises: Sequence[registry.Exercise], seed: int) -> int:
    """Grades what it is asked for over a socket, by its number, until the other end is closed."""
    from grader.running.benches import ForkingBench, PatientBench

    with Line(socket.socket(fileno=channel)) as line, Session.start(processes=1) as session:
        kind = ForkingBench if can_fork() else PatientBench
        bench = kind(line, session.nurseries[0], exercises, seed)
        try:
            bench.work()
        except EOFError:
            pass
        finally:
            bench.close()
    return EARNED
