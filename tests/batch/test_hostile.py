"""A student who controls their own submission, its names and their own name meets a class of others."""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import os
import time
import zipfile
from pathlib import Path

import msgspec
import pytest

from grader.batch.intake.collect import Class, collect
from grader.batch.outcome import Outcome
from grader.batch.results.folders import folder_names
from grader.batch.results.gradebook import gradebook
from grader.batch.results.records import Row
from grader.batch.results.store import ClassList
from grader.submissions import SubmissionError
from grader.submissions.choose import choose
from tests.batch.downloads import lay, zipped
from tests.batch.invented import record, row

HONEST = {f"s{letter}_{number}_{number}9_shapes.py": b"x = 1\n" for number, letter in enumerate("abcde", 10)}


def kept(found: Class) -> bytes:
    """The class list, as it is kept before anything is graded."""
    folders = folder_names([work.name for work in found.handed_in])
    rows = tuple(Row.of(work, folder) for work, folder in zip(found.handed_in, folders, strict=True))
    return msgspec.msgpack.encode(ClassList(found.platform, found.said, rows, found.problems))


def reason(found: Class, name: str) -> str:
    """Why nothing of a student's work can be read."""
    with pytest.raises(SubmissionError) as told:
        next(work for work in found.handed_in if work.name == name).read()
    return str(told.value)


@pytest.mark.parametrize("layout", ["{}2_9_shapes.py", "{}/shapes.py", "{}2_assignsubmission_file_/shapes.py"])
def test_a_name_that_is_no_text_ends_nobodys_run(tmp_path, layout):
    lay(tmp_path, {layout.format("anna_1"): b"x = 1\n"})
    hostile = os.fsencode(tmp_path) + b"/" + layout.format("b*n_2").encode().replace(b"*", b"\xff")
    os.makedirs(os.path.dirname(hostile), exist_ok=True)
    Path(os.fsdecode(hostile)).write_bytes(b"x = 1\n")
    found = collect([tmp_path])
    assert len(found.handed_in) == 2
    assert kept(found)


def test_a_folder_below_a_name_that_is_no_text_ends_nobodys_run_by_pattern(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xffn")).mkdir()
    lay(tmp_path, {"anna/shapes.py": b"x = 1\n"})
    assert kept(collect([tmp_path], pattern="(?P<student>[^/]+)/shapes.py"))


def test_so_many_files_of_one_student_that_not_all_are_looked_at_hide_nobody_elses_by_pattern(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.import_module("grader.batch.intake.platforms.by_pattern"), "_MOST", 20)
    flood = {f"anna/{number}.txt": b"" for number in range(30)}
    lay(tmp_path, {**flood, "ben/shapes.py": b"x = 1\n", "zed/shapes.py": b"x = 2\n"})
    found = collect([tmp_path], pattern="(?P<student>[^/]+)/shapes.py")
    assert [work.name for work in found.handed_in] == ["ben", "zed"]
    assert "anna holds so many files that not all were looked at." in found.problems


def test_nobody_gets_anothers_folder_by_a_name_that_ends_like_its_mark():
    mark = hashlib.sha256(b"anna").hexdigest()[:6]
    names = ["anna", "anna.", f"anna-{mark}", f"anna-{mark}."]
    assert len(set(folder_names(names))) == len(names)
    assert folder_names(names[::-1]) == folder_names(names)[::-1]


def test_nobody_gets_anothers_folder_by_a_name_with_the_same_mark():
    marks: dict[str, str] = {}
    for number in range(10**6):
        name = "anna" + "".join(". "[number >> bit & 1] for bit in range(20)) + "."
        digest = hashlib.sha256(name.encode()).hexdigest()[:6]
        if digest in marks:
            break
        marks[digest] = name
    pair = [marks[digest], name]
    assert len(set(folder_names(pair))) == 2


@pytest.mark.parametrize(
    "attachment", ["x_12_assignsubmission_file_shapes{}.py", "x_attempt_2026-10-12-14-30-05_shapes{}.py"]
)
def test_many_files_named_as_another_platforms_do_not_make_the_class_that_platforms(tmp_path, attachment):
    flood = {f"evil_99_{number}_{attachment.format(number)}": b"x = 1\n" for number in range(20)}
    found = collect([lay(tmp_path, {**HONEST, **flood})])
    assert found.platform == "canvas" and not found.problems
    assert [work.name for work in found.handed_in] == ["evil", "sa", "sb", "sc", "sd", "se"]


@pytest.mark.parametrize(
    "attachment", ["okben_12_99_shapes.py", "okben_LATE_12_99_shapes.py", "../okben_12_99_shapes.py"]
)
def test_an_attachment_named_as_anothers_stays_with_whom_handed_it_in(tmp_path, attachment):
    mine = f"leeanna_11_9_{attachment.replace('/', '_')}"
    found = collect([lay(tmp_path, {mine: b"x = 1\n", "okben_12_8_shapes.py": b"x = 2\n"})])
    anna, ben = found.handed_in
    assert ben.read().modules["shapes"].source == b"x = 2\n" and not ben.late
    assert reason(found, "leeanna").startswith("There is none of the modules")
    assert not anna.late


def test_an_archive_that_fits_two_students_is_told_of(tmp_path):
    work, other = zipped({"shapes.py": b"x = 1\n"}), zipped({"shapes.py": b"x = 2\n"})
    files = {"okben_12_9_work.zip": work, "okben_12_11_10_other.zip": other, "roy_13_7_2026_work.zip": work}
    ben, roy = collect([lay(tmp_path, files)]).handed_in
    assert ben.notes == ("10_other.zip may be another student's, who is called as its name begins",)
    assert roy.notes == ()


def test_what_of_moodles_files_fits_two_students_is_told_of(tmp_path):
    start = "Ben Ok_12_assignsubmission_file_"
    files = {f"{start}shapes.py": b"x = 1\n", f"{start}_11_assignsubmission_file_work.zip": zipped({"shapes.py": b""})}
    (ben,) = collect([lay(tmp_path, {**files})], platform="moodle").handed_in
    assert ben.read().modules["shapes"].source == b"x = 1\n"
    assert ben.notes == ("a file of these may be another student's, who is called as its name begins",)


def test_twenty_thousand_folders_of_one_student_cost_no_more_than_their_number():
    began = time.process_time()
    found = choose(f"{number}/shapes.py" for number in range(20_000))
    assert time.process_time() - began < 5  # where each was compared with each, ten
    assert not found.paths and "There is more than one shapes.py" in found.problems[0].text


@pytest.mark.parametrize("name", ["=1+1", " =1+1", '"=1+1', "＝1+1", "＠SUM(1)", "Anna;=1+1", "Anna; -1+1", "\t=1"])
def test_no_cell_of_a_gradebook_is_a_formula_however_a_spreadsheet_parts_cells(name):
    content = gradebook([(row(name), record(name, [1.0]))]).decode()
    for delimiter in ",;\t":
        for line in csv.reader(io.StringIO(content), delimiter=delimiter):
            assert not any(cell.lstrip(" \"'").startswith(tuple("=+-@＝＋－＠")) and "'" not in cell for cell in line)


def test_what_is_told_of_a_class_cannot_act_on_a_terminal():
    problem = "Anna\n::error::\x1b[2J\u202e could be row 2 and row 3 of the roster: it is left open."
    told = list(Outcome((), "folders", "", 1, 0, problems=(problem,)).told())
    assert told == [r"Anna\n::error::\x1b[2J\u202e could be row 2 and row 3 of the roster: it is left open."]


def test_pipes_devices_and_links_to_a_neighbours_work_are_refused_and_nobody_waits(tmp_path):
    lay(tmp_path, {"anna/shapes.py": b"secret = 1\n", "ben/cnn.py": b"x = 1\n", "cleo/a/b.txt": b""})
    os.mkfifo(tmp_path / "ben" / "shapes.py")
    os.mkfifo(tmp_path / "ben" / "work.zip")
    (tmp_path / "cleo" / "shapes.py").symlink_to(tmp_path / "anna" / "shapes.py")
    (tmp_path / "cleo" / "exercises").symlink_to(tmp_path / "anna")
    (tmp_path / "dan").symlink_to(tmp_path / "anna")
    found = collect([tmp_path])
    _, ben, cleo = found.handed_in
    assert set(ben.read().modules) == {"cnn"}
    assert "link" in reason(found, cleo.name)
    assert found.problems == ("Links are not followed: dan.",)


def test_a_folder_named_as_where_results_are_kept_is_none_of_the_work(tmp_path):
    lay(tmp_path, {"anna/.grader/records/anna": b"", "anna/.grader/shapes.py": b"x = 1\n", "ben/shapes.py": b"x = 2\n"})
    found = collect([tmp_path])
    assert reason(found, "anna").startswith("There is none of the modules")


def test_an_archive_of_archives_has_one_allowance_and_overlapping_bombs_are_not_unpacked(tmp_path):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.zip", bytes(60 * 2**20))
    inner = {f"{number}.zip": bomb.getvalue() for number in range(30)}
    download = {"anna.zip": zipped({**inner, "shapes.py": b"x = 1\n"}), "ben.zip": zipped({"shapes.py": b"x = 2\n"})}
    began = time.process_time()
    anna, ben = collect([lay(tmp_path, download)]).handed_in
    assert anna.read().modules["shapes"].source == b"x = 1\n" and ben.read().modules
    assert any("not all were looked into" in problem.text for problem in anna.read().problems)
    assert time.process_time() - began < 10
