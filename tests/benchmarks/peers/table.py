"""What was measured, as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.peers.measuring import MANY, Measured, Verdict

UNIT = "pytest"  # what seconds are compared with
TITLES = {
    "endless": "endless loop",
    "leaves": "`os._exit(0)`",
    "equals": "equals everything",
    "reads": "reads what is expected",
    "prints": "prints 100 MB",
}
LEGEND = (
    f"Seconds, and in brackets how many times those of {UNIT}. *caught*: a report without points; *no result*: it ended "
    "without a report; *hung*: stopped at the limit."
)


@dataclass(frozen=True)
class Machine:
    """When and where it was measured."""

    date: str
    cpu: str
    cores: int
    python: str
    torch: str


def table(machine: Machine, rows: list[Measured], limit: float) -> str:
    """One line a grader, below what all have in common."""
    head = ["", "version", "one submission", f"{MANY} submissions", *TITLES.values()]
    lines = [head, ["---"] * len(head), *(_cells(row, rows) for row in rows)]
    where = f"{machine.date}, {machine.cores} cores of {machine.cpu}, Python {machine.python}, PyTorch {machine.torch}"
    return "\n".join(
        [f"{where}; limit {limit:g} s.", LEGEND, "", *("| " + " | ".join(cells) + " |" for cells in lines)]
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
    if taken is None:
        return ""
    return f"{taken:.1f}" + (f" ({taken / unit:.1f})" if unit else "")


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if verdict.kind == "gained":
        return f"**gained {verdict.gained:g} of {verdict.most:g}**"
    return f"{verdict.kind}, {verdict.seconds:.0f} s"
