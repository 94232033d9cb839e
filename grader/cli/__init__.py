"""The command line: one module per command, each imported only when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(
    name="grader",
    help="Grades the exercises from logistic regression to convolutional networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Names = Annotated[Optional[list[str]], typer.Argument(metavar="[NAME ...]", help="Topics or exercises; all without one.")]
Submission = Annotated[
    Optional[Path], typer.Option(metavar="PATH", help="A folder of topic modules, one that holds exercises/, or a zip of either.")
]
Solutions = Annotated[bool, typer.Option("--solutions", help="Take the reference solutions instead.")]


def _view(what: str) -> object:
    return typer.Option(metavar="FILE", help=f"Write {what}; - is standard output.")


@app.command()
def check(
    names: Names = None,
    submission: Submission = None,
    solutions: Solutions = False,
    json: Annotated[Optional[str], _view("report.json")] = None,
    junit: Annotated[Optional[str], _view("JUnit XML, for CI systems")] = None,
    html: Annotated[Optional[str], _view("a page with pictures")] = None,
    markdown: Annotated[Optional[str], _view("Markdown, for a CI summary")] = None,
    gradescope: Annotated[Optional[str], _view("Gradescope's results.json")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Other examples for the same checks.")] = 0,
    examples: Annotated[Optional[int], typer.Option(metavar="N", min=1, help="How many examples a check gets.")] = None,
    require_protections: Annotated[
        bool, typer.Option("--require-protections", help="Fail where the sandbox lacks a protection.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show every exercise and every check.")] = False,
) -> int:
    """Grade the work in exercises/."""
    from grader.cli.check import Views, check

    views = Views(json=json, junit=junit, html=html, markdown=markdown, gradescope=gradescope)
    return check(
        names or [], submission, solutions, views, seed=seed, examples=examples,
        require_protections=require_protections, verbose=verbose,
    )  # fmt: skip


@app.command()
def hint(name: Annotated[str, typer.Argument(metavar="NAME", help="An exercise.")]) -> int:
    """Give the next hint for an exercise, from gentle to explicit."""
    from grader.cli.hint import hint

    return hint(name)


@app.command()
def reset(name: Annotated[str, typer.Argument(metavar="NAME", help="An exercise.")]) -> int:
    """Put an exercise's stub back; your version is kept as a backup."""
    from grader.cli.reset import reset

    return reset(name)


@app.command()
def stubs(check: Annotated[bool, typer.Option("--check", help="Only say whether they agree.")] = False) -> int:
    """Write exercises/ anew from solutions/."""
    from grader.cli.stubs import stubs

    return stubs(check)


@app.command()
def doctor() -> int:
    """Say what this machine offers: versions, protections, data, and what is missing."""
    from grader.cli.doctor import doctor

    return doctor()
