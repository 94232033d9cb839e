"""`grader export prairielearn --out DIR`: a question for PrairieLearn."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import click

from grader.cli.exporting.making import made, whole_kit
from grader.cli.start import refuse_filled
from grader.course.seeds import preferred
from grader.exits import EARNED, UsageProblem
from grader.report.text import path_in_words


@click.command("prairielearn", short_help="A question for PrairieLearn.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The new folder.")
@click.option(
    "--image",
    default="convolution-exercises",
    metavar="NAME",
    help="The image that it is graded in, as `docker` calls it.",
)
@click.option("--seed", type=int, default=None, metavar="N", help="Of the cases; one that nobody knows without it.")
@click.option(
    "--minutes", type=click.IntRange(2, 10), default=10, metavar="N", help="The platform's limit for a submission (10)."
)
def command(out: Path, image: str, seed: int | None, minutes: int) -> int:
    """Write a question's folder, which lies in a course's questions/.

    Its tests/ hold the solutions, which only the course's staff can see there.
    """
    from grader.export import prairielearn

    refuse_filled(out)
    if not re.fullmatch(r"[a-z0-9][\w.:/@-]*", image):
        raise UsageProblem(f"--image: {image} is no name that docker takes; such as course/exercises:1")
    wanted = preferred(seed)
    chosen = secrets.randbelow(2**31) if wanted is None else wanted
    with whole_kit():
        content = prairielearn.content(out.resolve().name, chosen, image=image, minutes=minutes)
    made(out, content)
    print(f"{path_in_words(out)} is the question, with {len(content)} files. It grades with seed {chosen}.")
    print(f"Build its image, which holds no solutions: docker build -t {image} {path_in_words(out)}")
    print(
        "Then its place is questions/ of your course. Keep the course's repository private: tests/ holds the solutions."
    )
    return EARNED
