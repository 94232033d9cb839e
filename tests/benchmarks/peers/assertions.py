"""The assignment's assertions, as `assignment/assertions.toml` has them, and the submissions beside it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
FUNCTIONS = ("conv2d_output_shape", "get_accuracy", "tile_images")


@dataclass(frozen=True)
class Assertion:
    """One point: a text that raises nothing where the answer is right."""

    function: str
    name: str
    text: str


def _read() -> tuple[str, tuple[Assertion, ...]]:
    table = tomllib.loads((FOLDER / "assignment" / "assertions.toml").read_text(encoding="utf-8"))
    found = [Assertion(one["function"], one["name"], one["text"].strip()) for one in table["assertion"]]
    return table["header"].strip(), tuple(found)


HEADER, ASSERTIONS = _read()
RIGHT = (FOLDER / "assignment" / "right.py").read_text(encoding="utf-8")
STUB = (FOLDER / "assignment" / "stub.py").read_text(encoding="utf-8")
HOSTILE = {path.stem: path.read_text(encoding="utf-8") for path in sorted((FOLDER / "hostile").glob("*.py"))}
