"""`grader export github --out DIR`: two repositories for GitHub, the students' and the course's own."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.exporting.making import made, recorded_seed, recorded_seed_option, with_progress
from grader.cli.start import refuse_filled
from grader.exits import EARNED
from grader.report.text import path_in_words


@click.command("github", short_help="Two repositories for GitHub Actions.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The new folder.")
@recorded_seed_option
def command(out: Path, seed: int) -> int:
    """Write a template repository for students, and the course's own, into a new folder.

    The students' is checked on each push, and holds no solutions. The course's own grades all of their clones.
    """
    from grader.export import github

    refuse_filled(out)
    recorded_seed(seed)
    content = with_progress(lambda progress: github.content(seed, progress=progress))
    made(out, content)
    print(f"{path_in_words(out)} holds two repositories for GitHub:")
    print(f"    {github.STUDENTS}/  the template that students get: no solutions, and feedback on each push")
    print(f"    {github.COURSE}/    yours, private: the solutions, and the workflow that grades all clones")
    print(f"Each has a README.md. Students' cases were recorded for seed {seed}: grade with any other.")
    return EARNED
