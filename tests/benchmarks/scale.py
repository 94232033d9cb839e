"""How a large class is graded: `python -m tests.benchmarks.scale [--count N]` prints a table, on a machine that does nothing else.

A class of N (1,000) is made by `tests.benchmarks.classes` and graded in one run: submissions a minute, processor time and memory,
for each tenth of it. Processor time says the same on a machine that does other work besides. A smaller part of it is graded
with one job and with two, and once more with a kill in the middle.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.results.store import STATE
from tests.benchmarks.classes import made
from tests.benchmarks.memory import below, proportional, worked

ROOT = Path(__file__).resolve().parents[2]
EVERY = 5.0  # seconds between two looks: to count shared pages costs a tenth of a second
PARTS = 10


@dataclass(frozen=True)
class Look:
    """What was seen at one time."""

    at: float  # seconds since the beginning
    done: int  # submissions
    size: int  # bytes of memory
    worked: float  # seconds of processor time


@dataclass
class Run:
    """A batch while it runs: how many were done when, and what all of its processes took together."""

    seconds: float = 0.0
    looks: list[Look] = field(default_factory=list)

    def part(self, number: int, count: int) -> tuple[float, float, float]:
        """Of one of PARTS parts: submissions a minute, processor seconds a submission, the median of the megabytes."""
        first, last = number * count // PARTS, (number + 1) * count // PARTS
        inside = [look.size for look in self.looks if first <= look.done <= last and look.size]
        began = [look for look in self.looks if look.done <= first][-1]
        ended = next((look for look in self.looks if look.done >= last), self.looks[-1])
        rate = 60 * (last - first) / max(ended.at - began.at, 1e-9)
        return rate, (ended.worked - began.worked) / (last - first), statistics.median(inside or [0]) / 2**20


def batch(work: Path, out: Path, *options: str, kill_at: int | None = None) -> Run:
    """Grades a class, looking on; `kill_at` ends it when so many are done."""
    command = [sys.executable, "-m", "grader", "batch", str(work), "--out", str(out), "--seed", "1", *options]
    run, began = Run(), time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            count = sum(1 for path in (out / STATE / "records").glob("[!.]*"))
            family = [process.pid, *below(process.pid)]
            at, size, seconds = time.monotonic() - began, sum(map(proportional, family)), sum(map(worked, family))
            run.looks.append(Look(at, count, size, max(seconds, run.looks[-1].worked if run.looks else 0.0)))
            if kill_at is not None and count >= kill_at:
                process.kill()
            time.sleep(EVERY)
    run.seconds = time.monotonic() - began
    return run


def part_of(work: Path, folder: Path, count: int) -> Path:
    """The first students of a class."""
    for path in sorted(work.iterdir())[:count]:
        if path.is_dir():
            shutil.copytree(path, folder / path.name)
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(path, folder)
    return folder


def size_of(folder: Path) -> int:
    """The bytes that a folder's files take on the disk."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def table(run: Run, count: int) -> str:
    """The whole run as Markdown."""
    lines = ["| submissions | a minute | processor time of each | memory of all processes |", "|---|---|---|---|"]
    for number in range(PARTS):
        first, last = number * count // PARTS + 1, (number + 1) * count // PARTS
        rate, seconds, size = run.part(number, count)
        lines.append(f"| {first} to {last} | {rate:.0f} | {seconds:.2f} s | {size:.0f} MB |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.scale", description="How a large class is graded."
    )
    parser.add_argument("--count", type=int, default=1000, help="submissions (1000)")
    parser.add_argument("--part", type=int, default=60, help="of them for one job against two (60)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = made(folder / "class", options.count, seed=1)
        whole = batch(work, folder / "out", "--jobs", "2")
        print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
        print(table(whole, options.count), flush=True)
        print(
            f"\nAll in {whole.seconds / 60:.1f} min; {size_of(folder / 'out') / options.count / 1024:.0f} KB a student.",
            flush=True,
        )
        few = part_of(work, folder / "few", options.part)
        one, two = batch(few, folder / "one", "--jobs", "1"), batch(few, folder / "two", "--jobs", "2")
        print(
            f"{options.part} of them: {one.seconds:.0f} s with one job, {two.seconds:.0f} s with two: {two.seconds / one.seconds:.2f}"
        )
        batch(few, folder / "killed", "--jobs", "2", kill_at=options.part // 2)
        batch(few, folder / "killed", "--jobs", "2")
        same = (folder / "killed" / "gradebook.csv").read_bytes() == (folder / "two" / "gradebook.csv").read_bytes()
        print(f"Killed half-way and run again: {'the same gradebook' if same else 'ANOTHER GRADEBOOK'}, byte for byte.")


if __name__ == "__main__":
    main()
