"""`grader batch`, as an instructor runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import zipfile

import pytest

from grader.batch.results.store import STATE
from grader.course import registry
from tests import kit
from tests.batch.support import (
    ROOT,
    SEED,
    SHAPES,
    STUBS,
    WEIGHTS,
    batch,
    command,
    padded_once,
    rows,
    surroundings,
    written,
)

pytestmark = pytest.mark.slow

HANGS = SHAPES + "\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
STUDENTS = {
    "ada": {"shapes.py": SHAPES, "weights.py": WEIGHTS},
    "ben": {"shapes.py": padded_once()},
    "cleo": {"shapes.py": HANGS, "weights.py": WEIGHTS},
    "dan": {"shapes.py": "import os\nos._exit(0)\n" + SHAPES, "weights.py": WEIGHTS},
    "eve": {"shapes.py": STUBS},
    "fay": {"shapes.py": "def (", "weights.py": WEIGHTS},
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A class: right, wrong, hanging, crashing, untouched, broken, and three that cannot be read."""
    folder = written(tmp_path_factory.mktemp("class"), STUDENTS)
    (folder / "gus.zip").write_bytes(b"PK\x03\x04 cut off")
    (folder / "hal").mkdir()
    with zipfile.ZipFile(folder / "ivy.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shapes.py", b"#" * 200_000_000)
    return folder


@pytest.fixture(scope="module")
def graded(handed_in, tmp_path_factory):
    """The class, graded: what was printed, and where it lies."""
    out = tmp_path_factory.mktemp("graded") / "out"
    return batch(handed_in, "--out", out, "--seed", SEED, "--jobs", 2), out


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A class that is graded quickly, and how it comes out."""
    folder = written(tmp_path_factory.mktemp("few"), {name: STUDENTS[name] for name in ("ada", "ben", "dan", "eve")})
    (folder / "gus.zip").write_bytes(b"PK\x03\x04 cut off")
    out = tmp_path_factory.mktemp("few graded") / "out"
    batch(folder, "--out", out, "--seed", SEED)
    return folder, out


def test_hanging_crashing_encrypted_empty_and_exploding_submissions_are_rows_and_the_other_rows_do_not_change(graded):
    done, out = graded
    assert done.returncode == 0, done.stderr
    found = rows(out)
    assert list(found) == ["ada", "ben", "cleo", "dan", "eve", "fay", "gus", "hal", "ivy"]
    assert {name: row["score"] for name, row in found.items()} | {"ben": ""} == {
        "ada": "34", "ben": "", "cleo": "11", "dan": "11", "eve": "0", "fay": "11", "gus": "0", "hal": "0", "ivy": "0",
    }  # fmt: skip
    assert 0 < float(found["ben"]["score"]) < 23
    assert "cut short" in found["gus"]["status"]
    assert found["hal"]["status"] != "graded"
    assert all(name in done.stderr for name in ("gus", "hal"))


def test_each_submission_has_its_report_as_data_and_as_a_page(graded):
    _, out = graded
    for name, row in rows(out).items():
        report = json.loads((out / name / "report.json").read_text(encoding="utf-8"))
        assert report["submission"] == name and report["score"] == float(row["score"]) and report["seed"] == SEED
        assert "<html" in (out / name / "report.html").read_text(encoding="utf-8")


def test_reports_of_2000_students_stay_below_200_mb(graded):
    """Of these nine; a class of 97 with all seven modules took 93 KB a student, of which 71 KB are reports."""
    _, out = graded
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    assert size / len(rows(out)) * 2000 < 200e6


def test_the_gradebook_has_the_columns_of_every_course(graded):
    header = (graded[1] / "gradebook.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == ("submission,status,score,max_score,classifiers,training,weights,shapes,convolution,cnn,transfer")


def test_the_same_submission_gets_the_same_result_with_any_number_of_jobs_in_any_order_on_a_busy_machine(
    graded, handed_in, tmp_path
):
    names = [handed_in / name for name in ("gus.zip", "fay", "cleo", "ben")]
    busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(4)]
    try:
        done = batch(*names, "--out", tmp_path / "out", "--seed", SEED, "--jobs", 1)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert done.returncode == 0, done.stderr
    _, out = graded
    for name, row in rows(tmp_path / "out").items():
        reports = [
            json.loads((where / name / "report.json").read_text(encoding="utf-8")) for where in (out, tmp_path / "out")
        ]
        assert [{**r, "duration_seconds": 0} for r in reports[:1]] == [
            {**r, "duration_seconds": 0} for r in reports[1:]
        ]
        assert rows(out)[name] == row


def test_run_again_it_keeps_what_it_has_and_writes_the_same_gradebook(few):
    folder, out = few
    before = (out / "gradebook.csv").read_bytes()
    done = batch(folder, "--out", out)
    assert "5 kept as they were" in done.stdout
    assert (out / "gradebook.csv").read_bytes() == before
    assert not (out / "changes.csv").exists()


@pytest.mark.parametrize("after", [1, 3])
def test_killed_at_any_moment_and_run_again_the_same_gradebook_byte_for_byte(few, tmp_path, after):
    folder, whole = few
    out = tmp_path / "out"
    running = subprocess.Popen(
        command(folder, "--out", out, "--seed", SEED, "--jobs", 1),
        env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 200
    while time.monotonic() < until and len(list((out / STATE / "records").glob("[a-z]*"))) < after:
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert not (out / "gradebook.csv").exists()
    done = batch(folder, "--out", out)
    assert done.returncode == 0, done.stderr
    assert f"{after} kept" in done.stdout or f"{after + 1} kept" in done.stdout
    assert (out / "gradebook.csv").read_bytes() == (whole / "gradebook.csv").read_bytes()
    assert (out / "class.json").read_bytes() == (whole / "class.json").read_bytes()


def test_two_batches_into_one_folder_the_second_is_refused(few, tmp_path):
    folder, _ = few
    out = tmp_path / "out"
    first = subprocess.Popen(
        command(folder, "--out", out), env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 100
    while time.monotonic() < until and not (out / STATE / "class").exists():
        time.sleep(0.02)
    second = batch(folder, "--out", out)
    first.terminate()
    first.wait()
    assert second.returncode == 4
    assert "another batch is writing into" in second.stderr


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The variables that choose a kit of one topic: with a seed that nobody has used it begins in seconds."""
    folder = kit.copied(tmp_path_factory.mktemp("small") / "kit")
    without = [topic for topic in registry.MODULES if topic != "weights"]
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n[tool.grader]\nwithout = {json.dumps(without)}\n")
    return {"PYTHONPATH": str(folder)}


PICTURES = {
    "ada": {"weights.py": WEIGHTS},
    "ben": {"weights.py": WEIGHTS.replace("low, high = ", "high, low = ")},
    "eve": {"weights.py": (ROOT / "exercises" / "weights.py").read_text(encoding="utf-8")},
}


def test_a_regrade_writes_old_new_and_reason_for_each_student_whose_score_changed(tmp_path, small):
    folder, out = written(tmp_path / "class", PICTURES), tmp_path / "out"
    batch(folder, "--out", out, "--seed", 5, **small)
    before = rows(out)
    assert 0 < float(before["ben"]["score"]) < 11
    (folder / "ben" / "weights.py").write_text(WEIGHTS)
    done = batch(folder, "--out", out, **small)
    assert "1 graded" in done.stdout and "2 kept" in done.stdout
    changed = (out / "changes.csv").read_text(encoding="utf-8").splitlines()
    assert changed == ["submission,old,new,why", f"ben,{before['ben']['score']},11,another submission"]
    done = batch(folder, "--out", out, "--seed", 6, **small)
    assert "3 graded" in done.stdout
    assert (out / "changes.csv").read_text(encoding="utf-8").splitlines() == ["submission,old,new,why"]
    assert rows(out)["ada"] == before["ada"]


def test_only_and_force_grade_the_one_who_is_named(tmp_path, small):
    folder, out = written(tmp_path / "class", PICTURES), tmp_path / "out"
    done = batch(folder, "--out", out, "--seed", 5, "--only", "ben", **small)
    assert done.returncode == 1  # two are not graded yet
    assert [row["status"] for row in rows(out).values()] == ["not graded yet", "graded", "not graded yet"]
    done = batch(folder, "--out", out, **small)
    assert "2 graded" in done.stdout and "1 kept" in done.stdout
    done = batch(folder, "--out", out, "--only", "ben", "--force", **small)
    assert "1 graded" in done.stdout
    done = batch(folder, "--out", out, "--only", "bne", **small)
    assert done.returncode == 4 and "ben" in done.stderr


def test_the_seed_is_drawn_once_kept_and_named_in_every_report(tmp_path, small):
    folder = written(tmp_path / "class", {"eve": PICTURES["eve"], "eva": PICTURES["eve"]})
    seeds = []
    for name in ("first", "first", "second"):
        batch(folder, "--out", tmp_path / name, "--force", **small)
        found = {
            json.loads((tmp_path / name / who / "report.json").read_text(encoding="utf-8"))["seed"]
            for who in ("eve", "eva")
        }
        assert len(found) == 1
        seeds += found
    assert seeds[0] == seeds[1] != seeds[2]


def test_shards_grade_their_parts_and_a_merge_makes_the_same_gradebook(few, tmp_path):
    folder, whole = few
    out = tmp_path / "out"
    arguments = (folder, "--out", out, "--seed", SEED, "--jobs", 1)
    running = [
        subprocess.Popen(
            command(*arguments, "--shard", f"{k}/2"), env=surroundings(), stdout=subprocess.PIPE, text=True
        )
        for k in (1, 2)
    ]
    said = [process.communicate(timeout=280)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert all("batch --merge" in text for text in said)
    assert not (out / "gradebook.csv").exists()
    done = batch("--merge", out)
    assert done.returncode == 0, done.stderr
    assert (out / "gradebook.csv").read_bytes() == (whole / "gradebook.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to grade was named"),
        (("{class}",), "--out DIR is missing"),
        (("{nothing}", "--out", "{new}"), "nothing"),
        (("{empty}", "--out", "{new}"), "empty"),
        (("{class}", "--out", "{class}/out"), "outside"),
        (("{class}", "--out", "{full}"), "not empty"),
        (("{class}", "--out", "{file}"), "no folder"),
        (("{class}", "--out", "/proc/out"), "cannot be written"),
        (("{class}", "--out", "{new}", "--shard", "5/4"), "K/N"),
        (("{class}", "--out", "{new}", "--as", "moodel"), "moodle"),
        (("{class}", "--out", "{new}", "--return", "{file}"), "--roster"),
        (("{class}", "--out", "{new}", "--roster", "{other}", "--return", "{new}"), "another course's"),
        (("{class}", "--out", "{new}", "--roster", "{roster}", "--return", "{nothing}/x.csv"), "there is no folder"),
        (("{class}", "--out", "{new}", "--roster", "{roster}", "--return", "{empty}"), "it is a folder"),
        (("{class}", "--out", "{new}", "--roster", "{roster}", "--column", "Grade"), "--return FILE"),
        (("{class}", "--out", "{new}", "--only", "ev"), "Did you mean eve"),
        (("--merge", "{full}"), "no graded class"),
        (("--merge", "{full}", "--out", "{new}"), "takes no"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_sentence_and_changes_nothing(handed_in, tmp_path, arguments, said):
    places = {name: tmp_path / name for name in ("nothing", "empty", "new", "full", "file")} | {"class": handed_in}
    places["empty"].mkdir()
    places["full"].mkdir()
    (places["full"] / "thesis.tex").write_text("years of work")
    places["file"].write_text("a file")
    for name, students in (("roster", STUDENTS), ("other", ("Zoë", "Xu"))):
        places[name] = tmp_path / f"{name}.csv"
        grades = "Grade,Score" if name == "other" else "Grade"
        places[name].write_text("\n".join([f"username,{grades}", *(f"{student}," for student in students)]))
    before = sorted(tmp_path.rglob("*")), sorted(handed_in.rglob("*"))
    done = batch(*(argument.format(**places) for argument in arguments))
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert (sorted(tmp_path.rglob("*")), sorted(handed_in.rglob("*"))) == before
