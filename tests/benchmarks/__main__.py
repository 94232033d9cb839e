"""Prints the table: `python -m tests.benchmarks [ROUNDS]`, on a machine that does nothing else.

What is compared takes turns, round by round, so that a machine that slows down slows all of it down; the table has the
medians, and their ratios to the unit, `python -c "import torch"`.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

GRADER = [sys.executable, "-m", "grader"]
COMMANDS = {
    "grader check, the finished work": ([*GRADER, "check", "--solutions"], 2.5),
    "grader check shapes, the finished work": ([*GRADER, "check", "shapes", "--solutions"], 1.6),
}
FURTHER = ("each further submission of a class, one core", 0.3)
UNIT = [sys.executable, "-c", "import torch"]
FURTHER_ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes, in seconds of wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def command_seconds(command: list[str]) -> float:
    """How long a command takes, in seconds of wall clock. Raises CalledProcessError if it fails."""
    return seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))


def further_seconds(rounds: int) -> list[float]:
    """How long each further submission takes one grading process that has graded one: its cases are there already."""
    from grader.course import registry
    from grader.running.session import Session

    with contextlib.suppress(AttributeError):  # Linux has it
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with Session.start(processes=1) as session:
        from grader.running import casebook, run
        from grader.running.reference import reference_text

        cases = casebook.Casebook(0)
        sources = {topic.name: reference_text(topic.name).encode() for topic in registry.TOPICS}

        def grade() -> None:
            report = run.grade(sources, name="solutions", nursery=session.nurseries[0], casebook=cases)
            assert report.score == report.max_score

        grade()
        return [seconds(grade) for _ in range(rounds)]


def main(rounds: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in ("import torch", *COMMANDS)}
    command_seconds(UNIT)  # once for the file cache
    for _ in range(rounds):
        times["import torch"].append(command_seconds(UNIT))
        for name, (command, _) in COMMANDS.items():
            times[name].append(command_seconds(command))
    times[FURTHER[0]] = further_seconds(FURTHER_ROUNDS)
    unit = statistics.median(times["import torch"])
    reach = {name: limit for name, (_, limit) in COMMANDS.items()} | dict([FURTHER])
    print(f"{'':48}  seconds  units  to reach")
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"{name:48}  {middle:7.2f}  {middle / unit:5.2f}  {reach.get(name, '')}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
