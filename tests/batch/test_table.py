"""CSV files whose cells are replaced: all other bytes stay as they were."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.batch.rosters.table import NotATable, Table

MANY = settings(max_examples=300, deadline=None, database=None)
MARKS = {"utf-8": b"", "utf-8-sig": b"", "utf-16": b"", "utf-16-be": b"\xfe\xff"}
TEXTS = st.text(st.sampled_from('ab,;\t"\r\n é漢='), max_size=6) | st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"])
)
# Whatever may stand in a file, well-formed or not.
RAW = st.lists(st.sampled_from(["a", "bc", ",", ";", '"', '""', "\r", "\n", "\r\n", " ", "é"]), max_size=40).map(
    "".join
)


def read_by_python(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


@st.composite
def tables(draw) -> tuple[str, str, str]:
    """The text of a CSV file whose quoting and line ends are mixed, its delimiter and an encoding."""
    delimiter = draw(st.sampled_from(",;\t"))
    width = draw(st.integers(1, 4))
    lines = [delimiter.join(f"h{column}" for column in range(width)) + draw(st.sampled_from(["\r\n", "\n", "\r"]))]
    for _ in range(draw(st.integers(0, 4))):
        cells = []
        for text in draw(st.lists(TEXTS, min_size=width, max_size=width)):
            needs = any(mark in text for mark in (delimiter, '"', "\r", "\n")) or (width == 1 and not text)
            quoted = needs or draw(st.booleans())
            cells.append('"' + text.replace('"', '""') + '"' if quoted else text)
        lines.append(delimiter.join(cells) + draw(st.sampled_from(["\r\n", "\n"])))
    if draw(st.booleans()):
        lines[-1] = lines[-1].rstrip("\r\n")
    return "".join(lines), delimiter, draw(st.sampled_from(sorted(MARKS)))


@MANY
@given(RAW)
def test_a_cell_holds_what_pythons_reader_says(text):
    table = Table(text.encode())
    assert texts(table) == read_by_python(text, table.delimiter)


@MANY
@given(RAW)
def test_where_nothing_is_replaced_the_bytes_are_the_same(text):
    data = text.encode()
    assert Table(data).replaced({}) == data


@MANY
@given(tables(), st.data())
def test_replaced_cells_read_back_and_all_others_stay(made, data):
    text, delimiter, encoding = made
    given_bytes = MARKS[encoding] + text.encode(encoding)
    table = Table(given_bytes)
    before = texts(table)
    if table.delimiter != delimiter:  # a single column: its heading names no delimiter
        assert len(before[0]) == 1
    places = [(row, column) for row, cells in enumerate(before) for column in range(len(cells))]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True, max_size=4))
    changes = {place: data.draw(TEXTS) for place in chosen}
    after = table.replaced(changes)
    for (row, column), new in changes.items():
        before[row][column] = new
    body = after[len(MARKS[encoding]) :].decode(encoding)
    assert read_by_python(body, table.delimiter) == before
    assert after[:2] == given_bytes[:2] or (0, 0) in changes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_around_a_replaced_cell_stay(delimiter, end, mark):
    header, row = delimiter.join(["Name", "Grade", "Note"]), delimiter.join(['"Lee, ""A"""', "", " x "])
    data = mark + f"{header}{end}{row}{end}{end}".encode()
    new = mark + f"{header}{end}{row.replace(delimiter * 2, f'{delimiter}66.5{delimiter}')}{end}{end}".encode()
    assert Table(data).replaced({(1, 1): "66.5"}) == new


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ('a,b\n"1",2\n', 'a,b\n"9",2\n'),  # as the cell was
        ('a,b\n,2\n"3",4\n', 'a,b\n"9",2\n"3",4\n'),  # as those around it are
        ("a,b\n,2\n3,4\n", "a,b\n9,2\n3,4\n"),
        ('"a","b"\n,2\n', '"a","b"\n9,2\n'),  # its heading is not asked
    ],
)
def test_a_changed_cell_is_quoted_as_its_neighbours_are(given_text, expected):
    assert Table(given_text.encode()).replaced({(1, 0): "9"}) == expected.encode()


def test_a_cell_that_must_be_quoted_is():
    assert Table(b"a,b\n1,2\n").replaced({(1, 1): "66,5"}) == b'a,b\n1,"66,5"\n'
    assert Table(b"a\n1\n").replaced({(1, 0): ""}) == b'a\n""\n'


def test_a_comma_in_a_heading_is_no_delimiter_where_semicolons_are():
    table = Table(b"Name;Part 1, short;Part 2, long\nAnna;1;2\n")
    assert (table.delimiter, texts(table)[1]) == (";", ["Anna", "1", "2"])


def test_excels_line_about_the_delimiter_is_no_row():
    data = b"sep=;\r\nName;Grade\r\nAnna;\r\n"
    assert texts(Table(data)) == [["Name", "Grade"], ["Anna", ""]]
    assert Table(data).replaced({(1, 1): "5"}) == b"sep=;\r\nName;Grade\r\nAnna;5\r\n"


def test_what_is_not_utf8_is_windows_1252():
    data = "Name,Grade\nJörg,\n".encode("cp1252")
    table = Table(data)
    assert table.is_windows and table.rows[1][0].text == "Jörg"
    assert table.replaced({(1, 1): "50"}) == "Name,Grade\nJörg,50\n".encode("cp1252")
    assert table.replaced({(1, 1): "ž漢"}) == "Name,Grade\nJörg,ž?\n".encode("cp1252")


@pytest.mark.parametrize("data", [b"a,b\n\x81\xff\x9d,1\n", b"a\x00b", b"\xff\xfea", b"\xef\xbb\xbf\xff"])
def test_what_is_no_text_is_no_table(data):
    with pytest.raises(NotATable, match="save it as CSV in UTF-8"):
        Table(data)
