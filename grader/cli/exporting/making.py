"""What the kinds of export share: they refuse before the work, show how far they are, and write whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from grader.cli.progress import Bar
from grader.course import registry
from grader.course.stubs import StubError
from grader.exits import UsageProblem
from grader.files.whole import write_tree
from grader.report.text import path_in_words

Progress = Callable[[str, int, int], None]
RECORDED = 271828  # the seed of what handouts record: no command grades with it of itself, as `check` does with 0

recorded_seed_option = click.option(
    "--seed",
    type=int,
    default=RECORDED,
    metavar="N",
    help=f"Of the cases that are recorded; {RECORDED} without it, with which nothing else grades of itself.",
)


def recorded_seed(seed: int) -> None:
    """Raises UsageProblem for the seed that the course grades with: a handout holds the answers for its own."""
    if seed == registry.FACTS.seed:
        raise UsageProblem(
            f"seed {seed} is the one that pyproject.toml grades with, and a handout holds the answers for its own: "
            "name another one, such as --seed " + str(seed + 1)
        )


def with_progress(make: Callable[[Progress], dict[str, bytes]]) -> dict[str, bytes]:
    """What is made, with a bar that says how far it is; by one core a process."""
    from grader import neutral

    for name in neutral.THREADS:
        os.environ.setdefault(name, "1")
    with Bar() as bar, whole_kit():
        return make(bar.tell)


def made(folder: Path, content: Mapping[str, bytes]) -> None:
    """Writes the folder, whole or not at all. Raises UsageProblem."""
    try:
        write_tree(folder, content)
    except OSError as error:
        raise UsageProblem(f"{path_in_words(folder)} cannot be written: {error.strerror}") from error


@contextmanager
def whole_kit() -> Iterator[None]:
    """What is missing of the kit is told as a sentence."""
    try:
        yield
    except (StubError, OSError) as error:
        raise UsageProblem(f"this installation of the kit is not whole: {error}") from error
