"""Untrusted text, made harmless and short: what a submission prints, raises or is called is data, never a command.

Every view passes the text that it shows through here. Afterwards there are no control characters, escape sequences,
direction overrides, invisible characters or lone surrogates in it (they are spelled out, as Python would: `\\x1b`), no
line is a command to a CI system, and its size is bounded: the head and the tail stay, the middle is counted.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from rich.cells import cell_len, chop_cells

# GitHub's runner obeys a line that begins with "::" after white space, and "##[...]" anywhere in a line; Azure
# Pipelines and TeamCity obey "##vso[...]" and "##teamcity[...]".
_COMMAND_AT_LINE_START = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
_COMMAND_ANYWHERE = re.compile(r"#(?=#\w*\[)")

# For streams that cannot show the kit's own signs.
_PLAIN_FORMS = str.maketrans(
    {"→": "->", "×": "x", "·": "-", "…": "...", "–": "-", "—": "-", "’": "'", "≥": ">=", "≤": "<="}
)


def visible(text: str) -> str:
    """The text with nothing in it that acts or hides; line feeds stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    if not text.isprintable():
        text = "".join(map(_spell_out, text))
    return without_commands(text)


def without_commands(text: str) -> str:
    """The text with a space in whatever a CI system would take for a command: `: :error::`, `# #[group]`."""
    return _COMMAND_ANYWHERE.sub("# ", _COMMAND_AT_LINE_START.sub(r"\1: ", text))


def one_line(text: str, *, columns: int = 300) -> str:
    """The text on one line of about `columns` characters; line feeds are spelled out."""
    return visible(_cut(text, columns).replace("\r\n", "\n").replace("\n", "\\n"))


def path_in_words(path: Path | str) -> str:
    """A path for a sentence: what a folder is called is anybody's choice, and must not act on a terminal or a CI."""
    return one_line(str(path), columns=1000)


def many_lines(text: str, *, lines: int = 100, columns: int = 500) -> str:
    """The text in at most `lines` + 1 lines of about `columns` characters each, without empty lines around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return visible("\n".join(_cut_lines(text, lines, columns)))


def encodable(text: str, encoding: str) -> str:
    """The text in characters that a stream of this encoding can take."""
    if can_encode(text, encoding):
        return text
    return text.translate(_PLAIN_FORMS).encode(encoding, "backslashreplace").decode(encoding)


def can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def wrap(text: str, width: int, *, lines: int | None = None) -> list[str]:
    """The text's lines, those wider than `width` terminal cells broken at spaces, or inside words that are wider.

    With `lines`, no more than that many: the head and the tail stay. Breaking can bring `::` to the beginning of a
    line, so every line is looked at once more.
    """
    broken = [piece for line in text.split("\n") for piece in _wrap_line(line, max(width, 8))]
    if lines is not None and len(broken) > lines:
        head = lines * 2 // 3
        broken = [*broken[:head], "[... cut here ...]", *broken[len(broken) - (lines - head - 1) :]]
    return [without_commands(line) for line in broken]


def _spell_out(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    if unicodedata.category(character) == "Zs":  # no-break and wide spaces: shown, but as what they look like
        return " "
    return character.encode("unicode_escape").decode("ascii")


def _cut(line: str, columns: int) -> str:
    if len(line) <= columns:
        return line
    head = columns * 2 // 3
    tail = columns - head
    return f"{line[:head]} [... {len(line) - columns:,} characters left out ...] {line[-tail:]}"


def _cut_lines(text: str, lines: int, columns: int) -> list[str]:
    left_out = text.count("\n") + 1 - lines
    if left_out <= 0:
        return [_cut(line, columns) for line in text.split("\n")]
    head = lines // 2
    tail = lines - head
    # Splitting no further than needed: a flood of ten million line feeds is not made into ten million strings.
    first = [_cut(line, columns) for line in text.split("\n", head)[:head]]
    last = [_cut(line, columns) for line in text.rsplit("\n", tail)[-tail:]]
    return [*first, f"[... {left_out:,} lines left out ...]", *last]


def _wrap_line(line: str, width: int) -> list[str]:
    if cell_len(line) <= width:
        return [line.rstrip()]
    indent = " " * min(len(line) - len(line.lstrip(" ")), width // 2)
    pieces, current = [], indent
    for word in line.split():
        candidate = current + word if current == indent else f"{current} {word}"
        if cell_len(candidate) <= width:
            current = candidate
            continue
        if current != indent:
            pieces.append(current)
        *full, current = chop_cells(indent + word, width)
        pieces += full
    return [*pieces, current]
