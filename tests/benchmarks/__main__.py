"""Prints the table: `python -m tests.benchmarks [--rounds N] [--json FILE] [--compare FILE]`, on a machine that does nothing else.

What is compared takes turns, round by round, so that a machine that slows down slows all of it down; the table has the
medians, and their ratios to the unit, `python -c "import torch"`, in the same round. Each is asked for in the state that
its row names: the casebook there, or not yet.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.memory import peak_of
from tests.benchmarks.watching import watching

ROOT = Path(__file__).resolve().parents[2]
GRADER = [sys.executable, "-m", "grader"]
UNIT = "import torch"
FURTHER_ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One thing that is measured: what it is to reach, and what came of each round."""

    name: str
    reach: float | None  # in the row's unit
    unit: str  # "import torch", or MB
    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> float:
        """Half of the distance between the quarters."""
        if len(self.values) < 4:
            return (max(self.values) - min(self.values)) / 2
        low, _, high = statistics.quantiles(self.values, n=4)
        return (high - low) / 2


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes, in seconds of wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Commands:
    """Runs commands with a cache of their own, so that nothing is there but what an earlier round has put there."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.environment = {**os.environ, "CONVKIT_DATA": str(cache)}

    def run(self, *command: str) -> float:
        """How long a command takes. Raises CalledProcessError where it fails in another way than by missing points."""
        return seconds(lambda: self._run(command))

    def _run(self, command: tuple[str, ...]) -> None:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, env=self.environment, cwd=ROOT)
        if done.returncode not in (0, 1):
            raise subprocess.CalledProcessError(done.returncode, command)

    def forget(self) -> None:
        """As on a machine that has never graded."""
        shutil.rmtree(self.cache / "casebooks", ignore_errors=True)


def further_seconds(rounds: int, cache: Path) -> tuple[float, list[float]]:
    """How long `import torch` and each further submission take, on one core, in a process that has graded one before."""
    program = f"""
import contextlib, os, subprocess, sys, time
with contextlib.suppress(AttributeError):
    os.sched_setaffinity(0, {{min(os.sched_getaffinity(0))}})
units = []
for _ in range(3):
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    units.append(time.perf_counter() - began)
from grader.running.session import Session
with Session.start(processes=1) as session:
    from grader.course import registry
    from grader.running import run
    from grader.running.casebook import Casebook
    from grader.running.reference import reference_text
    from grader.running.shelf import Shelf
    book = Casebook(0, shelf=Shelf.of_user())
    sources = {{topic.name: reference_text(topic.name).encode() for topic in registry.TOPICS}}
    found = []
    for _ in range({rounds + 1}):
        began = time.perf_counter()
        report = run.grade(sources, name="solutions", nursery=session.nurseries[0], casebook=book)
        found.append(time.perf_counter() - began)
        assert report.score == report.max_score
    book.save()
    print(sorted(units)[1], *found[1:])
"""
    environment = {**os.environ, "CONVKIT_DATA": str(cache), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    unit, *found = map(float, done.stdout.split())
    return unit, found


def saving(rounds: int, commands: Commands) -> list[Row]:
    """From saving a file to its verdict, while `grader watch` runs."""
    rows = []
    for topic, reach in (("shapes", 0.1), ("training", 0.3)):
        with watching(topic, ROOT, commands.environment) as started:
            found = [started.seconds() / commands.run(sys.executable, "-c", UNIT) for _ in range(rounds)]
        rows.append(Row(f"grader watch, from saving a file to its verdict: {topic}", reach, UNIT, tuple(found)))
    return rows


def measured(rounds: int) -> list[Row]:
    """All rows."""
    with tempfile.TemporaryDirectory() as folder:
        commands = Commands(Path(folder))
        check = (*GRADER, "check")
        finished = (*check, "--solutions")
        tasks: dict[str, tuple[float, tuple[str, ...], bool]] = {
            "grader check, finished work, casebook there": (1.6, finished, True),
            "the same, first time on this machine": (2.4, finished, False),
            "grader check shapes, finished work": (1.15, (*check, "shapes", "--solutions"), True),
            "grader check, nothing done yet": (1.15, (*check, "--submission", "exercises"), True),
        }
        commands.run(sys.executable, "-c", UNIT)  # once for the file cache
        commands.run(*finished)
        ratios: dict[str, list[float]] = {name: [] for name in tasks}
        units: list[float] = []
        for _ in range(rounds):
            unit = commands.run(sys.executable, "-c", UNIT)
            units.append(unit)
            for name, (_, command, warm) in tasks.items():
                if not warm:
                    commands.forget()
                ratios[name].append(commands.run(*command) / unit)
                if not warm:
                    commands.run(*check, "shapes", "--solutions")  # whose casebook is there again
        own_unit, further = further_seconds(max(rounds, FURTHER_ROUNDS), commands.cache)
        peaks = [peak_of(list(finished), commands.environment, ROOT) / 2**20 for _ in range(min(rounds, 3))]
        return [
            Row('python -c "import torch", seconds', None, "s", tuple(units)),
            *(Row(name, tasks[name][0], UNIT, tuple(found)) for name, found in ratios.items()),
            Row("each further submission, one core", 0.3, UNIT, tuple(one / own_unit for one in further)),
            *saving(rounds, commands),
            Row("peak memory of all processes together", 700.0, "MB", tuple(peaks)),
        ]


def table(rows: list[Row]) -> str:
    """The rows as text."""
    lines = [f"{'':62}  {'median':>8}  {'spread':>6}  reach"]
    for row in rows:
        reach = "" if row.reach is None else f"{row.reach:g}"
        digits = 0 if row.unit == "MB" else 2
        lines.append(f"{row.name:62}  {row.middle:8.{digits}f}  {row.spread:6.{digits}f}  {reach}")
    return "\n".join(lines)


def slower(before: list[Row], after: list[Row]) -> list[str]:
    """What takes more than it did, by more than the two spreads together, in a sentence each."""
    earlier = {row.name: row for row in before}
    found = []
    for row in after:
        old = earlier.get(row.name)
        if old is not None and row.reach is not None and row.middle - old.middle > row.spread + old.spread:
            found.append(f"{row.name}: {old.middle:.2f} before, {row.middle:.2f} now")
    return found


def read(path: Path) -> list[Row]:
    """The rows that `--json` wrote."""
    return [
        Row(**{**row, "values": tuple(row["values"])}) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]
    ]


def main() -> int:
    """Measures, prints and compares; 1 where something became slower."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="How fast grading is.")
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured (7)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keeps the numbers")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="says what became slower than in that file")
    options = parser.parse_args()
    before = read(options.compare) if options.compare else []
    rows = measured(options.rounds)
    print(
        f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {os.cpu_count()} cores; in units of import torch\n"
    )
    print(table(rows))
    if options.json:
        machine = {"date": time.strftime("%Y-%m-%d"), "python": platform.python_version(), "cores": os.cpu_count()}
        options.json.write_text(json.dumps({**machine, "rows": [asdict(row) for row in rows]}, indent=1))
    worse = slower(before, rows)
    if options.compare:
        print("\n" + ("\n".join(["Slower than before:", *worse]) if worse else "Nothing became slower."))
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
