"""One submission, in steps that may be taken in different processes: it is read, graded, and kept."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from grader.batch.intake.handed_in import HandedIn
from grader.batch.messages import Result, Task
from grader.batch.results.records import GRADED, Cause, Record, Replaced, Row, recorded
from grader.batch.results.store import Store
from grader.course import registry
from grader.report import json_view
from grader.report.views import view
from grader.running import run
from grader.running.casebook import Casebook
from grader.running.kit import kit_digest, settings_digest
from grader.running.loading import checks_of
from grader.running.session import without_share
from grader.running.shelf import Shelf
from grader.submissions import Submission, SubmissionError
from grader.writing.check import EXAMPLES
from grader.writing.failures import ReferenceFails

if TYPE_CHECKING:
    from grader.sandbox.outer.nursery import Nursery

Draw = Callable[["Nursery", Mapping[str, bytes]], Sequence[Any]]  # a module's own function: other machines look it up


@dataclass(frozen=True)
class Plan:
    """What holds for every submission of a run."""

    store: Store
    seed: int
    run: int
    force: bool = False
    draw: Draw | None = None  # the pictures of a report, where they are wanted


@dataclass(frozen=True)
class Finished:
    """A submission that is done with, and whether its result was kept from an earlier run."""

    row: Row
    record: Record
    kept: bool = False


def prepared(seed: int) -> Casebook:
    """The casebook of a seed, worked out or taken from the shelf before anything is graded with it."""
    book = Casebook(seed, EXAMPLES, Shelf.of_user())
    for topic in registry.TOPICS:
        for checks in checks_of(topic.name).values():
            for check in checks:
                with contextlib.suppress(ReferenceFails):  # told with each submission
                    book.cases(check)
    book.save()
    return book


def read(row: Row, handed_in: HandedIn, plan: Plan) -> Task:
    """Reads a submission. That nothing of it can be read is a task as well: it has no points, and a report says why."""
    try:
        submission = handed_in.read()
    except SubmissionError as error:
        status = _clean(str(error))
        problem = f"Nothing of this submission could be read: {status}."
        digest = hashlib.sha256(status.encode()).hexdigest()
        problems = {topic.name: problem for topic in registry.TOPICS}
        return Task(row.name, _cause(plan, row, digest), status, {}, problems, row.notes, row.late)
    return Task(
        row.name,
        _cause(plan, row, submission.digest()),
        GRADED,
        {topic: module.source for topic, module in submission.modules.items()},
        {problem.topic: _clean(problem.text) for problem in submission.problems if problem.topic},
        (*row.notes, *_general(submission)),
        row.late,
    )


def kept(row: Row, task: Task, plan: Plan) -> Finished | None:
    """What is kept of a submission that needs not be graded again."""
    before = plan.store.record(row)
    if before is None or before.cause != task.cause or before.score is None or plan.force:
        return None
    return Finished(row, before, kept=True)


def grade(task: Task, nursery: Nursery, book: Casebook, draw: Draw | None = None) -> Result:
    """Grades a submission that has been read: the one way in which a class's work is graded."""
    report = run.grade(
        task.sources, name=task.name, nursery=nursery, casebook=book,
        problems=task.problems, notes=task.notes, late=task.late,
    )  # fmt: skip
    record = recorded(task.name, task.cause, report, status=task.status, sources=task.sources)
    return Result(record, _views(report, draw(nursery, task.sources) if draw and task.status == GRADED else ()))


def keep(row: Row, result: Result, plan: Plan) -> Finished:
    """Keeps what came of a submission. Raises UsageProblem."""
    replaced = _replaced(plan.store.record(row), result.record, plan)
    record = msgspec.structs.replace(result.record, run=plan.run, replaced=replaced)
    plan.store.keep(row, record, result.views)
    return Finished(row, record)


def failed(row: Row, text: str, plan: Plan) -> Finished:
    """The result of a submission whose grading failed as a whole: an empty score, and tried again by the next run."""
    topics = [topic.name for topic in registry.TOPICS]
    report = without_share(topics, registry.EXERCISES, text, seed=plan.seed, name=row.name, notes=row.notes)
    record = recorded(row.name, _cause(plan, row, ""), report, status=GRADED)
    last = text.strip().splitlines()
    status = f"the grader failed: {last[-1] if last else 'no more is known'}"
    record = msgspec.structs.replace(record, status=status)
    return keep(row, Result(record, _views(replace(report, duration_seconds=0.0), ())), plan)


def _cause(plan: Plan, row: Row, digest: str) -> Cause:
    """Whether it was late counts where the report says so."""
    if row.late and registry.FACTS.deadline:
        digest += ", late"
    return Cause(digest, kit_digest(), settings_digest(), plan.seed, plan.draw is not None)


def _general(submission: Submission) -> tuple[str, ...]:
    return tuple(_clean(problem.text) for problem in submission.problems if not problem.topic)


def _clean(text: str) -> str:
    """A text that can be written and sent: halves of characters are made visible."""
    return text.encode("utf-8", "backslashreplace").decode()


def _replaced(before: Record | None, record: Record, plan: Plan) -> Replaced | None:
    """What a new record takes the place of; in a run that was broken off and goes on, what there was before that run."""
    if before is None:
        return None
    if before.run == plan.run:
        return before.replaced
    why = record.cause.why(before.cause)
    if not why or (why == "other pictures" and plan.force):
        why = "the grader had failed" if before.score is None else "graded again with --force"
    return Replaced(before.score, why)


def _views(report: Any, pictures: Sequence[Any]) -> dict[str, str]:
    found = {"report.json": json_view.compact(report), "report.html": view("html").render(report, pictures)}
    return {name: _clean(text) for name, text in found.items()}
