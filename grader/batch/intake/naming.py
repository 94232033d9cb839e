"""Names that are unique in a class."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from grader.submissions.model import visible


def unique(wanted: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """A name for each of those who are called something; no two are the same, not even but for capitals.

    Each comes with what can tell it from others that are called the same, the best first: a number, the folder that it is
    in. The first that is another one for each of them is added to all of them; else they are counted.
    """
    names = [visible(name) or "nameless" for name, _ in wanted]
    alike: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        alike.setdefault(compared(name), []).append(place)
    taken = {name for name, places in alike.items() if len(places) == 1}
    for places in sorted(places for places in alike.values() if len(places) > 1):
        for additions in _additions([wanted[place][1] for place in places]):
            fuller = [f"{names[place]} ({visible(addition)})" for place, addition in zip(places, additions)]
            found = set(map(compared, fuller))
            if len(found) == len(places) and not found & taken:
                break
        taken |= found
        for place, name in zip(places, fuller):
            names[place] = name
    return names


def _additions(apart: list[Sequence[str]]) -> list[list[str]]:
    """What can be added to each of some names, in the order in which it is to be tried; the last ones surely differ."""
    some = min(map(len, apart))
    found = [[one[level] for one in apart] for level in range(some)]
    counts = [[str(number + start) for number in range(len(apart))] for start in range(1, 10_000, len(apart))]
    return [additions for additions in found if all(additions)] + counts


def compared(name: str) -> str:
    """A name as names are compared: systems write one letter as one sign or as two, and some know no capitals."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
