"""When two ways of writing a name are the same name: "Lee, Anna", "Anna Lee", and Canvas' `leeanna`."""

from __future__ import annotations

import re
import unicodedata

from grader.batch.intake.naming import compared

_APOSTROPHES = re.compile("['’‘ʼ`´]")


def even(text: str) -> str:
    """A text in one normal form and case, without space around it."""
    return compared(text).strip()


def words(name: str) -> str:
    """A name's words in alphabetical order, for comparing; "" where it has none."""
    return " ".join(sorted(_words(name)))


def joined(name: str) -> set[str]:
    """A name's letters in one, as Canvas writes them: last name first, wherever the last name may begin."""
    found = _words(name)
    if "," in name:
        return {"".join(found)} - {""}
    return {"".join(found[turn:] + found[:turn]) for turn in range(len(found))}


def agree(one: str, other: str) -> bool:
    """Whether two names are the same; one that is in one word may be joined."""
    if words(one) == words(other):
        return True
    return any(" " not in words(name) and words(name) in joined(whole) for name, whole in ((one, other), (other, one)))


def _words(name: str) -> list[str]:
    text = _APOSTROPHES.sub("", even(name))
    return "".join(character if _is_letter(character) else " " for character in text).split()


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
