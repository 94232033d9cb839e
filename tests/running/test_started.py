"""The same submissions earn the same points, word for word, where workers are started anew and not forked."""

from __future__ import annotations

import pytest

from grader.course import registry
from grader.running.loading import all_mistakes
from grader.running.reference import reference_text
from grader.sandbox.outer.starting import StartingNursery
from grader.writing.difference import Difference
from tests.topics.test_samples import STYLES, _held


@pytest.fixture(scope="module")
def nursery(session):
    with StartingNursery() as made:
        made.hidden = session.nurseries[0].hidden
        yield made


@pytest.fixture
def both_ways(grade, nursery):
    """What is said of a submission by either way, but for the protections and how long it took."""

    def graded(sources, **options):
        reports = [grade(sources, **options), grade(sources, nursery=nursery, **options)]
        assert [report.protections == ("process",) for report in reports] == [False, True]
        return [{**report.as_dict(), "protections": (), "duration_seconds": 0} for report in reports]

    return graded


@pytest.mark.parametrize("folder", STYLES[4:5], ids=lambda folder: folder.name)
def test_right_work_earns_everything_both_ways(folder, both_ways):
    sources, there = _held(folder)
    forked, started = both_ways(sources, exercises=there)
    assert forked == started and started["score"] == started["max_score"]


WRITTEN = [mistake for mistake in all_mistakes() if isinstance(mistake.wrong, Difference)]


@pytest.mark.parametrize("mistake", WRITTEN[7::110], ids=lambda mistake: f"{mistake.exercise}-{mistake.identifier}")
def test_what_is_wrong_reads_alike_both_ways(mistake, both_ways):
    text = mistake.wrong.written_into(reference_text(mistake.topic))
    forked, started = both_ways({mistake.topic: text.encode()}, exercises=[registry.exercise(mistake.exercise)])
    assert forked == started and started["score"] < started["max_score"]
