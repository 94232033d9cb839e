"""Untrusted text: what comes out can neither act, nor hide, nor fill the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.report.text import encodable, many_lines, one_line, visible, without_commands, wrap

# All characters, lone surrogates too, and often those that CI commands are made of.
anything = st.text(st.characters(exclude_categories=()) | st.sampled_from(":#[]\n\r\x1b "))


@given(anything)
def test_visible_text_is_printable_and_can_be_written_as_utf8(text):
    shown = visible(text)
    assert shown.replace("\n", "").isprintable()
    shown.encode("utf-8")


@given(anything)
def test_making_text_visible_twice_changes_nothing_more(text):
    assert visible(visible(text)) == visible(text)


@given(anything, st.integers(1, 40))
def test_no_wrapped_line_is_a_workflow_command(text, width):
    for line in wrap(visible(text), width):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line and "##vso[" not in line


@given(st.text("ab日🙂 "), st.integers(8, 40))
def test_wrapped_lines_fit_and_lose_no_words(text, width):
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 日本 🙂", "plain é 日本 🙂"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x00\x07\x08\x7f\x9b", r"\x00\x07\x08\x7f\x9b"),
        ("\u202eabc\u2066\u200b\ufeff", r"\u202eabc\u2066\u200b\ufeff"),
        ("\ud800 \udfff", r"\ud800 \udfff"),
        ("\uffff\U000e0041", r"\uffff\U000e0041"),
        ("a\u00a0b\u3000c", "a b c"),
        ("tab\tand\r\nline\rline", "tab    and\nline\nline"),
        ("::error::x\n  ::set-env name=a::b", ": :error::x\n  : :set-env name=a::b"),
        ("see ##[group]a ##vso[task.x]b ###[c]", "see # #[group]a # #vso[task.x]b ## #[c]"),
        ("x[::2] and a::b", "x[::2] and a::b"),
    ],
)
def test_what_acts_is_spelled_out(text, shown):
    assert visible(text) == shown


def test_one_line_spells_out_line_feeds_and_keeps_both_ends():
    assert one_line("a\nb\r\nc") == r"a\nb\nc"
    assert one_line("a" * 100 + "b" * 100, columns=30) == "a" * 20 + " [... 170 characters left out ...] " + "b" * 10


def test_many_lines_keep_both_ends_of_the_text_and_of_each_line():
    text = "\n".join(["first", *["x"] * 10, "y" * 40, "last"])
    assert many_lines(text, lines=4, columns=9).split("\n") == [
        "first", "x", "[... 9 lines left out ...]", "yyyyyy [... 31 characters left out ...] yyy", "last",
    ]  # fmt: skip


def test_many_lines_drop_empty_lines_around_the_text():
    assert many_lines("\n\n a\n\nb\r\n\n") == " a\n\nb"


@pytest.mark.parametrize("unit", ["x", "\n", "\x1b", "\ud800", "a\n", "::"])
def test_enormous_text_becomes_short(unit):
    text = unit * (10_000_000 // len(unit))
    assert len(one_line(text)) < 5_000
    assert len(many_lines(text)) < 10_000


def test_wrapping_to_a_number_of_lines_keeps_both_ends():
    assert wrap("a\nb\nc\nd\ne\nf", 20, lines=4) == ["a", "b", "[... cut here ...]", "f"]


def test_wrapping_keeps_the_indentation_that_a_caret_needs():
    assert wrap("x = (1\n    ^", 20) == ["x = (1", "    ^"]
    assert wrap("  one two three", 9) == ["  one two", "  three"]


def test_a_command_that_wrapping_brings_to_the_beginning_is_harmless():
    assert wrap("123456 ::error::x", 10) == ["123456", ": :error::x"]
    assert wrap("12345678::error::x", 8)[1] == ": :error:"
    assert without_commands("::x") == ": :x"


def test_text_for_a_poor_stream_is_spelled_out_only_where_it_must_be():
    assert encodable("2 × 3 → 6 … ✗", "ascii") == r"2 x 3 -> 6 ... \u2717"
    assert encodable("é ·", "cp1252") == "é ·"
