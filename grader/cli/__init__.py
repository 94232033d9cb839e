"""The command line: one module per command, each imported only when it runs."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click

from grader import __version__
from grader.course.handed_out import HANDOUT, WITHHELD
from grader.exits import WRONG_USAGE, UsageProblem
from grader.report.views import VIEWS

_FOR_AUTHORS = {"batch", "export", "points", "new", "stubs", "audit"}  # a section of their own in --help
EXPORTS = ("handout", "gradescope", "github", "classroom50", "prairielearn")  # a module each, in grader/cli/exporting/
_FOR_PLATFORMS = {"gradescope", "prairielearn", "classroom"}  # views that students have no use for
_WITH_THE_COURSE = _FOR_AUTHORS - {"points"}  # what a handout does without


class _Commands(click.Group):
    """The commands, listed in the order in which they are written here, a section for each kind of reader."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [name for name in self.commands if HANDOUT is None or name not in _WITH_THE_COURSE]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if HANDOUT is not None and name in _WITH_THE_COURSE:
            raise UsageProblem(f"{name} is a command for instructors, and this is a handout for students")
        return super().get_command(context, name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.commands[name].get_short_help_str(60)) for name in self.list_commands(context)]
        sections = (("Commands", False), ("Commands for instructors and authors", True))
        for title, authors in sections if HANDOUT is None else (("Commands", None),):
            with formatter.section(title):
                formatter.write_dl([row for row in rows if authors in (None, row[0] in _FOR_AUTHORS)])


@click.group(
    cls=_Commands,
    help="Grades the exercises from logistic regression to convolutional networks.",
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="grader")
@click.pass_context
def app(context: click.Context) -> int | None:
    if context.invoked_subcommand is not None:
        return None
    click.echo(context.get_help())
    return WRONG_USAGE


def _views(command: Any) -> Any:
    """An option for each view that can be written to a file."""
    for view in reversed(VIEWS):
        hidden = HANDOUT is not None and view.name in _FOR_PLATFORMS
        option = click.option(
            f"--{view.name}", metavar="FILE", help=f"Write {view.what}; - is standard output.", hidden=hidden
        )
        command = option(command)
    return command


_NAMES = click.argument("names", metavar="[NAME ...]", nargs=-1)
_SUBMISSION = click.option(
    "--submission",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A folder of topic modules, one that holds exercises/, or a zip of either.",
)
_SOLUTIONS = click.option("--solutions", is_flag=True, help="Take the reference solutions instead.", hidden=WITHHELD)


def _chosen_seed(context: click.Context, option: click.Parameter, wanted: int | None) -> int:
    from grader.course import seeds

    return seeds.chosen(wanted)


def _preferred_seed(context: click.Context, option: click.Parameter, wanted: int | None) -> int | None:
    from grader.course import seeds

    return seeds.preferred(wanted)


def _examples(context: click.Context, option: click.Parameter, wanted: int | None) -> int | None:
    from grader.course import seeds

    return seeds.examples(wanted)


_SEED = click.option(
    "--seed",
    type=int,
    default=None,
    metavar="N",
    envvar="GRADER_SEED",
    show_envvar=True,
    callback=_chosen_seed,
    help="Other examples for the same checks.",
    hidden=WITHHELD,
)


@app.command(short_help="Grade the work in exercises/.")
@_NAMES
@_SUBMISSION
@_SOLUTIONS
@_views
@_SEED
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    metavar="N",
    callback=_examples,
    help="How many examples a check gets.",
    hidden=WITHHELD,
)
@click.option("--require-protections", is_flag=True, help="Fail where the sandbox lacks a protection.")
@click.option("--verbose", is_flag=True, help="Show every exercise and every check.")
def check(names: tuple[str, ...], submission: Path | None, solutions: bool, **options: Any) -> int:
    """Grade the work in exercises/, or what --submission names. A NAME is a topic or an exercise."""
    from grader.cli.check import check as run

    targets = {view.name: options.pop(view.name) for view in VIEWS}
    views = {name: target for name, target in targets.items() if target is not None}
    return run(names, submission, solutions, views, **options)


@app.command(short_help="Grade again whenever a file is saved.")
@_NAMES
@_SEED
def watch(names: tuple[str, ...], seed: int) -> int:
    """Grade the work in exercises/ again whenever a file in it is saved. A NAME is a topic or an exercise.

    In a terminal there is one screen, and keys: ? says what they do. Elsewhere a report is printed after each change.
    """
    from grader.cli.watch import watch as run

    return run(names, seed=seed)


@app.command(short_help="Grade a whole class.")
@click.argument("submissions", metavar="SUBMISSION ...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where gradebook, page and reports go.")
@click.option(
    "--roster", type=click.Path(path_type=Path), metavar="FILE", help="The platform's own export: who is in the class."
)
@click.option(
    "--return",
    "back",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the roster's file with its grade cells filled.",
)
@click.option("--column", metavar="TITLE", help="Which column of the roster's file is the grade.")
@click.option("--as", "platform", metavar="NAME", help="Which platform the submissions come from.")
@click.option("--pattern", metavar="REGEX", help="How paths tell students apart: groups student, file, attempt.")
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="How many at a time; one for each core without it."
)
@click.option(
    "--seed",
    type=int,
    default=None,
    metavar="N",
    envvar="GRADER_SEED",
    show_envvar=True,
    callback=_preferred_seed,
    help="Other examples; drawn once without it, and without one in the settings.",
)
@click.option("--only", multiple=True, metavar="NAME", help="Grade this student alone; may be given again.")
@click.option("--force", is_flag=True, help="Grade again what has not changed, too.")
@click.option("--pictures", is_flag=True, help="Draw the lesson's pictures in each report.")
@click.option("--shard", metavar="K/N", help="Grade the K-th of N parts, for job arrays.")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on a Dask cluster, such as tcp://host:8786.")
@click.option(
    "--merge",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Make the gradebook of a folder that shards have written into.",
)
@click.option("--require-protections", is_flag=True, help="Fail where the sandbox lacks a protection.")
def batch(submissions: tuple[Path, ...], **options: Any) -> int:
    """Grade a class: folders, zips, a folder of either, or what a platform gives to download, as it comes."""
    from grader.cli.batch import batch as run

    return run(submissions, **options)


@app.command(short_help="Give the next hint for an exercise.")
@click.argument("name")
@click.option("--again", is_flag=True, help="Show the last hint once more.")
@click.option("--all", "every", is_flag=True, help="Show every hint.")
def hint(name: str, again: bool, every: bool) -> int:
    """Give the next hint for an exercise, from gentle to explicit."""
    from grader.cli.hint import hint as run

    return run(name, again=again, every=every)


@app.command(short_help="Put an exercise's stub back.")
@click.argument("name")
def reset(name: str) -> int:
    """Put an exercise's stub back. Your version is kept as a backup beside it."""
    from grader.cli.reset import reset as run

    return run(name)


@app.command(short_help="Draw the lesson's pictures with your functions.")
@_SUBMISSION
@_SOLUTIONS
@click.option(
    "--out", type=click.Path(path_type=Path), default="pictures", metavar="DIR", help="Where to; pictures/ without it."
)
@click.option("--image", type=click.Path(path_type=Path), metavar="FILE", help="A photograph of your own.")
def pictures(submission: Path | None, solutions: bool, out: Path, image: Path | None) -> int:
    """Draw the lesson's pictures with your own functions, as PNG files in a folder."""
    from grader.cli.pictures import pictures as run

    return run(submission, solutions, out, image)


@app.command(short_help="Begin in a folder of your own.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def start(folder: Path) -> int:
    """Write a new folder with the student's part of the kit: stubs, lesson, picture."""
    from grader.cli.start import start as run

    return run(folder)


@app.command(short_help="Say what this machine offers.")
def doctor() -> int:
    """Say what this machine offers: versions, protections, data, and what is missing."""
    from grader import launch
    from grader.cli.doctor import doctor as run

    return launch.run(run)


class _Kinds(click.Group):
    """The kinds of export, each a module that is imported only when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(EXPORTS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in EXPORTS:
            return None
        command: click.Command = importlib.import_module(f"grader.cli.exporting.{name}").command
        return command


@app.group(cls=_Kinds, short_help="Make what is given out of hand.")
def export() -> None:
    """Make what an instructor gives out of hand: `grader export KIND --out PATH`."""


@app.command(short_help="Say what each exercise is worth.")
def points() -> int:
    """Say what each topic and each exercise is worth, after `[tool.grader]` of pyproject.toml."""
    from grader.cli.points import points as run

    return run()


@app.group(short_help="Begin a new exercise.")
def new() -> None:
    """Begin something new, from pieces that work: for the authors of a course."""


@new.command("exercise", short_help="The pieces of a new exercise.")
@click.argument("topic")
@click.argument("name")
def new_exercise(topic: str, name: str) -> int:
    """Write the pieces of a new exercise that are always the same; a TOPIC that is not there yet is begun, too."""
    from grader.cli.new import new_exercise as run

    return run(topic, name)


@app.command(short_help="Write exercises/ anew from solutions/.")
@click.option("--check", "only_compare", is_flag=True, help="Only say whether they agree.")
@click.option("--yes", is_flag=True, help="Write without asking, also over files that are not stubs.")
def stubs(only_compare: bool, yes: bool) -> int:
    """Write exercises/ anew from solutions/: for the authors of a course.

    All modules become stubs. A file that differs is kept as a backup beside it. To put a single exercise back,
    take `grader reset NAME`.
    """
    from grader.cli.stubs import stubs as run

    return run(check=only_compare, yes=yes)


@app.command(short_help="Grade the grader.")
@_NAMES
@click.option("--quick", is_flag=True, help="Leave out the mutants and all sample submissions but one.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; one for each core without it.")
@click.option("--json", "json_target", metavar="FILE", help="Write the report as JSON; - is standard output.")
@click.option(
    "--matrix",
    "matrix_target",
    metavar="FILE",
    help="Write which case catches which wrong answer, as CSV, and no more.",
)
def audit(
    names: tuple[str, ...], quick: bool, jobs: int | None, json_target: str | None, matrix_target: str | None
) -> int:
    """Grade the grader: can its checks tell right from wrong, and does it name mistakes by their names?

    A NAME is a topic or an exercise; without one, all of the course is audited.
    """
    from grader import launch
    from grader.cli.audit import audit as run

    return launch.run(run, names, quick=quick, jobs=jobs, json_target=json_target, matrix_target=matrix_target)
