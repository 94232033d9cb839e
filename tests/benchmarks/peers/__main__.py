"""Prints the comparison: `python -m tests.benchmarks.peers [--environments DIR] [--json FILE] [--rounds N]`.

The first time it makes an environment for each peer, which `--prepare` does alone; `--show FILE` prints what `--json` kept.
Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path

from grader.files.cache import cache_folder
from tests.benchmarks.peers.environments import Unavailable
from tests.benchmarks.peers.measuring import LIMIT, measured
from tests.benchmarks.peers.peers import PEERS
from tests.benchmarks.peers.table import Machine, record, recorded, table


def cpu() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return name.replace("(R)", "").replace("(TM)", "")


def prepare(folder: Path) -> int:
    """Makes all environments; 1 where one could not be made."""
    status = 0
    for kind in PEERS:
        try:
            print(f"{kind.name} {kind.found(folder).version()}")
        except Unavailable as reason:
            print(f"{kind.name} could not be installed: {reason}")
            status = 1
    return status


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers", description="Graders, side by side.")
    parser.add_argument("--environments", type=Path, metavar="DIR", help="where the peers' environments are kept")
    parser.add_argument("--prepare", action="store_true", help="only makes the environments")
    parser.add_argument("--rounds", type=int, default=3, help="how often one submission is measured (3)")
    parser.add_argument("--limit", type=float, default=LIMIT, help=f"seconds for one submission ({LIMIT:g})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keeps the numbers")
    parser.add_argument("--show", type=Path, metavar="FILE", help="only prints the table of numbers that were kept")
    options = parser.parse_args()
    if options.show:
        print(table(*recorded(options.show)))
        return 0
    folder = (options.environments or cache_folder() / "peers").resolve()
    if options.prepare:
        return prepare(folder)
    rows = measured(folder, options.rounds, options.limit)
    torch = metadata.version("torch")
    machine = Machine(time.strftime("%Y-%m-%d"), cpu(), os.cpu_count() or 1, platform.python_version(), torch)
    print(table(machine, rows, options.limit))
    if options.json:
        record(options.json, machine, rows, options.limit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
