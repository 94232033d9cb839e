"""Looks for lines of code in files, whatever they are packed or encoded in."""

from __future__ import annotations

import ast
import base64
import binascii
import bz2
import codecs
import contextlib
import gzip
import inspect
import io
import itertools
import json
import lzma
import re
import textwrap
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HEAD = 16  # characters of a line by which it is looked up; shorter lines count with the one below them
_DEPTH = 3
_MOST = 2**28
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_PACKED = (b"\x1f\x8b", b"x\x01", b"x\x9c", b"x\xda", b"x^", b"BZh", b"\xfd7zXZ", b"PK\x03\x04")


def squeezed(text: str) -> str:
    """A text without what another layout of the same code changes: white space, and which quotes it takes."""
    return re.sub(r"\s+", "", text).replace("'", '"')


def needles(lines: Iterable[str], given: str) -> set[str]:
    """What to look for: each line that is not given, and where one is short, the line with the next."""
    kept = [line for line in map(squeezed, lines) if line and line not in given]
    pairs = (one + other for one, other in itertools.pairwise(kept) if min(len(one), len(other)) < HEAD)
    return {text for text in (*kept, *pairs) if len(text) >= HEAD}


def code_lines(function: Any) -> list[str]:
    """The lines of a function's body, without its docstring."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(node, ast.FunctionDef)
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return "\n".join(map(ast.unparse, body)).split("\n")


class Search:
    """Lines that are looked for."""

    def __init__(self, wanted: set[str]) -> None:
        self.by_head: dict[str, list[str]] = {}
        for needle in wanted:
            self.by_head.setdefault(needle[:HEAD], []).append(needle)

    def found_in(self, content: bytes) -> set[str]:
        """Which of them are in a file."""
        return {needle for text in texts(content) for needle in self._in(squeezed(text))}

    def _in(self, text: str) -> Iterator[str]:
        heads = {text[start : start + HEAD] for start in range(len(text) - HEAD + 1)} & self.by_head.keys()
        yield from (needle for head in heads for needle in self.by_head[head] if needle in text)


def texts(content: bytes, depth: int = _DEPTH) -> Iterator[str]:
    """All that can be read in some bytes: as they are, in other encodings, unpacked, decoded, and in literals."""
    seen: set[bytes] = set()
    waiting = [(content, depth)]
    while waiting:
        data, left = waiting.pop()
        if data in seen:
            continue
        seen.add(data)
        read = list(_read(data))
        yield from read
        for text in read:
            yield text[::-1]
            yield codecs.encode(text, "rot13")
        if left:
            waiting += [(inner, left - 1) for inner in _inside(data, read[0]) if len(inner) >= HEAD]


def _read(data: bytes) -> Iterator[str]:
    """The runs of printable characters, in UTF-8 and both ways of UTF-16, at even and odd places."""
    yield _runs(data.decode("utf-8", "replace"))
    for encoding in ("utf-16-le", "utf-16-be"):
        for start in (0, 1):
            text = _runs(data[start:].decode(encoding, "replace"), ascii_only=True)
            if text:
                yield text


def _runs(text: str, ascii_only: bool = False) -> str:
    pattern = r"[\t\n\r -~]{16,}" if ascii_only else r"[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]{16,}"
    return "\x00".join(re.findall(pattern, text))


def _inside(data: bytes, text: str) -> Iterator[bytes]:
    yield from _unpacked(data)
    joined = re.sub(rb"(?<=[A-Za-z0-9+/_=-])\r?\n(?=[A-Za-z0-9+/_-])", b"", data)
    for run in {*re.findall(_BASE64, data), *re.findall(_BASE64, joined)}:
        with contextlib.suppress(binascii.Error, ValueError):
            yield base64.b64decode(run + b"=" * (-len(run) % 4), altchars=b"-_" if b"-" in run or b"_" in run else None)
    for run in re.findall(rb"(?:[0-9a-fA-F]{2}[\s:,]?){24,}", data):
        with contextlib.suppress(ValueError):
            yield bytes.fromhex(re.sub(rb"[\s:,]", b"", run).decode())
    for constant in _literals(text):
        yield constant if isinstance(constant, bytes) else constant.encode("utf-8", "surrogatepass")


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What comes of unpacking from every place that looks like the beginning of a packed file."""
    for magic in _PACKED:
        for found in re.finditer(re.escape(magic), data):
            packed = memoryview(data)[found.start() :]
            with contextlib.suppress(Exception):
                if magic == b"PK\x03\x04":
                    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                        yield from map(archive.read, archive.namelist())
                elif magic == b"BZh":
                    yield bz2.BZ2Decompressor().decompress(packed, _MOST)
                elif magic == b"\xfd7zXZ":
                    yield lzma.LZMADecompressor().decompress(packed, _MOST)
                else:
                    yield zlib.decompressobj(wbits=47).decompress(packed, _MOST)


def _literals(text: str) -> Iterator[str | bytes]:
    """The strings of a file of Python or JSON, as what they mean; of others, what stands between quotes."""
    with contextlib.suppress(ValueError, RecursionError):
        yield from _strings(json.loads(text))
        return
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        nodes = ast.walk(ast.parse(text))
        yield from (
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        )
        return
    for literal in re.findall(r"""b?"(?:[^"\\\n]|\\.)+"|b?'(?:[^'\\\n]|\\.)+'""", text):
        with contextlib.suppress(SyntaxError, ValueError):
            yield ast.literal_eval(literal)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings([*value, *value.values()])
    elif isinstance(value, list):
        yield "\n".join(part for part in value if isinstance(part, str))
        for part in value:
            yield from _strings(part)


def encodings(line: bytes) -> dict[str, bytes]:
    """A line in ways that a search must see through."""
    text = line.decode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", line)
    return {
        "plain": b"x = 1\n" + line,
        "base64": base64.b64encode(line),
        "base64 of zlib": b"data: " + base64.b64encode(zlib.compress(line)),
        "zlib behind a head": b"head\n" + zlib.compress(line),
        "gzip": gzip.compress(line),
        "xz": b"casebook\n" + lzma.compress(line),
        "bz2": bz2.compress(line),
        "zip": archive.getvalue(),
        "utf-16": text.encode("utf-16"),
        "utf-16 at an odd place": b"\x00" + text.encode("utf-16-le"),
        "hex": line.hex().encode(),
        "hex in a literal": f'data = "{line.hex()}"'.encode(),
        "repr": f"text = {text!r}".encode(),
        "escapes": ("text = '" + "".join(f"\\x{byte:02x}" for byte in line) + "'").encode(),
        "json": json.dumps({"a": [{"b": text}]}).encode(),
        "json with escapes": ('{"a": "' + "".join(f"\\u{byte:04x}" for byte in line) + '"}').encode(),
        "reversed": line[::-1],
        "rot13": codecs.encode(text, "rot13").encode(),
        "another layout": text.replace(" ", "\n    ").replace('"', "'").encode(),
    }


def read_tree(folder: Path) -> dict[str, bytes]:
    """Each file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
