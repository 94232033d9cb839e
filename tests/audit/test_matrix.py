"""The kill matrix says which case catches which wrong answer, and what hangs on a single case."""

import csv
import io
import time

from grader.audit import matrix
from grader.audit.run import kill_matrix
from grader.course import registry
from grader.running.diagnosis import with_function


def test_each_wrong_answer_has_its_lines_and_each_case_its_counts():
    told = []
    exercise = registry.exercise("same_padding")
    text = kill_matrix(1, lambda what, done, total: told.append((what, done, total)), [exercise])
    above, below = (list(csv.reader(io.StringIO(part))) for part in text.split("\n\n"))
    assert tuple(above[0]) == matrix.HEAD
    kinds = {line[1] for line in above[1:]}
    assert kinds == {"slip", "mutant"} and told[-1][1] == told[-1][2]
    caught = [line for line in above[1:] if line[3]]
    assert all(len(line[6].split()) == int(line[4]) <= int(line[5]) for line in caught)
    assert sum(int(line[5]) for line in below[1:]) == sum(int(line[4]) for line in caught)
    assert {line[2] for line in above[1:] if not line[3]} == set()  # every one is caught


def test_what_a_single_case_catches_is_counted_as_its_own():
    rows = [
        matrix.Row("rescale", "slip", "a", {"one": (0, 2)}),
        matrix.Row("rescale", "slip", "b", {"one": (2,)}),
        matrix.Row("rescale", "slip", "c", {"one": (2,), "two": (1,)}),
    ]
    catches, alone = matrix.tallies(rows)
    assert catches["rescale", "one", 2] == 3 and alone == {("rescale", "one", 2): 1}


def test_who_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(matrix, "SECONDS", 1)
    exercise = registry.exercise("rescale")

    def rescale(images):
        while True:
            time.sleep(0.01)

    found = matrix.row(exercise, "slip", "endless", lambda: with_function(exercise, rescale))
    assert found.caught == {}
