"""How long each grader takes for right work, in turns, and what it makes of hostile work. Everything comes from running it."""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.peers.assertions import HOSTILE, RIGHT, STUB
from tests.benchmarks.peers.commands import environment, run_all
from tests.benchmarks.peers.environments import Unavailable
from tests.benchmarks.peers.peers import PEERS, Peer, Points

LIMIT = 90.0  # seconds; check50 itself gives up a check after 60, nbgrader a cell after 30
MANY = 20


@dataclass(frozen=True)
class Verdict:
    """What came of one hostile submission."""

    kind: str  # "gained", "caught", "no result" or "hung"
    gained: float
    most: float
    seconds: float


@dataclass
class Measured:
    """All that is known of a grader; where it could not be had, why."""

    name: str
    version: str = ""
    missing: str = ""
    one: list[float] = field(default_factory=list)  # seconds of each round
    many: float | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @property
    def middle(self) -> float | None:
        """The median of the rounds."""
        return statistics.median(self.one) if self.one else None


def judged(points: Points | None, done: bool, seconds: float) -> Verdict:
    """A verdict on a hostile submission, of which no answer is right: each point that it has was not earned."""
    if not done:
        return Verdict("hung", 0.0, 0.0, seconds)
    if points is None:
        return Verdict("no result", 0.0, 0.0, seconds)
    return Verdict("gained" if points.earned > 0 else "caught", points.earned, points.most, seconds)


class Bench:
    """A grader with a home folder for as long as it is measured, in which it keeps what it keeps."""

    def __init__(self, peer: Peer, home: Path, limit: float) -> None:
        self.peer = peer
        self.limit = limit
        self.variables = environment(peer.python, home)

    def graded(self, submissions: dict[str, str]) -> tuple[float, bool, list[Points | None]]:
        """The seconds, whether all came to an end, and what each report says. A course is laid out anew, untimed."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            commands = self.peer.lay_out(folder, submissions, self.variables)
            seconds, done = run_all(commands, self.variables, self.limit * len(submissions))
            return seconds, done, [self.peer.points(folder, student) for student in submissions]

    def right(self, count: int = 1) -> float:
        """The seconds for some right submissions. Raises Unavailable where one does not get all points."""
        seconds, done, reports = self.graded({f"student{number}": RIGHT for number in range(count)})
        if not done or any(one is None or one.earned < one.most for one in reports):
            raise Unavailable("right work does not get all points")
        return seconds

    def nothing_done(self) -> None:
        """Raises Unavailable where the stub gets a point, or no report."""
        _, _, (points,) = self.graded({"student": STUB})
        if points is None or points.earned > 0:
            raise Unavailable("a stub is not graded with no points")

    def hostile(self, text: str) -> Verdict:
        seconds, done, (points,) = self.graded({"student": text})
        return judged(points, done, seconds)


def measured(environments: Path, rounds: int, limit: float = LIMIT) -> list[Measured]:
    """All graders, in turns: each once untimed, then round by round, then many at once, then the hostile ones."""
    found = [Measured(kind.name) for kind in PEERS]
    with tempfile.TemporaryDirectory() as homes:
        benches: list[tuple[Measured, Bench]] = []
        for kind, row in zip(PEERS, found, strict=True):
            _say(f"{row.name}: a first time, untimed")
            try:
                peer = kind.found(environments)
                (home := Path(homes) / kind.distribution).mkdir()
                bench = Bench(peer, home, limit)
                bench.right()
                bench.nothing_done()
            except Unavailable as reason:
                _say(f"{row.name} is left out: {reason}")
                row.missing = str(reason)
                continue
            row.version = peer.version()
            benches.append((row, bench))
        for number in range(rounds):
            _say(f"one right submission, round {number + 1}")
            for row, bench in benches:
                row.one.append(bench.right())
        for row, bench in benches:
            _say(f"{row.name}: {MANY} right submissions")
            row.many = bench.right(MANY)
        for name, text in HOSTILE.items():
            for row, bench in benches:
                row.verdicts[name] = bench.hostile(text)
                _say(f"{row.name}, {name}: {row.verdicts[name]}")
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
