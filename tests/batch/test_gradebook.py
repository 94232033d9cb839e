"""The gradebook and what has changed in it, as files that spreadsheets read."""

from __future__ import annotations

import csv
import io

import msgspec

from grader.batch.results.gradebook import changes, gradebook
from grader.batch.results.records import Replaced
from tests.batch.invented import NAMES, entries, record, row


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def test_csvs_keep_commas_unicode_and_leading_zeros_and_defuse_formulas():
    found = [line["submission"] for line in read(gradebook(entries(len(NAMES))))]
    assert found == [name if name[0] != "=" else f"'{name}" for name in NAMES]


def test_the_topics_add_up_to_the_score():
    for line in read(gradebook(entries(40))):
        topics = [
            float(value) for name, value in line.items() if name not in ("submission", "status", "score", "max_score")
        ]
        assert abs(sum(topics) - float(line["score"])) < 1e-6


def test_a_group_is_graded_once_and_every_member_has_a_row():
    pair = row("Anna Lee, Ben Ok", people=("Anna Lee", "Ben Ok"))
    found = read(gradebook([(pair, record(pair.name, [1.0]))]))
    assert [(line["submission"], line["score"]) for line in found] == [("Anna Lee", "100"), ("Ben Ok", "100")]


def test_late_is_shown_and_never_changes_a_score():
    late, on_time = (read(gradebook([(row("x", late=late), record("x", [0.5]))]))[0] for late in (True, False))
    assert late["status"] == "graded; late" and on_time["status"] == "graded"
    assert late["score"] == on_time["score"] == "50"


def test_a_fault_of_the_grader_and_what_is_not_graded_yet_have_no_score():
    fault = record("x", [1.0], status="the grader failed: MemoryError")
    found = read(gradebook([(row("x"), fault), (row("y"), None)]))
    assert [line["score"] for line in found] == ["", ""]
    assert [line["max_score"] for line in found] == ["100", "100"]
    assert found[1]["status"] == "not graded yet"


def test_changes_name_who_has_another_score_with_old_new_and_why():
    same, other, older = (
        msgspec.structs.replace(record(name, [1.0]), run=run, replaced=Replaced(before, "another submission"))
        for name, run, before in (("same", 3, 100.0), ("other", 3, None), ("older", 2, 1.0))
    )
    known = [(row(one.name), one) for one in (same, other, older)]
    assert read(changes(known, 3) or b"") == [
        {"submission": "other", "old": "", "new": "100", "why": "another submission"}
    ]
    assert changes(known, 4) is None
