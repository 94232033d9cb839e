"""How far a batch is, in the words that stand beside its bar."""

from __future__ import annotations

import io

import pytest

from grader.cli.batching.progress import Progress
from grader.cli.progress import Bar
from tests.batch.invented import record, row


class Shown(Bar):
    """A bar that keeps what it is told."""

    def tell(self, what: str, done: int, total: int) -> None:
        self.said = f"{done} of {total}, {what}"


@pytest.fixture
def run(monkeypatch):
    """Lets submissions be done with, at given seconds, and says what stands beside the bar then."""

    def shown(total, finished, new=()):
        now = [0.0]
        monkeypatch.setattr("time.monotonic", lambda: now[0])
        progress, bar = Progress(total, new=new), Shown()
        progress.tell(bar)
        for seconds, name, kept, status in finished:
            now[0] = seconds
            progress.count(Finished(name, kept, status), bar)
            progress.tell(bar)
        return bar.said

    return shown


class Finished:
    """As the grading yields it."""

    def __init__(self, name, kept, status):
        self.row, self.record, self.kept = row(name), record(name, [1.0], status=status), kept


def test_the_seconds_beside_a_bar_count_from_its_beginning_whatever_is_printed_meanwhile(monkeypatch):
    screen, now = io.StringIO(), [0.0]
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("rich.console.monotonic", lambda: now[0])
    with Bar() as bar:
        bar.tell("first", 0, 2)
        now[0] = 65.0
        bar.erase()
        bar.tell("second", 1, 2)
    assert "0:01:05" in screen.getvalue()


def graded(seconds, name, status="graded"):
    return seconds, name, False, status


def kept(name):
    return 1.0, name, True, "graded"


def test_progress_shows_rate_time_left_and_the_names_that_need_a_look(run, capsys):
    assert run(4, []) == "0 of 4, the first are being graded"
    said = run(4, [graded(10, "a"), graded(20, "b", "the zip is cut short")], new={"a", "b", "c", "d"})
    assert said == "2 of 4, 6 a minute, 20 s left"
    assert capsys.readouterr().err == "b: the zip is cut short\n"


def test_who_was_named_by_an_earlier_run_is_named_at_the_end_alone(run, capsys):
    run(2, [(1.0, "a", True, "the zip is cut short"), graded(10, "b")])
    assert capsys.readouterr().err == ""


def test_what_is_kept_from_a_run_that_was_broken_off_does_not_make_the_rest_look_quick(run):
    finished = [*(kept(f"old {number}") for number in range(50)), graded(10, "a")]
    assert run(100, finished, new={"a", *map(str, range(49))}) == "51 of 100, 6 a minute, 8 min left"


def test_where_few_have_changed_the_time_left_is_that_of_few(run):
    finished = [*(kept(f"old {number}") for number in range(49)), graded(10, "a")]
    assert run(100, finished) == "50 of 100, 6 a minute, 10 s left"
