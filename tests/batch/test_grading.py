"""The processes that grade a class: what one of them meets costs its own submission at most."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from grader.batch import grading, tasks
from grader.batch.intake.handed_in import HandedIn, Person
from grader.batch.results.records import Row
from grader.batch.results.store import Store
from grader.exits import UsageProblem
from grader.running.session import Session
from grader.submissions import SubmissionError, read_submission
from tests.batch.support import SHAPES, padded_once, written

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def session():
    with Session.start(processes=1) as session:
        yield session


def student(name, read):
    handed_in = HandedIn(name, (Person(name),), name, read)
    return Row.of(handed_in, name), handed_in


def graded(session, folder: Path, work, *, jobs=2, force=False):
    with Store.opened(folder) as store:
        plan = tasks.Plan(store, store.seed(3), store.run_number(), force)
        found = {one.row.name: one for one in grading.grade_class(work, plan, session.nurseries[0], jobs=jobs)}
        store.finish_run(plan.run)
    return found


def dies(flag: Path, times: int, then):
    """Reads a submission in a process that dies as often as that, as if the machine had run out of memory."""

    def read():
        count = len(list(flag.parent.glob(f"{flag.name}*")))
        if count < times:
            flag.with_name(f"{flag.name}{count}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return read_submission(then)

    return read


def fails():
    raise RuntimeError("a fault of ours")


@pytest.fixture
def right(tmp_path):
    return written(tmp_path / "work", {"right": {"shapes.py": SHAPES}}) / "right"


def test_a_fault_of_the_grader_is_an_empty_score_that_is_tried_again_never_a_0(session, tmp_path, right):
    good = student("good", lambda: read_submission(right))
    found = graded(session, tmp_path / "out", [good, student("odd", fails)])
    assert found["good"].record.score == 23 and not found["good"].kept
    assert found["odd"].record.score is None and "a fault of ours" in found["odd"].record.status
    again = graded(session, tmp_path / "out", [good, student("odd", lambda: read_submission(right))])
    assert again["good"].kept
    assert again["odd"].record.score == 23
    assert again["odd"].record.replaced.score is None


def test_a_process_that_dies_costs_a_second_try_and_nobody_a_point(session, tmp_path, right):
    once = student("once", dies(tmp_path / "once", 1, right))
    always = student("always", dies(tmp_path / "always", 100, right))
    others = [student(f"other {number}", lambda: read_submission(right)) for number in range(3)]
    found = graded(session, tmp_path / "out", [always, once, *others])
    assert {name: one.record.score for name, one in found.items()} == {
        "once": 23, "always": None, "other 0": 23, "other 1": 23, "other 2": 23,
    }  # fmt: skip
    assert "without a report" in found["always"].record.status


def test_a_fault_inside_a_report_is_tried_again_in_a_new_process(session, tmp_path, right, monkeypatch):
    whole = tasks.run.grade
    flag = tmp_path / "flag"

    def odd(*args, **options):
        if not flag.exists():
            flag.touch()
            monkeypatch.setattr("grader.running.run._grade_topic", lambda *_: 1 / 0)
        return whole(*args, **options)

    monkeypatch.setattr(tasks.run, "grade", odd)
    found = graded(session, tmp_path / "out", [student("one", lambda: read_submission(right))])
    assert flag.exists() and found["one"].record.score == 23


def test_what_cannot_be_read_is_a_row_with_its_reason(session, tmp_path):
    def unreadable():
        raise SubmissionError("work.zip is encrypted")

    found = graded(session, tmp_path / "out", [student("locked", unreadable)])
    assert (found["locked"].record.score, found["locked"].record.status) == (0, "work.zip is encrypted")
    assert (tmp_path / "out" / "locked" / "report.html").is_file()
    assert graded(session, tmp_path / "out", [student("locked", unreadable)])["locked"].kept


def test_only_what_has_changed_is_graded_again_and_the_record_says_why(session, tmp_path, right):
    work = [student("one", lambda: read_submission(right)), student("two", lambda: read_submission(right))]
    graded(session, tmp_path / "out", work)
    (right / "shapes.py").write_text(padded_once())
    found = graded(session, tmp_path / "out", work[:1])
    assert (found["one"].kept, found["one"].record.replaced.why) == (False, "another submission")
    assert found["one"].record.score < found["one"].record.replaced.score == 23
    forced = graded(session, tmp_path / "out", work[:1], force=True)
    assert forced["one"].record.replaced.why == "graded again with --force"


def test_a_full_disk_ends_the_run_and_what_is_graded_is_kept(session, tmp_path, right, monkeypatch):
    keep = Store.keep

    def full(self, row, record, views):
        if row.name == "three":
            raise UsageProblem("no space left on device")
        keep(self, row, record, views)

    monkeypatch.setattr(Store, "keep", full)
    work = [student(name, lambda: read_submission(right)) for name in ("one", "two", "three")]
    with pytest.raises(UsageProblem, match="no space left"):
        graded(session, tmp_path / "out", work, jobs=1)
    monkeypatch.undo()
    found = graded(session, tmp_path / "out", work, jobs=1)
    assert [found[name].kept for name in ("one", "two", "three")] == [True, True, False]


def test_a_process_gives_way_to_a_new_one_after_many_submissions(session, tmp_path, right, monkeypatch):
    monkeypatch.setattr(grading, "MOST_GRADED", 2)
    work = [student(f"student {number}", lambda: read_submission(right)) for number in range(7)]
    found = graded(session, tmp_path / "out", work, jobs=2)
    assert [found[row.name].record.score for row, _ in work] == [23] * 7


def test_a_grading_that_says_nothing_any_more_is_ended(session, tmp_path, right, monkeypatch):
    monkeypatch.setattr(grading, "SILENT_SECONDS", 4.0)
    work = [student("asleep", lambda: signal.pause()), student("good", lambda: read_submission(right))]
    found = graded(session, tmp_path / "out", work)
    assert found["good"].record.score == 23
    assert found["asleep"].record.score is None and "did not come to an end" in found["asleep"].record.status
