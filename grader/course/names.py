"""What a name that nobody knows may have been meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], *, most: int = 1) -> str:
    """A question that names the nearest of the known ones, whatever their capitals; empty where none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=most)
    return "Did you mean " + " or ".join(by_folded[folded] for folded in near) + "?" if near else ""


def advice(name: str, known: Iterable[str], *, most: int = 1) -> str:
    """`did_you_mean`, or else all that is known."""
    known = list(known)
    return did_you_mean(name, known, most=most) or f"There are: {', '.join(known)}."
