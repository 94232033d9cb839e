"""An environment for each peer, with the kit's Python and the kit's version of PyTorch, so that importing it costs all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

SECONDS = 1200  # in which an environment is made, or not


class Unavailable(Exception):
    """A peer that cannot be had on this machine."""


def own() -> Path:
    """The Python that runs this, in the kit's own environment."""
    return Path(sys.executable)


def prepared(folder: Path, requirements: tuple[str, ...]) -> Path:
    """The Python of an environment that holds these, made where it is not there yet. Raises Unavailable."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    torch = metadata.version("torch").split("+")[0]
    wanted = " ".join((*requirements, f"torch=={torch}", "numpy"))
    made = folder / "made-of.txt"
    if made.exists() and made.read_text(encoding="utf-8") == wanted:
        return python
    uv = [sys.executable, "-m", "uv"]
    for command in (
        [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)],
        [*uv, "pip", "install", "--quiet", "--python", str(python), *wanted.split()],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.CalledProcessError as error:
            raise Unavailable(error.stderr.strip()[-500:]) from error
        except (subprocess.TimeoutExpired, OSError) as error:
            raise Unavailable(str(error)) from error
    made.write_text(wanted)
    return python


def version(python: Path, distribution: str) -> str:
    """The version of a distribution in an environment."""
    program = f"from importlib.metadata import version; print(version({distribution!r}))"
    return subprocess.run([python, "-c", program], check=True, capture_output=True, text=True).stdout.strip()
