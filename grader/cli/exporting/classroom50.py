"""`grader export classroom50 --out DIR`: an autograder for Classroom 50."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.exporting.making import made, recorded_seed, recorded_seed_option, with_progress
from grader.cli.start import refuse_filled
from grader.exits import EARNED, UsageProblem
from grader.report.text import path_in_words


@click.command("classroom50", short_help="An autograder for Classroom 50.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The new folder.")
@recorded_seed_option
def command(out: Path, seed: int) -> int:
    """Write the folder that lies in a classroom's autograders/ under the assignment's name.

    Classroom 50 publishes it, so it holds no solutions: what it grades with are recorded answers.
    """
    from grader.export import classroom50

    refuse_filled(out)
    recorded_seed(seed)
    try:
        content = with_progress(lambda progress: classroom50.content(seed, progress=progress))
    except classroom50.TooLarge as error:
        raise UsageProblem(str(error)) from error
    made(out, content)
    size = classroom50.compressed(content) / 1e6
    print(
        f"{path_in_words(out)} is the autograder: {len(content)} files, {size:.1f} MB compressed. It holds no solutions."
    )
    print("In your classroom50 repository its place is CLASSROOM/autograders/ASSIGNMENT/.")
    print("What it says is feedback: students can change what runs in their repository. Grade the clones:")
    print("    grader batch CLASSROOM-ASSIGNMENT_submissions_... --out graded")
    return EARNED
