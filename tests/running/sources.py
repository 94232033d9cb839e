"""Submissions for tests of grading: a solution's module with a text put in the place of another, or behind it."""

from __future__ import annotations

import textwrap

from grader.running.reference import reference_text


def changed(topic: str, *changes: tuple[str, str]) -> dict[str, bytes]:
    """A solution's module with each first text replaced by the second; it must be there."""
    text = reference_text(topic)
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return {topic: text.encode()}


def followed(topic: str, function: str) -> dict[str, bytes]:
    """A solution's module with a function of that name behind it, which takes the place of the right one."""
    return {topic: (reference_text(topic) + "\n\n" + textwrap.dedent(function)).encode()}
