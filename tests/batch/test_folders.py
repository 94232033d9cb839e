"""Each student's folder has a name of its own that every system can hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.results.folders import MOST_BYTES, folder_names


def test_an_ordinary_name_stays_as_it_is():
    assert folder_names(["Anna Lee", "Ёлка Иванова", "李雷", "O'Neil (2)"]) == [
        "Anna Lee",
        "Ёлка Иванова",
        "李雷",
        "O'Neil (2)",
    ]


def test_names_with_brackets_right_to_left_letters_composition_or_case_twins_get_separate_folders():
    names = [
        "José",
        unicodedata.normalize("NFD", "José"),
        "anna",
        "Anna",
        "ANNA",
        "שרה [3]",
        "\u202eabc",
        "a/b",
        "a\\b",
    ]
    found = folder_names(names)
    alike = {unicodedata.normalize("NFC", folder).casefold() for folder in found}
    assert len(alike) == len(names)
    assert not any(set(folder) & set('/\\:*?"<>|') or "\u202e" in folder for folder in found)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".grader",
        "con",
        "NUL.txt",
        "COM¹",
        "conin$",
        "index.html",
        "similar.html",
        "Gradebook.csv",
        "x.",
        "--out",
    ],
)
def test_a_name_that_means_something_to_a_system_or_to_us_is_marked(name):
    (found,) = folder_names([name])
    assert found not in (name, "", ".", "..")
    assert not found.startswith((".", "-")) and found.casefold() not in ("index.html", "similar.html", "gradebook.csv")


@given(st.lists(st.text(max_size=80), max_size=6, unique=True))
def test_any_names_give_different_folders_that_can_be_made(names):
    found = folder_names(names)
    assert len({unicodedata.normalize("NFC", folder).casefold() for folder in found}) == len(names)
    assert all(0 < len(folder.encode()) <= MOST_BYTES + 8 for folder in found)
    assert found == folder_names(names)
