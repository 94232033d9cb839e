"""The name of each student's folder: one that every system can hold, and no other student has."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

MOST_BYTES = 120
_NOT_EVERYWHERE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_OURS = {"gradebook.csv", "index.html", "similar.html", "class.json", "changes.csv"}


def folder_names(names: Sequence[str]) -> list[str]:
    """A folder for each name. The same names give the same folders; twins but for case get a mark each."""
    wanted = [_portable(name) for name in names]
    count = Counter(map(_alike, wanted))
    return [
        folder if count[_alike(folder)] == 1 else f"{folder}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
        for name, folder in zip(names, wanted, strict=True)
    ]


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
