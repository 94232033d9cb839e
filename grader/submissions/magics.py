"""What of a cell is Python: IPython's magics, shell lines and questions are left out, and every line keeps its number.

Source: IPython's documentation, "Input transformation", and its inputtransformer2. Special syntax counts at the beginning of
a statement, behind its first `=` and, for `?`, at its end; never in strings, brackets or comments. Where IPython writes a call
into the text, None is written here.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

# Cell magics whose body is the notebook's Python. `timeit` runs it apart, and keeps nothing.
TRANSPARENT = frozenset({"capture", "check", "exercise", "prun", "time"})
_WRITES = frozenset({"file", "writefile"})
_MOST_NESTED = 10
_CELL_MAGIC = re.compile(r"\s*?%%(?!\w+\?)([^\s]*)([^\n]*)(?:\n|$)")
_ESCAPED = re.compile(r"(?:[ \t\f]|\\\n)*+(?=!(?!=)|\?|%(?!=)|[,;]|/(?![/=]))")
_ASKS = re.compile(r"%{0,2}(?!\d)[\w*]+(\.(?!\d)[\w*]+|\[-?[0-9]+\])*\?\??$")
_TOKEN = re.compile(
    r'(?P<string>"""(?:[^\\"]|\\.|"(?!""))*+"""'
    r"|'''(?:[^\\']|\\.|'(?!''))*+'''"
    r'|"(?!"")(?:[^\\"\n]|\\.)*+"'
    r"|'(?!'')(?:[^\\'\n]|\\.)*+')"
    r"|(?P<endless>\"\"\"|''')"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<joined>\\\n)"
    r"|(?P<space>[ \t\f]+)"
    r"|(?P<equal>(?:[-+*/%&|^@=<>!:]|//|\*\*|<<|>>)?=)"
    r"|(?P<word>\w+)"
    r"|(?P<end>\n)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_SPECIAL_VALUE = re.compile(r"[ \t\f]*(?=!(?!=)|%[ \t\f]*[^\W\d])")


@dataclass(frozen=True)
class Python:
    """A cell's Python, "" where it has none; or the file that the cell writes."""

    text: str
    writes: str = ""  # the file's path
    appends: bool = False


def python_of(cell: str) -> Python:
    """What of a cell is Python, each line where it was; the last one ends, too."""
    cell = cell if cell.endswith("\n") else f"{cell}\n"
    above = 0  # lines of cell magics
    for _ in range(_MOST_NESTED):
        magic = _CELL_MAGIC.match(cell)
        if not magic:
            return Python("\n" * above + _without_specials(textwrap.dedent(cell)))
        above += magic[0].count("\n")
        cell = cell[magic.end() :]
        if magic[1] in _WRITES:
            options = magic[2].split()
            paths = [option for option in options if option not in ("-a", "--append")]
            return Python(cell, paths[0].strip("\"'") if len(paths) == 1 else "", len(paths) < len(options))
        if magic[1] not in TRANSPARENT:
            break
    return Python("")


def _without_specials(text: str) -> str:
    """The text with None in place of each special statement or value."""
    done: list[str] = []
    at = 0
    while at < len(text):
        indent = _ESCAPED.match(text, at)
        if indent:
            end = _end_of_line(text, indent.end())
            done.append(indent[0] + _nothing(text[indent.end() : end]))
        else:
            end, changed = _statement(text, at)
            done.append(changed)
        at = end
    return "".join(done)


def _statement(text: str, start: int) -> tuple[int, str]:
    """Where the line of Python that starts there ends, with all that its brackets and strings hold; and what it becomes."""
    depth = 0
    at = start
    looks_for_value = True
    last = ""
    while at < len(text):
        token = _TOKEN.match(text, at)
        assert token
        kind = token.lastgroup
        if kind == "endless":
            return len(text), text[start:]
        if kind == "end" and depth == 0:
            break
        at = token.end()
        if kind == "equal" and token[0] == "=" and depth == 0 and looks_for_value:
            looks_for_value = False
            value = _SPECIAL_VALUE.match(text, at)
            if value:
                end = _end_of_line(text, at)
                return end, text[start : value.end()] + _nothing(text[value.end() : end])
        elif kind == "other" and token[0] in "([{":
            depth += 1
        elif kind == "other" and token[0] in ")]}":
            depth = max(0, depth - 1)
        if at < len(text) or kind != "end":
            last = token[0] if kind == "other" else ""
    line = text[start:at]
    end = min(at + 1, len(text))
    if last == "?" and _ASKS.search(line):
        indent = line[: len(line) - len(line.lstrip(" \t\f"))]
        return end, indent + _nothing(text[start + len(indent) : end])
    return end, text[start:end]


def _end_of_line(text: str, at: int) -> int:
    """Where a line ends that backslashes may continue."""
    while True:
        found = text.find("\n", at)
        if found < 0:
            return len(text)
        at = found + 1
        if text[found - 1 : found] != "\\":
            return at


def _nothing(special: str) -> str:
    """None, and as many line ends as there were."""
    return "None" + "\n" * special.count("\n")
