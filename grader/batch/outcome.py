"""What came of a class: written for its instructor, and told in a few lines."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from grader.batch.intake.handed_in import HandedIn
from grader.batch.results.gradebook import Entry, changes, gradebook, plain
from grader.batch.results.overview import ClassData, overview
from grader.batch.results.page import class_page, similar_page
from grader.batch.results.records import GRADED, Record, Row
from grader.batch.results.similar import Pair, pairs
from grader.batch.results.store import Store
from grader.batch.rosters import Roster
from grader.batch.rosters.matching import Matching, also, called_on_roster, label
from grader.batch.rosters.returning import Grade
from grader.report.text import one_line

MOST_NAMED = 10


@dataclass(frozen=True)
class Outcome:
    """The rows of a class and what is known of each, in the order of the gradebook."""

    entries: tuple[Entry, ...]
    platform: str
    said: str
    run: int
    seed: int
    missing: tuple[str, ...] = ()  # on the roster, and handed nothing in
    unmatched: tuple[str, ...] = ()  # handed in, and not on the roster
    problems: tuple[str, ...] = ()
    called: Mapping[str, str] | None = None  # what the roster calls students, by the names of their submissions

    @classmethod
    def of(cls, store: Store, roster: Roster | None = None, matching: Matching | None = None) -> Outcome:
        """What is kept in a folder, and who is missing in it."""
        found = store.class_list()
        entries = tuple((row, store.record(row)) for row in found.rows)
        known = (entries, found.platform, found.said, store.run_number(), store.seed(None))
        if roster is None or matching is None:
            return cls(*known, problems=found.problems)
        missing = tuple(label(roster, place) for place in matching.missing)
        unmatched = tuple(handed_in.name for handed_in in matching.unmatched)
        problems = (*found.problems, *also(roster, matching))
        return cls(*known, missing, unmatched, problems, called_on_roster(roster, matching))

    @property
    def records(self) -> list[Record]:
        return [record for _, record in self.entries if record is not None]

    def data(self) -> ClassData:
        """The class at a glance."""
        return overview(
            self.entries,
            platform=self.platform,
            seed=self.seed,
            similar=self.similar(),
            missing=self.missing,
            unmatched=self.unmatched,
            problems=self.problems,
            called=self.called,
        )

    def similar(self) -> list[Pair]:
        """Pairs of modules that are nearly the same."""
        marks: dict[str, dict[int, Sequence[int]]] = {}
        for place, (_, record) in enumerate(self.entries):
            for topic, own in (record.marks if record is not None else {}).items():
                marks.setdefault(topic, {})[place] = own
        return pairs(marks, len(self.entries))

    def write(self, store: Store) -> None:
        """Writes the gradebook, and what has changed in it. Raises UsageProblem."""
        store.write(store.folder / "gradebook.csv", gradebook(self.entries))
        data = self.data()
        pages = {"index.html": class_page(data, self.said)}
        if not data.similar:
            store.remove(store.folder / "similar.html")  # of an earlier run, when there were some
        else:
            places = {place for pair in data.similar for place in (pair.first, pair.second)}
            found = {place: record for place, (_, record) in enumerate(self.entries) if record and place in places}
            pages["similar.html"] = similar_page(data, {place: record.sources for place, record in found.items()})
        encoded = msgspec.json.format(msgspec.json.encode(data), indent=1)
        store.write(store.folder / "class.json", encoded + b"\n")
        for name, text in pages.items():
            store.write(store.folder / name, text.encode("utf-8", "backslashreplace"))
        changed = changes(self.entries, self.run)
        if changed is not None:
            store.write(store.folder / "changes.csv", changed)
        if any(record.run == self.run for record in self.records):
            store.finish_run(self.run)

    def told(self) -> Iterator[str]:
        """What an instructor has to know, in lines."""
        scores = [record.score for record in self.records if record.status == GRADED and record.score is not None]
        if scores:
            full = sum(record.score == record.max_score for record in self.records)
            most = plain(self.records[0].max_score)
            yield f"{len(self.entries)} submissions: median {plain(statistics.median(scores))} of {most}, {full} with all points."
        odd = [
            f"{self._name(row)}: {record.status}" for row, record in self.entries if record and record.status != GRADED
        ]
        yield from _some("A look is needed at", odd)
        waiting = sum(record is None for _, record in self.entries)
        if waiting:
            yield f"Not graded yet: {waiting} of {len(self.entries)}."
        yield from _some("Handed nothing in", list(self.missing))
        yield from _some("Not on the roster", list(self.unmatched))
        yield from (one_line(problem, columns=400) for problem in self.problems)
        changed = sum(
            r.run == self.run and r.replaced is not None and r.replaced.score != r.score for r in self.records
        )
        if changed:
            what = "1 score is" if changed == 1 else f"{changed} scores are"
            yield f"{what} other than before: changes.csv says which and why."

    def _name(self, row: Row) -> str:
        """What an instructor calls a row's student, and its folder where that is called otherwise."""
        student = (self.called or {}).get(row.name, row.name)
        return student if student == row.name else f"{student} ({row.name})"

    def grades(self, matching: Matching) -> dict[int, Grade]:
        """What each student of the roster gets, by index into its people.

        Whose work could not be read gets nothing: somebody has to look at it first.
        """
        records = {row.name: record for row, record in self.entries}
        grades = {}
        for place, handed_in in matching.handed_in.items():
            record = records.get(handed_in.name)
            if record is not None and record.score is not None and record.status == GRADED:
                grades[place] = Grade(record.score, record.max_score, feedback(record, handed_in))
        return grades


def feedback(record: Record, handed_in: HandedIn) -> str:
    """What a student reads beside the grade: what is not right yet, and what was noticed."""
    begun = [e for e in record.exercises if e.score < e.max_score and e.status != "not_started"]
    waiting = [e.name for e in record.exercises if e.status == "not_started"]
    said = [f"{plain(record.score or 0.0)} of {plain(record.max_score)} points."]
    if begun:
        said.append(
            "Not right yet: " + ", ".join(f"{e.name} ({plain(e.score)}/{plain(e.max_score)})" for e in begun) + "."
        )
    if waiting:
        said.append("Not started: " + ", ".join(waiting) + ".")
    if handed_in.late:
        said.append("Handed in late.")
    return " ".join([*said, *(f"{note[:1].upper()}{note[1:]}." for note in handed_in.notes)])


def _some(title: str, names: list[str]) -> Iterator[str]:
    """A title and the first of the names below it."""
    if names:
        yield f"{title} ({len(names)}):"
        yield from (f"  {one_line(name, columns=160)}" for name in names[:MOST_NAMED])
        if len(names) > MOST_NAMED:
            yield f"  and {len(names) - MOST_NAMED} more"
