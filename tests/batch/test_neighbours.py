"""A class that a hostile student is graded in: nobody else's result changes, and nothing is left behind."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from tests.batch.support import SEED, SHAPES, WEIGHTS, batch, rows, written

pytestmark = pytest.mark.slow

HOSTILE = """
import glob, os, subprocess, sys, threading, time

def reached(what, act):
    try:
        print("reached", what, act(), flush=True)
    except BaseException:
        pass

for place in ({places}):
    reached("list", lambda: os.listdir(place))
    for file in ("class", "seed", "gradebook.csv", "anna/report.json", "anna/shapes.py", "records/anna", "locks/whole"):
        reached("read", lambda: open(os.path.join(place, file), "rb").read(1))
        reached("write", lambda: open(os.path.join(place, file), "ab").write(b"x"))
    reached("make", lambda: os.mkdir(os.path.join(place, "mallory")))
reached("leave", lambda: open({temporary!r} + "/left-by-mallory", "w").close())
reached("start", lambda: subprocess.Popen(["sleep", "600"]))
reached("fork", lambda: os.fork() or time.sleep(600))
print("looked", flush=True)
for _ in range(100):
    os.write(1, b"<script>alert(1)</script>]]>\\x1b[2J" + b"x" * 10**6)
print("::error::mine")
for number in range(200):
    try:
        open(f"left-by-mallory-{{number}}", "wb").write(bytes(2**16))
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    except BaseException:
        break
kept = []
try:
    while True: kept.append(bytearray(2**26))
except MemoryError:
    pass
"""

# What is printed while a module is imported is shown where its first exercise is not right.
SHOWN = "\ndef weights_to_images(*given):\n    return 1\n"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Two students and one who is hostile in two modules, graded side by side; who it is knows where everything lies."""
    folder, out = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("graded") / "out"
    places = ", ".join(repr(str(place)) for place in (folder, out, out / ".grader", out / ".grader" / "records"))
    source = HOSTILE.format(places=places + ",", temporary=tempfile.gettempdir())
    students = {
        "anna": {"shapes.py": SHAPES, "weights.py": WEIGHTS},
        "mallory": {"shapes.py": SHAPES + source, "weights.py": WEIGHTS + source + SHOWN},
        "zed": {"shapes.py": SHAPES, "weights.py": WEIGHTS},
    }
    done = batch(written(folder, students), "--out", out, "--seed", SEED, "--jobs", 2)
    return done, folder, out


def test_floods_memory_files_and_threads_of_one_change_no_other_row_and_stay_small(graded):
    done, _, out = graded
    assert done.returncode == 0, done.stderr
    found = rows(out)
    assert found["anna"]["score"] == found["zed"]["score"] == "34"
    anna, zed = (json.loads((out / name / "report.json").read_text(encoding="utf-8")) for name in ("anna", "zed"))
    same = {"submission": "", "duration_seconds": 0}
    assert {**anna, **same} == {**zed, **same}
    assert all(path.stat().st_size < 300_000 for path in (out / "mallory").iterdir())


def test_where_the_classs_work_and_its_results_lie_can_be_neither_read_nor_written(graded):
    _, folder, out = graded
    report = (out / "mallory" / "report.html").read_text(encoding="utf-8")
    assert "looked" in report and "reached" not in report
    assert sorted(path.name for path in folder.iterdir()) == ["anna", "mallory", "zed"]
    names = ["anna", "class.json", "gradebook.csv", "index.html", "mallory", "zed"]
    assert sorted(path.name for path in out.iterdir() if path.name not in (".grader", "similar.html")) == names
    assert not (Path(tempfile.gettempdir()) / "left-by-mallory").exists()
    assert not list(Path(tempfile.gettempdir()).glob("*/left-by-mallory*"))


def test_what_one_prints_is_no_markup_and_no_command_anywhere(graded):
    done, _, out = graded
    for text in (done.stdout, done.stderr, *(path.read_text(encoding="utf-8") for path in out.glob("**/*.html"))):
        assert "<script>alert" not in text and "\x1b[2J" not in text and "\n::error::" not in text
