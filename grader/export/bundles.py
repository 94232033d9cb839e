"""What the bundles for platforms have in common: their programs, which stand as files in templates/."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


def program(kind: str, name: str) -> bytes:
    """A program, as every system takes it: its lines end in line feeds, whatever the checkout's do."""
    return (TEMPLATES / kind / name).read_bytes().replace(b"\r\n", b"\n")


def programs(kind: str, *names: str) -> dict[str, bytes]:
    """Programs of a platform by their names, with the module that those which grade share."""
    return {**{name: program(kind, name) for name in names}, "grading.py": program("shared", "grading.py")}
