"""The name of each student's folder: one that every system can hold, and no other student has."""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

MOST_BYTES = 120
_NOT_EVERYWHERE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_OURS = {"gradebook.csv", "index.html", "similar.html", "class.json", "changes.csv"}


def folder_names(names: Sequence[str]) -> list[str]:
    """A folder for each name. The same names give the same folders; twins but for case get a mark each.

    Names are anybody's choice, and a mark can be worked out: one that makes a folder somebody else's is not taken.
    """
    wanted = {name: _portable(name) for name in names}
    count = Counter(map(_alike, wanted.values()))
    taken = set(count)
    for name, folder in sorted(wanted.items()):
        if count[_alike(folder)] > 1:
            wanted[name] = next(marked for marked in _marked(name, folder) if _alike(marked) not in taken)
            taken.add(_alike(wanted[name]))
    return [wanted[name] for name in names]


def _marked(name: str, folder: str) -> Iterator[str]:
    """The folder with one mark after the other, the first of the name alone."""
    for number in itertools.count():
        seed = f"{name}{number or ''}".encode("utf-8", "backslashreplace")
        yield f"{folder}-{hashlib.sha256(seed).hexdigest()[:6]}"


def _alike(folder: str) -> str:
    """What two names have in common that some system takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", folder).casefold())


def _portable(name: str) -> str:
    found = _NOT_EVERYWHERE.sub("_", unicodedata.normalize("NFC", name))
    found = "".join(c if unicodedata.category(c) not in ("Cs", "Cf", "Zl", "Zp") else "_" for c in found)
    found = found.encode()[:MOST_BYTES].decode(errors="ignore").strip().rstrip(". ")
    if not found or found.startswith((".", "-")) or _OF_WINDOWS.fullmatch(found) or _alike(found) in _OURS:
        found = f"_{found}"
    return found
