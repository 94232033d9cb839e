"""`grader export gradescope --out FILE.zip`: an autograder for Gradescope."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from grader.cli.exporting.making import whole_kit
from grader.course import registry
from grader.course.seeds import preferred
from grader.exits import EARNED, UsageProblem
from grader.files.whole import write_whole
from grader.report.text import path_in_words
from grader.report.wording import number


@click.command("gradescope", short_help="An autograder for Gradescope.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.zip", help="The zip to upload.")
@click.option("--seed", type=int, default=None, metavar="N", help="Of the cases; one that nobody knows without it.")
@click.option(
    "--hidden", type=click.Choice(["after_due_date", "after_published", "hidden"]), is_flag=False, flag_value="hidden",
    default=None, help="When students may see the result: never without a word behind it.",
)  # fmt: skip
@click.option(
    "--minutes", type=click.IntRange(2, 40), default=10, metavar="N", help="The platform's limit for a submission (10)."
)
def command(out: Path, seed: int | None, hidden: str | None, minutes: int) -> int:
    """Write the zip that is uploaded as an assignment's autograder.

    It holds the solutions, which only instructors can download there.
    """
    from grader.export import gradescope

    if out.suffix.lower() != ".zip":
        raise UsageProblem(f"--out: the platform takes a zip; name it {out.name}.zip")
    if out.exists() and not out.is_file():
        raise UsageProblem(f"--out: {path_in_words(out)} is in the way, and is no file")
    wanted = preferred(seed)
    chosen = secrets.randbelow(2**31) if wanted is None else wanted
    with whole_kit():
        data = gradescope.archive(chosen, visibility=hidden or "visible", minutes=minutes)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, data)
    except OSError as error:
        raise UsageProblem(f"{path_in_words(out)} cannot be written: {error.strerror}") from error
    total = number(sum(exercise.points for exercise in registry.EXERCISES))
    print(f"{path_in_words(out)} is the autograder, {len(data) / 1e6:.1f} MB. It grades with seed {chosen}.")
    print("On Gradescope: a programming assignment, and this zip under Configure Autograder, base image Ubuntu.")
    print(f"The assignment's autograder points are {total}. The default container (0.5 CPU, 768 MB) is enough.")
    return EARNED
