"""`grader batch`: grades a class, keeps each result at once, and writes the gradebook."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader import launch
from grader.cli.batching.progress import Progress
from grader.cli.progress import Bar
from grader.exits import EARNED, GRADER_FAILED, POINTS_MISSING, UsageProblem
from grader.program import command
from grader.report.text import one_line, path_in_words

if TYPE_CHECKING:
    from grader.batch.intake.handed_in import HandedIn
    from grader.batch.results.records import Record, Row
    from grader.batch.results.store import Store
    from grader.batch.rosters import Roster
    from grader.batch.rosters.matching import Matching
    from grader.batch.tasks import Finished, Plan
    from grader.lesson.painting import Drawn
    from grader.sandbox.outer.nursery import Nursery

    Grade = Callable[[Sequence[tuple[Row, HandedIn]], Plan, Callable[[str], None]], Iterator[Finished]]


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    submissions: tuple[Path, ...]
    out: Path
    roster: Path | None = None
    back: Path | None = None
    column: str | None = None
    platform: str | None = None
    pattern: str | None = None
    jobs: int | None = None
    seed: int | None = None
    only: tuple[str, ...] = ()
    force: bool = False
    pictures: bool = False
    shard: tuple[int, int] | None = None
    scheduler: str | None = None
    require_protections: bool = False


def batch(
    submissions: Sequence[Path], *, out: Path | None, merge: Path | None, shard: str | None, **options: object
) -> int:
    """Grades a class, or merges what shards have graded; returns the exit status."""
    if merge is not None:
        if submissions or out is not None or shard is not None or options.get("scheduler") is not None:
            raise UsageProblem(
                "--merge DIR takes no submissions, --out, --shard or --scheduler: it makes DIR's gradebook"
            )
        wanted = Wanted((), merge, **options)  # type: ignore[arg-type]  # of click's options, which have these names
        return _merge(wanted)
    if not submissions:
        raise UsageProblem("nothing to grade was named: folders, zips, or what a platform gives to download")
    if out is None:
        raise UsageProblem("--out DIR is missing: where the gradebook and the reports go")
    wanted = Wanted(tuple(submissions), out, shard=_shard(shard), **options)  # type: ignore[arg-type]
    if wanted.scheduler is not None and (wanted.jobs or wanted.shard):
        raise UsageProblem("--scheduler takes no --jobs and no --shard: the cluster's workers share the class out")
    _refuse_out(wanted)
    try:
        return launch.run(_graded, wanted)
    except KeyboardInterrupt:
        print(f"\nWhat is graded is kept in {out}. The same command goes on from there.", file=sys.stderr)
        raise


def _shard(text: str | None) -> tuple[int, int] | None:
    """K and N of "K/N". Raises UsageProblem."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageProblem(f"--shard {text}: write K/N, such as 1/4 for the first of four parts")
    return int(found[1]), int(found[2])


def _refuse_out(wanted: Wanted) -> None:
    """Results beside what was handed in would be taken for a student's work by the next run."""
    out = wanted.out.resolve()
    for path in wanted.submissions:
        if path.is_dir() and out.is_relative_to(path.resolve()):
            raise UsageProblem(
                f"--out: {wanted.out} lies in {path}, which is to be graded; name a folder outside of it"
            )


def _graded(wanted: Wanted) -> int:
    """The part of `batch` that knows PyTorch."""
    from grader.batch.choosing import chosen
    from grader.batch.intake.collect import collect
    from grader.batch.results.folders import folder_names
    from grader.batch.results.records import Row
    from grader.batch.results.store import ClassList, Store, refuse_foreign, rows_of_shard
    from grader.batch.rosters.matching import called_on_roster
    from grader.running.session import MissingProtection

    refuse_foreign(wanted.out)
    found = collect(wanted.submissions, platform=wanted.platform, pattern=wanted.pattern)
    roster = _roster(wanted, found.handed_in)
    folders = folder_names([handed_in.name for handed_in in found.handed_in])
    rows = [Row.of(handed_in, folder) for handed_in, folder in zip(found.handed_in, folders, strict=True)]
    called = called_on_roster(*roster) if roster else {}
    asked_for = set(rows_of_shard(chosen(rows, wanted.only, called), wanted.shard))
    for said in (found.said, *(roster[0].notes if roster else ())):
        print(one_line(said, columns=1000))
    for problem in found.problems:
        print(f"  {one_line(problem, columns=200)}")
    try:
        with _graders(wanted) as grade, Store.opened(wanted.out, shard=wanted.shard) as store:
            store.keep_class(ClassList(found.platform, found.said, tuple(rows), found.problems))
            work = [one for one in zip(rows, found.handed_in, strict=True) if one[0] in asked_for]
            _grade(wanted, store, grade, work)
            if wanted.shard is not None:
                print(f"When all parts are done: {command('batch', '--merge', path_in_words(wanted.out))}")
                return _status(store.record(row) for row, _ in work)
            return _written(wanted, store, roster)
    except MissingProtection as missing:
        print(f"grader: {missing}", file=sys.stderr)
        return GRADER_FAILED


@contextlib.contextmanager
def _graders(wanted: Wanted) -> Iterator[Grade]:
    """What grades: processes of this machine, or a cluster. Raises UsageProblem or MissingProtection."""
    from grader.batch.cluster import here
    from grader.batch.grading import grade_class
    from grader.running.session import Session
    from grader.running.sharing import available_cores
    from grader.system import can_fork

    hidden = (wanted.out.resolve(), *(path.resolve() for path in wanted.submissions))
    if wanted.scheduler is not None:
        from grader.batch.cluster.client import Cluster

        with Cluster.joined(
            wanted.scheduler, hidden=list(map(str, hidden)), protected=wanted.require_protections
        ) as cluster:
            yield cluster.grade
        return
    jobs = wanted.jobs or available_cores()
    with Session.start(processes=1) as session:
        if wanted.require_protections:
            session.require_protections()
        session.nurseries[0].hidden += hidden
        if can_fork():
            yield lambda work, plan, _: grade_class(work, plan, session.nurseries[0], jobs=min(jobs, max(1, len(work))))
            return
    yield lambda work, plan, _: here.grade_class(work, plan, list(map(str, hidden)), jobs=jobs)


def _merge(wanted: Wanted) -> int:
    """Makes the gradebook, the page and the platform's file of what shards have graded."""
    from grader.batch.results.store import Store

    with Store.existing(wanted.out) as store:
        handed_in = [row.handed_in() for row in store.class_list().rows]
        return _written(wanted, store, _roster(wanted, handed_in))


def _roster(wanted: Wanted, handed_in: Sequence[HandedIn]) -> tuple[Roster, Matching] | None:
    """The roster and who of it has handed in. All that can be wrong with it is told before anything is graded."""
    from grader.batch.rosters import read_roster
    from grader.batch.rosters.matching import match
    from grader.batch.rosters.returning import returned

    if wanted.column is not None and wanted.back is None:
        raise UsageProblem(
            "--column says where in the platform's file the grade goes, and --return FILE writes that file"
        )
    if wanted.roster is None:
        if wanted.back is not None:
            raise UsageProblem("--return fills in the file that --roster names: the platform's own export")
        return None
    roster = read_roster(wanted.roster)
    matching = match(roster, handed_in)  # another course's roster is told as such, whatever its columns are
    if wanted.back is not None:
        returned(roster, {}, column=wanted.column)
        _refuse_back(wanted.back)
    return roster, matching


def _refuse_back(path: Path) -> None:
    """What cannot be written is told before hours of grading, not after them. Raises UsageProblem."""
    reason = None
    if path.is_dir():
        reason = "it is a folder; name a file in it"
    elif not path.parent.is_dir():
        reason = f"there is no folder {path_in_words(path.parent)}"
    elif not os.access(path.parent, os.W_OK):
        reason = f"nothing can be written into {path_in_words(path.parent)}"
    if reason is not None:
        raise UsageProblem(f"--return: {path_in_words(path)} cannot be written: {reason}")


def _grade(wanted: Wanted, store: Store, grade: Grade, work: Sequence[tuple[Row, HandedIn]]) -> None:
    """Grades what has to be graded, and shows how far it is."""
    from grader.batch.tasks import Plan
    from grader.cli.check import say_what_pictures_lack

    if wanted.pictures and wanted.scheduler is None:  # a worker has what it has
        say_what_pictures_lack()
    draw = _draw if wanted.pictures else None
    plan = Plan(store, store.seed(wanted.seed), store.run_number(), wanted.force, draw)
    progress = Progress(len(work), new={row.name for row, _ in work if store.record(row) is None})
    with Bar() as bar:
        progress.tell(bar)
        for finished in grade(work, plan, lambda text: progress.note(text, bar)):
            progress.count(finished, bar)
            progress.tell(bar)
    print(progress.summary())


def _draw(nursery: Nursery, sources: Mapping[str, bytes]) -> Sequence[Drawn]:
    """The lesson's pictures for one student's page."""
    from grader.cli.check import drawn
    from grader.running.session import Session

    return drawn(Session([nursery]), sources)


def _written(wanted: Wanted, store: Store, roster: tuple[Roster, Matching] | None) -> int:
    """Writes all that is about the class, says what an instructor has to know, and gives the exit status."""
    from grader.batch.outcome import Outcome
    from grader.batch.rosters.returning import returned

    outcome = Outcome.of(store, *(roster or ()))
    outcome.write(store)
    print()
    for line in outcome.told():
        print(line)
    if roster is not None and wanted.back is not None:
        grades = outcome.grades(roster[1])
        if len(grades) < len(roster[1].handed_in):
            left = len(roster[1].handed_in) - len(grades)
            print(
                f"{left} without a grade there: {'that' if left == 1 else 'those'} could not be graded, as said above."
            )
        _give_back(wanted.back, returned(roster[0], grades, column=wanted.column), len(grades))
    print(f"\nThe class at a glance: {path_in_words(wanted.out / 'index.html')}")
    return _status(record for _, record in outcome.entries)


def _give_back(path: Path, content: bytes, grades: int) -> None:
    """Writes the platform's file; one that is there already, and is another, is kept beside it. Raises UsageProblem."""
    from grader.files.backups import replace
    from grader.files.beneath import Unreadable, beneath

    try:
        with beneath(path.parent, named=True) as folder:
            kept = replace(folder, path.name, content, is_ours=lambda before: before == content)
    except (OSError, Unreadable) as error:
        raise UsageProblem(f"--return: {path} cannot be written: {getattr(error, 'strerror', error)}") from error
    print(f"{grades} {'grade' if grades == 1 else 'grades'} filled in, for the platform to read: {path_in_words(path)}")
    if kept is not None:
        print(f"What was there is kept as {kept}")


def _status(records: Iterable[Record | None]) -> int:
    """The exit status: that of a class does not depend on what it has earned."""
    found = list(records)
    if any(record is not None and record.score is None for record in found):
        print("grader: what the grader failed at has an empty score; the same command tries it again", file=sys.stderr)
        return GRADER_FAILED
    return EARNED if all(found) else POINTS_MISSING
