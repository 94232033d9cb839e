"""What was worked out once is kept, read strictly, and changes nothing in any report."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import torch

from grader.course import registry
from grader.report.json_view import render
from grader.running import casebook, run, shelf
from grader.running.casebook import Casebook, packed, unpacked
from grader.running.loading import checks_of, mistakes_of
from grader.running.reference import reference_text
from grader.running.shelf import Shelf, context_of
from grader.writing import as_python
from grader.writing.answer import Answer
from grader.writing.ask import Recorded
from tests.running.sources import followed

SHAPES = registry.topic("shapes").exercises
WEIGHTS = registry.topic("weights").exercises


@pytest.fixture
def kept(tmp_path):
    """A shelf on which topic weights lies, and its file."""
    place = Shelf(tmp_path / "casebooks")
    book = Casebook(0, shelf=place)
    worked_out(book, "weights")
    book.save()
    (file,) = place.files()
    return place, file


def worked_out(book, topic):
    return {(check.exercise, check.name): book.cases(check) for checks in checks_of(topic).values() for check in checks}


def same(first, second, *, order=True):
    """Whether two values are the same to the last bit, kinds of numbers and, where it is asked for, memory order included."""
    if type(first) is not type(second):
        return False
    if isinstance(first, torch.Tensor):
        alike = (first.dtype, first.shape, first.requires_grad) == (second.dtype, second.shape, second.requires_grad)
        alike &= not order or first.stride() == second.stride()
        named = getattr(first, "expression", None) == getattr(second, "expression", None)
        return alike and named and torch.equal(first.nan_to_num(), second.nan_to_num())
    if isinstance(first, np.ndarray):
        alike = (first.dtype, first.shape) == (second.dtype, second.shape)
        alike &= not order or not first.size or first.strides == second.strides
        return alike and first.tobytes() == second.tobytes()
    if isinstance(first, dict):
        return list(first) == list(second) and all(same(first[name], second[name], order=order) for name in first)
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(same(*pair, order=order) for pair in zip(first, second, strict=True))
    return first == second or (first != first and second != second)


@pytest.mark.parametrize("topic", registry.MODULES)
def test_what_is_read_is_what_was_worked_out(topic, tmp_path):
    place = Shelf(tmp_path)
    before = Casebook(3, shelf=place)
    first = worked_out(before, topic)
    before.save()
    after = Casebook(3, shelf=place)
    second = worked_out(after, topic)
    assert place.notes == [] and first.keys() == second.keys()
    for check, cases in first.items():
        assert len(cases) == len(second[check])
        for one, other in zip(cases, second[check], strict=True):
            assert one.position == other.position and one.calls == other.calls and one.passing == other.passing
            assert same(one.arguments, other.arguments)
    assert before.memory.keys() == after.memory.keys()
    # What is right is compared by its values: how it lies in memory is nobody's matter.
    assert all(same(before.memory[key], after.memory[key], order=False) for key in before.memory)


def test_right_work_is_graded_without_hypothesis_the_reference_or_a_known_mistake(tmp_path):
    program = """
import sys
from grader.running.session import Session
with Session.start(processes=1) as session:
    from grader.course import registry
    from grader.running import run
    from grader.running.casebook import Casebook
    from grader.running.shelf import Shelf
    from pathlib import Path
    book = Casebook(0, shelf=Shelf(Path(sys.argv[1])))
    sources = {"shapes": Path(sys.argv[2]).read_bytes()}
    exercises = registry.topic("shapes").exercises
    report = run.grade(sources, name="x", nursery=session.nurseries[0], casebook=book, exercises=exercises)
    book.save()
    assert report.score == report.max_score
    print([n for n in sys.modules if n.split(".")[0] in ("hypothesis", "solutions") or ".mistakes" in n])
    from grader.running.reference import reference_text
    print(reference_text.cache_info().currsize)
"""
    from grader.course.paths import solutions_folder

    command = [sys.executable, "-c", program, str(tmp_path), str(solutions_folder() / "shapes.py")]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.split("\n")
        for _ in range(2)
    )
    assert "hypothesis" in first[0] and first[1] == "1"
    assert second[:2] == ["[]", "0"]


WRONG = {
    "nothing wrong": ("weights", ""),
    "a known mistake": (
        "weights",
        """
        def rescale(images):
            return (images - images.min()) / images.max()
        """,
    ),
    "an error": (
        "weights",
        """
        def tile_images(images, columns):
            return images[columns]
        """,
    ),
    "what is printed": (
        "weights",
        """
        _right = rescale
        def rescale(images):
            print("asked", images.shape)
            return _right(images) * (1 if images.size > 3 else 2)
        """,
    ),
    "a shape": (
        "shapes",
        """
        _right = conv2d_output_shape
        def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
            return _right(input_shape, out_channels, kernel_size, stride, padding)
        """,
    ),
    "another text of a refusal": (
        "shapes",
        """
        _right = same_padding
        def same_padding(kernel_size, dilation=1):
            try:
                return _right(kernel_size, dilation)
            except ValueError as error:
                raise ValueError(f"no: {error}") from None
        """,
    ),
}


@pytest.mark.parametrize(("topic", "function"), WRONG.values(), ids=WRONG)
def test_the_report_is_the_same_with_and_without_it(topic, function, session, tmp_path):
    def report(book):
        graded = run.grade(
            {topic: followed(topic, function)[topic]}, name="x", nursery=session.nurseries[0], casebook=book,
            exercises=registry.topic(topic).exercises,
        )  # fmt: skip
        book.save()
        views = render(graded).replace(f'"duration_seconds": {graded.duration_seconds}', "")
        return views, [(e.location, e.output, e.note, [c.printed for c in e.checks]) for e in graded.exercises]

    without = report(Casebook(0))
    worked_out_now = report(Casebook(0, shelf=Shelf(tmp_path)))
    read = Casebook(0, shelf=Shelf(tmp_path))
    assert report(read) == worked_out_now == without
    assert report(read) == without  # its replies that passed are known by now


DAMAGE = {
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "one bit": lambda data: data[:-100] + bytes([data[-100] ^ 1]) + data[-99:],
    "the head": lambda data: b"x" + data[1:],
    "longer": lambda data: data + b"\0",
    "another context": lambda data: data[:50] + bytes(16) + data[66:],
    "no record": lambda data: b"[]" * 5000,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_made_anew_with_a_line(damage, kept):
    place, file = kept
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    book = Casebook(0, shelf=place)
    cases = worked_out(book, "weights")
    book.save()
    assert [note.split()[:2] for note in place.notes] == [["The", "casebook"]]
    assert all(cases.values())
    assert Shelf(place.folder).read("weights", 0, book.examples) is not None


def test_a_forged_record_with_a_right_digest_of_another_form_is_not_taken(kept):
    place, file = kept
    from grader.sandbox import wire

    rest = b"\x81\xa5cases\x01"
    head = file.read_bytes()[: -len(file.read_bytes())] or b"casebook of the convolution exercises, form 1\n"
    file.write_bytes(head + context_of("weights") + wire.digest(0, rest) + rest)
    assert place.read("weights", 0, casebook.EXAMPLES) is None
    assert "damaged" in place.notes[0]


def test_a_link_or_a_pipe_in_its_place_is_not_opened(kept):
    place, file = kept
    for make in (lambda: os.mkfifo(file), lambda: file.symlink_to("/dev/zero"), file.mkdir):
        file.unlink(missing_ok=True) if not file.is_dir() else file.rmdir()
        make()
        assert place.read("weights", 0, casebook.EXAMPLES) is None
    assert len(place.notes) == 3


def test_where_nothing_can_be_kept_it_is_noted_and_graded(tmp_path):
    (tmp_path / "file").write_text("")
    place = Shelf(tmp_path / "file" / "casebooks")
    book = Casebook(0, shelf=place)
    assert all(worked_out(book, "cnn").values())
    book.save()
    assert any("can be kept" in note for note in place.notes)


def test_what_cannot_be_written_costs_no_report(monkeypatch, tmp_path):
    place = Shelf(tmp_path)
    book = Casebook(0, shelf=place)
    worked_out(book, "cnn")
    monkeypatch.setattr(Shelf, "write", lambda *args: 1 / 0)
    book.save()
    assert place.notes == ["The casebook could not be kept: ZeroDivisionError: division by zero"]


def test_another_seed_another_number_of_examples_and_another_kit_have_files_of_their_own(monkeypatch, tmp_path):
    place = Shelf(tmp_path)
    for seed, examples in ((0, 5), (1, 5), (0, 6)):
        book = Casebook(seed, examples, place)
        worked_out(book, "cnn")
        book.save()
    assert len(place.files()) == 3
    monkeypatch.setattr(shelf, "context_of", lambda topic: b"another kit's sixteen"[:16])
    assert place.read("cnn", 0, 5) is None and place.notes == []


def test_the_context_is_of_the_kit_the_libraries_and_the_machine(monkeypatch, tmp_path):
    monkeypatch.setattr(shelf, "_common", shelf._common.__wrapped__)  # nothing is remembered
    found = {context_of.__wrapped__("shapes")}
    for module, name in ((torch, "__version__"), (np, "__version__")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, "0.0")
            found.add(context_of.__wrapped__("shapes"))
    with monkeypatch.context() as patch:
        patch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "another")
        found.add(context_of.__wrapped__("shapes"))
    with monkeypatch.context() as patch:
        (tmp_path / "shapes.py").write_text("another solution")
        patch.setattr(shelf, "solutions_folder", lambda: tmp_path)
        found.add(context_of.__wrapped__("shapes"))
    assert len(found) == 5


def test_what_is_old_or_too_much_is_cleared_away(monkeypatch, kept):
    place, file = kept
    old = file.with_name("old-0-20-00.casebook")
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    other = file.with_name("notes.txt")
    other.write_text("somebody's own")
    os.utime(other, (0, 0))
    Casebook(0, shelf=place)
    place.write("weights", 0, 20, shelf.StoredTopic())
    assert not old.exists() and file.exists() and other.exists()
    monkeypatch.setattr(shelf, "MOST_FILES", 2)
    for seed in range(4):
        place.write("cnn", seed, 20, shelf.StoredTopic())
        time.sleep(0.01)
    assert [path.name.split("-")[:2] for path in place.files()] == [["cnn", "3"], ["cnn", "2"]]


def test_two_at_once_do_not_disturb_each_other(tmp_path):
    stored = shelf.StoredTopic()
    found = []

    def write_and_read():
        place = Shelf(tmp_path)
        for _ in range(30):
            place.write("cnn", 0, 20, stored)
            found.append(place.read("cnn", 0, 20) is not None)
        found.extend(not place.notes for _ in range(1))

    # Processes: the name of what is being written has the process's number in it.
    pids = []
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            write_and_read()
            os._exit(0 if all(found) else 1)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0, 0]
    assert threading.active_count() >= 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".casebook"]


def test_it_can_be_switched_off(monkeypatch):
    monkeypatch.setenv("GRADER_CASEBOOK", "off")
    assert Shelf.of_user() is None


def test_an_array_keeps_the_expression_that_made_it():
    tensor = as_python.named(torch.arange(3.0), "torch.arange(3.0)")
    array = as_python.named(np.arange(2), "np.arange(2)")
    value = unpacked(packed((torch.ones(1), [tensor, {"a": array}])))
    assert as_python.source_of(value[1][0]) == "torch.arange(3.0)"
    assert as_python.source_of(value[1][1]["a"]) == "np.arange(2)"
    assert not hasattr(value[0], "expression")


def test_only_what_passed_is_known_to_pass(session, tmp_path):
    book = Casebook(0, shelf=Shelf(tmp_path))
    wrong = followed("shapes", WRONG["a shape"][1])["shapes"]
    for _ in range(2):
        report = run.grade(
            {"shapes": wrong}, name="x", nursery=session.nurseries[0], casebook=book, exercises=SHAPES
        )  # fmt: skip
        assert report.score < report.max_score
    right = reference_text("shapes").encode()
    report = run.grade({"shapes": right}, name="x", nursery=session.nurseries[0], casebook=book, exercises=SHAPES)
    assert report.score == report.max_score


def test_the_folder_of_the_shelf_is_closed_to_workers_even_inside_a_library(session):
    from grader.files.cache import cache_folder

    assert cache_folder() in session.nurseries[0].hidden


@pytest.mark.parametrize("name", [exercise.name for exercise in registry.EXERCISES])
def test_what_known_mistakes_answer_is_read_as_it_was(name):
    """All of an exercise's checks, its first known mistakes."""
    exercise = registry.exercise(name)
    book = Casebook(0, 5, Shelf.of_user())
    answers = book.known_answers
    for check in checks_of(exercise.topic)[name]:
        for case in book.cases(check):
            for number, call in enumerate(case.calls):
                asked = call.value()
                record = Recorded(asked["driver"], asked["arguments"], Answer("value"), case.position, number)
                answers.reference(exercise, record)
                for mistake in mistakes_of(name)[:3]:
                    answers.mistaken(mistake, record)
    fresh = dict(answers._essences)
    for who, check, place, number, stored in answers.new()[name]:
        assert same(stored.payload.value(), fresh[who, name, check, place, number])
