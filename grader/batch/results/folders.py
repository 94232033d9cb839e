"""The name of each student's folder: one that every system can hold, and no other student has."""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from grader.batch.intake.naming import compared

MOST_BYTES = 120
_NOT_EVERYWHERE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(\..*)?", re.IGNORECASE)
_OURS = {"gradebook.csv", "index.html", "similar.html", "class.json", "changes.csv"}


def folder_names(names: Sequence[str]) -> list[str]:
    """A folder for each name. The same names give the same folders; twins but for case get a mark each.

    Names are anybody's choice, and a mark can be worked out: one that makes a folder somebody else's is not taken.
    """
    wanted = {name: _portable(name) for name in names}
    count = Counter(map(compared, wanted.values()))
    taken = set(count)
    for name, folder in sorted(wanted.items()):
        if count[compared(folder)] > 1:
            wanted[name] = next(marked for marked in _marked(name, folder) if compared(marked) not in taken)
            taken.add(compared(wanted[name]))
    return [wanted[name] for name in names]


def _marked(name: str, folder: str) -> Iterator[str]:
    """The folder with one mark after the other, the first of the name alone."""
    for number in itertools.count():
        seed = f"{name}{number or ''}".encode("utf-8", "backslashreplace")
        yield f"{folder}-{hashlib.sha256(seed).hexdigest()[:6]}"


def _portable(name: str) -> str:
    found = _NOT_EVERYWHERE.sub("_", unicodedata.normalize("NFC", name))
    found = "".join(c if unicodedata.category(c) not in ("Cs", "Cf", "Zl", "Zp") else "_" for c in found)
    found = found.encode()[:MOST_BYTES].decode(errors="ignore").strip().rstrip(". ")
    if not found or found.startswith((".", "-")) or _OF_WINDOWS.fullmatch(found) or compared(found) in _OURS:
        found = f"_{found}"
    return found
