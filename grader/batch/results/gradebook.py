"""gradebook.csv and changes.csv: what a class has earned, a line for each student."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from grader.batch.results.formulas import defused
from grader.batch.results.records import Record, Row
from grader.course import registry

NOT_GRADED = "not graded yet"

Entry = tuple[Row, Record | None]


def gradebook(entries: Iterable[Entry]) -> bytes:
    """The gradebook. A group has a line for each member; who is not graded, through no fault of theirs, has no score."""
    topics = [topic.name for topic in registry.TOPICS]
    lines: list[Sequence[object]] = [["submission", "status", "score", "max_score", *topics]]
    for row, record in entries:
        totals = record.totals() if record is not None and record.score is not None else {}
        numbers: list[object] = ["", sum(exercise.points for exercise in registry.EXERCISES)]
        if record is not None:
            numbers = ["" if record.score is None else record.score, record.max_score]
        lines += [
            [name, status_of(row, record), *map(plain, numbers), *(plain(totals.get(topic, "")) for topic in topics)]
            for name in row.members()
        ]
    return _csv(lines)


def changes(entries: Iterable[Entry], run: int) -> bytes | None:
    """What a run has changed, by student; None where it has replaced nothing."""
    replaced = [(row, record) for row, record in entries if record and record.run == run and record.replaced]
    if not replaced:
        return None
    lines: list[Sequence[object]] = [["submission", "old", "new", "why"]]
    for row, record in replaced:
        before = record.replaced
        if before is not None and before.score != record.score:
            scores = [plain("" if score is None else score) for score in (before.score, record.score)]
            lines += [[name, *scores, before.why] for name in row.members()]
    return _csv(lines)


def status_of(row: Row, record: Record | None) -> str:
    """What is said of a row in a few words: what came of it, whether it was late, which attempt it is."""
    said = [record.status if record is not None else NOT_GRADED]
    if row.late:
        said.append("late")
    return "; ".join([*said, *row.notes])


def plain(value: object) -> object:
    """A number as people write it."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _csv(lines: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for line in lines:
        writer.writerow([defused(cell) if isinstance(cell, str) else cell for cell in line])
    return out.getvalue().encode("utf-8", "backslashreplace")
