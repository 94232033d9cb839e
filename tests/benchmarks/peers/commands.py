"""Runs a peer's command with an end, and stops all that it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.memory import below


@dataclass(frozen=True)
class Command:
    """What is run, and where."""

    arguments: tuple[str, ...]
    folder: Path


def environment(python: Path, home: Path) -> dict[str, str]:
    """Variables that name this environment, and a home folder of its own, so that nobody's settings count."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "JUPYTER", "VIRTUAL_ENV", "GRADER_"))
    }
    path = os.pathsep.join((str(python.parent), kept.get("PATH", "")))
    return {**kept, "PATH": path, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "CONVKIT_DATA": str(home)}


def ended(command: Command, variables: dict[str, str], limit: float) -> bool:
    """Runs a command. False where it took longer than the limit, and was stopped."""
    process = subprocess.Popen(
        command.arguments, cwd=command.folder, env=variables, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        process.wait(limit)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            for pid in (*below(process.pid), process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


def run_all(commands: list[Command], variables: dict[str, str], limit: float) -> tuple[float, bool]:
    """Runs commands one after the other, and says how many seconds they took, and whether each came to an end."""
    began = time.perf_counter()
    done = all(ended(command, variables, limit) for command in commands)
    return time.perf_counter() - began, done
