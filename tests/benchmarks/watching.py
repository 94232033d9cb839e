"""How long `grader watch` takes from saving a file to its verdict, while it runs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

CHORES = 1.0  # seconds in which it gets ready for the next save, and somebody reads


class Watching:
    """A `grader watch TOPIC` that is running over a copy of the exercises, its reports in a pipe."""

    def __init__(self, topic: str, root: Path, folder: Path, environment: dict[str, str]) -> None:
        self.stub = (root / "exercises" / f"{topic}.py").read_text(encoding="utf-8")
        self.right = (root / "solutions" / f"{topic}.py").read_text(encoding="utf-8")
        self.module = folder / "exercises" / f"{topic}.py"
        self.module.parent.mkdir()
        self.module.write_text(self.stub)
        self.program = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader", "watch", topic],
            cwd=folder, env={**environment, "PYTHONPATH": str(root)}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._read_until("Total ")

    def seconds(self) -> float:
        """How long the verdict takes on a file that is right and was not begun before."""
        time.sleep(CHORES)
        began = time.perf_counter()
        self.module.write_text(self.right)
        self._read_until("All that you asked for is right")
        found = time.perf_counter() - began
        time.sleep(CHORES)
        self.module.write_text(self.stub)
        self._read_until("Total ")
        return found

    def _read_until(self, said: str) -> None:
        assert self.program.stdout is not None
        for line in self.program.stdout:
            if said in line:
                return
        raise RuntimeError(f"grader watch ended before it said: {said}")


@contextlib.contextmanager
def watching(topic: str, root: Path, environment: dict[str, str] | None = None) -> Iterator[Watching]:
    """Starts it, and ends it at the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        started = Watching(topic, root, Path(folder), environment or dict(os.environ))
        try:
            started.seconds()  # once for what is worked out the first time
            yield started
        finally:
            started.program.terminate()
            started.program.communicate()
