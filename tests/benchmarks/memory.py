"""The peak memory of a command and all processes that it starts, what they share counted once; and their processor time."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

EVERY = 0.02  # seconds between two looks


def peak_of(command: list[str], environment: dict[str, str], folder: Path) -> int:
    """The most bytes that a command's processes took together. Raises CalledProcessError where it ends by a signal."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, cwd=folder)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(proportional, [process.pid, *below(process.pid)])))
        time.sleep(EVERY)
    if process.returncode < 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return peak


def below(pid: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    found: list[int] = []
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        for thread in threads:
            for child in (thread / "children").read_text(encoding="utf-8").split():
                found += [int(child), *below(int(child))]
    except (FileNotFoundError, ProcessLookupError):
        pass  # it has ended meanwhile
    return found


def proportional(pid: int) -> int:
    """The bytes of a process, each page divided by the number of those that share it; 0 where it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        pass
    return 0


def worked(pid: int) -> float:
    """The seconds of processor time of a process and of those that it has waited for; 0 where it has ended."""
    try:
        numbers = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, numbers[11:15])) / os.sysconf("SC_CLK_TCK")
