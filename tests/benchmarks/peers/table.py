"""What was measured, as Markdown."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.peers.measuring import MANY, Measured, Verdict

UNIT = "pytest"  # what seconds are compared with
WIDTH = 120
TITLES = {
    "endless": "endless loop",
    "leaves": "`os._exit(0)`",
    "equals": "equals everything",
    "reads": "reads what is expected",
    "prints": "prints 100 MB",
}
LEGEND = (
    f"Seconds, of one submission the median of the rounds; in brackets how many times those of {UNIT}. *caught*: a report "
    "without points; *no result*: it ended without a report; *hung*: stopped at the limit."
)


@dataclass(frozen=True)
class Machine:
    """When and where it was measured."""

    date: str
    cpu: str
    cores: int
    python: str
    torch: str


def recorded(path: Path) -> tuple[Machine, list[Measured], float]:
    """What `--json` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        Measured(**{**row, "verdicts": {name: Verdict(**one) for name, one in row["verdicts"].items()}})
        for row in found.pop("graders")
    ]
    limit = found.pop("limit")
    return Machine(**found), rows, limit


def record(path: Path, machine: Machine, rows: list[Measured], limit: float) -> None:
    """Keeps the numbers."""
    found = {**asdict(machine), "limit": limit, "graders": [asdict(row) for row in rows]}
    path.write_text(json.dumps(found, indent=1))


def table(machine: Machine, rows: list[Measured], limit: float) -> str:
    """One line a grader, below what all have in common."""
    head = ["", "version", "one submission", f"{MANY} submissions", *TITLES.values()]
    lines = [head, ["---"] * len(head), *(_cells(row, rows) for row in rows)]
    where = f"{machine.date}, {machine.cores} cores of {machine.cpu}, Python {machine.python}, PyTorch {machine.torch}"
    return "\n".join(
        [
            *textwrap.wrap(f"{where}; limit {limit:g} s. {LEGEND}", WIDTH),
            "",
            *("| " + " | ".join(cells) + " |" for cells in lines),
        ]
    )


def _cells(row: Measured, rows: list[Measured]) -> list[str]:
    if row.missing:
        return [row.name, "could not be had", *[""] * (2 + len(TITLES))]
    unit = next((one for one in rows if one.name == UNIT and not one.missing), None)
    times = [
        _seconds(row.middle, unit.middle if unit else None),
        _seconds(row.many, unit.many if unit else None),
    ]
    return [row.name, row.version, *times, *(_verdict(row.verdicts.get(name)) for name in TITLES)]


def _seconds(taken: float | None, unit: float | None) -> str:
    """Seconds, and their ratio to those of the unit."""
    if taken is None:
        return ""
    return f"{taken:.1f}" + (f" ({taken / unit:.1f})" if unit else "")


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if verdict.kind == "gained":
        return f"**gained {verdict.gained:g} of {verdict.most:g}**"
    return f"{verdict.kind}, {verdict.seconds:.0f} s"
