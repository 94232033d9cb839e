"""What a handout says of itself: which of the kit it holds, and what stayed with the course. Nothing anywhere else."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("handout.json")


@dataclass(frozen=True)
class Handout:
    """A copy of the kit for students, with the course's settings."""

    with_solutions: bool
    seed: int = 0  # of the casebook that takes the solutions' place
    examples: int = 20
    settings: dict[str, Any] = field(default_factory=dict)  # as `[tool.grader]` has them

    def text(self) -> str:
        """The file's text."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False, default=str) + "\n"


def read(file: Path = FILE) -> Handout | None:
    """What a handout says; None where this is none."""
    try:
        return Handout(**json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


HANDOUT = read()
WITHHELD = HANDOUT is not None and not HANDOUT.with_solutions  # the solutions, and all that gives them away
