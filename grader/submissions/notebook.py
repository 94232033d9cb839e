"""The code cells of a notebook, read as JSON: nothing in it is run, and its outputs are passed over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from grader.files.beneath import Unreadable

MOST_NOTEBOOK_BYTES = 100 * 2**20  # nearly all of it pictures that were shown
MOST_CELLS = 10_000
MOST_CELL_CHARACTERS = 2**20
_NO_NUMBER = re.compile(rb"[\[:,]\s*-?(?:NaN|Infinity)\b")


@dataclass(frozen=True)
class Cell:
    """The text of a code cell, and which of the notebook's cells it is, from 1, those of text included."""

    number: int
    text: str


class _Cell(msgspec.Struct, gc=False):
    cell_type: str
    source: str | list[str] = ""
    input: str | list[str] = ""  # what nbformat 3 calls it


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []  # of nbformat 3


_DECODER = msgspec.json.Decoder(_Notebook)


def code_cells(data: bytes) -> list[Cell]:
    """The code cells in their order. Raises Unreadable with the reason, in a student's words."""
    if data.count(b"cell_type") > 2 * MOST_CELLS:
        raise Unreadable(f"it has more than {MOST_CELLS} cells")
    try:
        notebook = _DECODER.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, MemoryError) as error:
        raise Unreadable(_reason(data, error)) from error
    cells = [*notebook.cells, *(cell for sheet in notebook.worksheets for cell in sheet.cells)]
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"it has more than {MOST_CELLS} cells")
    return [
        Cell(number, _joined(cell.source or cell.input))
        for number, cell in enumerate(cells, start=1)
        if cell.cell_type == "code"
    ]


def _joined(source: str | Sequence[str]) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _reason(data: bytes, error: Exception) -> str:
    if not data.strip():
        return "it is empty"
    if isinstance(error, RecursionError | MemoryError):
        return "it is nested too deeply"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is saved as UTF-16; save it as UTF-8"
    if b"\x00" in data:
        return "it holds null bytes"
    if isinstance(error, UnicodeDecodeError):
        return "it holds characters that are not UTF-8"
    if isinstance(error, msgspec.ValidationError):
        return "it is JSON, but not a notebook's"
    if _NO_NUMBER.search(data):
        return "an output holds NaN or Infinity, which JSON does not know; clear the outputs and save it again"
    return "it is not a notebook, or was cut short"
