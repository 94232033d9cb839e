"""`grader export handout --out DIR`: what students get of the kit."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.exporting.making import made, recorded_seed, recorded_seed_option, with_progress
from grader.cli.start import refuse_filled
from grader.course import registry
from grader.exits import EARNED, UsageProblem
from grader.report.text import path_in_words


@click.command("handout", short_help="What students get.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The new folder.")
@click.option(
    "--without-solutions",
    "withheld",
    is_flag=True,
    help="Leave out the solutions, the known mistakes and what checks judge by; recorded answers take their place.",
)
@recorded_seed_option
def command(out: Path, withheld: bool, seed: int) -> int:
    """Write what students get into a new folder: stubs, lesson, picture, the grader, and a README.

    With --without-solutions everything is still graded at home. Nothing in the folder gives an answer away.
    """
    refuse_filled(out)
    if not withheld and not registry.FACTS.show_solutions:
        raise UsageProblem(
            "show_solutions = false stands in pyproject.toml, and this handout would hold the solutions: add "
            "--without-solutions"
        )
    if withheld:
        recorded_seed(seed)
    from grader.export import handout

    content = with_progress(lambda progress: handout.content(withheld, seed, progress=progress))
    made(out, content)
    size = sum(map(len, content.values())) / 1e6
    print(f"{path_in_words(out)} is what students get: {len(content)} files, {size:.1f} MB. Its README.md is for them.")
    if withheld:
        print(f"It holds no solutions. What it grades with was recorded for seed {seed}: grade with any other.")
    else:
        print("It holds the solutions and the known mistakes: --without-solutions leaves them out.")
    return EARNED
