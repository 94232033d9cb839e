"""The autograder for Gradescope, run in a folder that is laid out as the platform lays it out."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.export import gradescope
from grader.sandbox.outer.clock import Allowance
from grader.sandbox.outer.worker import Worker
from tests import containers
from tests.cli.support import ROOT, grader
from tests.export import templates

VISIBILITIES = {"visible", "hidden", "after_due_date", "after_published"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
HOSTILE = """
import glob, json, os
for path in [*glob.glob("{root}/source/kit/solutions/*"), "{root}/results/results.json", "{root}/source/config.json"]:
    try:
        print("READ", open(path).read()[:40])
    except OSError as error:
        print("kept out")
try:
    open("{root}/results/results.json", "w").write(json.dumps({{"score": 100}}))
except OSError:
    pass
"""


@pytest.fixture(scope="module")
def data():
    return gradescope.archive(7)


@pytest.fixture(scope="module")
def autograder(tmp_path_factory, data):
    """The platform's folder, the image built: its Python is the one that runs the tests."""
    folder = tmp_path_factory.mktemp("gradescope") / "autograder"
    home = folder.with_name("home")
    home.mkdir()
    (home / "environment").symlink_to(sys.prefix)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder / "source")
    shutil.move(folder / "source" / "run_autograder", folder / "run_autograder")
    (folder / "run_autograder").chmod(0o755)
    (folder / "results").mkdir()
    return folder


@pytest.fixture
def result(autograder):
    """What comes of a submission: `result({name: text})`; its results.json, which follows the platform's rules."""

    def run(files, **environment):
        put(autograder, files)
        environment = {"PATH": os.environ["PATH"], "GRADER_HOME": str(autograder.with_name("home")), **environment}
        done = subprocess.run([autograder / "run_autograder"], env=environment, cwd=autograder, timeout=500)
        assert done.returncode == 0
        found = json.loads((autograder / "results" / "results.json").read_text())
        _follows_the_rules(found)
        return found

    return run


def put(autograder, files):
    """Lays a submission where the platform lays it."""
    work = autograder / "submission"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name, text in files.items():
        (work / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def _follows_the_rules(found):
    assert isinstance(found["score"], int | float) and isinstance(found["output"], str)
    assert found.get("visibility", "visible") in VISIBILITIES and found["output_format"] in FORMATS
    for test in found["tests"]:
        assert test["status"] in ("passed", "failed") and 0 <= test["score"] <= test["max_score"]
        assert test["output_format"] in FORMATS and test["name_format"] in FORMATS
    assert not found["tests"] or abs(sum(test["score"] for test in found["tests"]) - found["score"]) < 1e-6


def right(topic):
    return (ROOT / "solutions" / f"{topic}.py").read_text(encoding="utf-8")


def test_the_zip_holds_its_two_programs_in_its_root_and_is_always_the_same(data):
    assert data == gradescope.archive(7)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in gradescope.PROGRAMS:
            text = archive.read(name)
            assert text.startswith(b"#!") and b"\r" not in text
            assert archive.getinfo(name).external_attr >> 16 == 0o100755
            subprocess.run(["bash", "-n"], input=text, check=True)
        names = archive.namelist()
        setup = archive.read("setup.sh").decode()
    assert {"kit/solutions/shapes.py", "kit/grader/__main__.py", "kit/exercises/shapes.py", "config.json"} <= set(names)
    assert not [name for name in names if name.startswith(("kit/grader/audit", "kit/grader/batch", "kit/tests"))]
    assert "--torch-backend" in setup and "://" not in setup


def test_right_work_gets_its_points_and_what_attacks_gets_none(result, autograder):
    found = result({"cnn.py": right("cnn"), "weights.py": HOSTILE.format(root=autograder) + right("weights")})
    assert found["score"] == 18
    assert "READ" not in json.dumps(found)
    assert {test["score"] for test in found["tests"] if test["name"].startswith("cnn")} == {3.0, 4.0}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="the platform's programs run as root")
def test_nothing_of_the_courses_is_readable_without_landlock_either(program, autograder, session):
    results = autograder / "results" / "results.json"
    results.write_text("{}")
    attack = HOSTILE.format(root=autograder).encode()
    with program.closed(autograder / "source", autograder / "results"):
        worker = Worker.start(session.nurseries[0], {"weights.py": attack}, without=("landlock", "mount"))
        try:
            worker.ask({"op": "load", "topic": "weights", "file": str(worker.folder / "weights.py")}, Allowance.of(60))
            said = worker.taken_output()
        finally:
            worker.close()
    assert "READ" not in said and said.count("kept out") == 2  # the solutions are not even found
    assert results.read_text() == "{}"
    assert (autograder / "source").stat().st_uid == 0


@pytest.mark.parametrize(
    "files", [{}, {"notes.txt": "hello"}, {"shapes.zip": b"\x00\xff" * 50}], ids=["nothing", "a text", "no zip"]
)
def test_what_cannot_be_graded_is_a_result_with_its_reason(result, files):
    found = result(files)
    assert found["score"] == 0 and "none of the modules" in found["output"] and "/autograder" not in found["output"]


def test_what_cannot_be_read_costs_its_own_topic(result):
    found = result({"cnn.py": right("cnn"), "weights.py": "def broken(:"})
    assert found["score"] == 7
    assert any("SyntaxError" in test["output"] for test in found["tests"])


@pytest.mark.skipif(bool(containers.missing()), reason=containers.missing())
@pytest.mark.parametrize(
    ("files", "score", "said"),
    [
        ({"cnn.py": right("cnn"), "weights.py": lambda root: HOSTILE.format(root=root) + right("weights")}, 18, "18 / 100 points"),
        ({}, 0, "none of the modules"),
        ({"cnn.py": "def broken(:"}, 0, "SyntaxError"),
        ({"shapes.zip": b"PK\x03\x04 cut off"}, 0, "none of the modules"),
    ],
    ids=["good and hostile", "empty", "broken", "unreadable"],
)  # fmt: skip
def test_it_grades_in_a_container_as_well(autograder, files, score, said):
    """As the platform runs it: root with few powers, no namespaces of its own, and nothing of the kit but the zip's."""
    put(autograder, {name: text(autograder) if callable(text) else text for name, text in files.items()})
    home = autograder.with_name("home")
    program = str(autograder / "run_autograder")
    done = containers.run("docker", program, writable=autograder, readable=(home,), kit=False, GRADER_HOME=str(home))
    assert done.returncode == 0, done.stderr
    text = (autograder / "results" / "results.json").read_text(encoding="utf-8")
    found = json.loads(text)
    _follows_the_rules(found)
    assert found["score"] == score and said in text and "READ" not in text


def test_an_image_that_was_not_built_is_a_result_too(result):
    found = result({"cnn.py": right("cnn")}, GRADER_HOME="/nowhere", PYTHONNOUSERSITE="1", PATH=os.defpath)
    assert found["score"] == 0 and "says nothing about your work" in found["output"]
    assert "Traceback" not in found["output"]


@pytest.fixture(scope="module")
def program():
    return templates.program("gradescope", "grade.py")


@pytest.mark.parametrize(
    ("created", "own", "said"),
    [
        ("2026-11-26T09:00:00.000000-08:00", None, ""),
        ("2026-11-26T10:31:10.000000-08:00", None, "Handed in 1 h 31 min after the due date."),
        ("2026-11-26T10:31:10.000000-08:00", "2026-11-28T09:00:00.000000-08:00", ""),
        ("2026-11-26T17:00:20.000000+00:00", None, "Handed in 1 min after the due date."),
    ],
)
def test_late_is_said_and_never_counted(program, tmp_path, created, own, said):
    user = {"id": 1, "name": "Anna", **({"assignment": {"due_date": own}} if own else {})}
    told = {"created_at": created, "assignment": {"due_date": "2026-11-26T09:00:00.000000-08:00"}, "users": [user]}
    (tmp_path / "submission_metadata.json").write_text(json.dumps(told))
    assert program.lateness(tmp_path).startswith(said) and bool(program.lateness(tmp_path)) == bool(said)


@pytest.mark.parametrize("metadata", ["", "[]", "{}", '{"assignment": {"due_date": "soon"}}'])
def test_metadata_of_another_kind_costs_no_result(program, tmp_path, monkeypatch, metadata):
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission_metadata.json").write_text(metadata)
    monkeypatch.setattr(program, "SOURCE", tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"seed": 0, "visibility": "hidden", "seconds": 60}))
    monkeypatch.setattr(
        program, "graded", lambda config, folder: {"score": 3, "output": "x", "output_format": "text", "tests": []}
    )
    monkeypatch.setattr(sys, "argv", ["grade.py", str(tmp_path)])
    assert program.main() == 0
    found = json.loads((tmp_path / "results" / "results.json").read_text())
    assert found == {"score": 3, "output": "x", "output_format": "text", "tests": [], "visibility": "hidden"}


def test_a_grader_that_does_not_end_is_a_result(program, tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text(json.dumps({"seed": 0, "visibility": "visible", "seconds": 0.01}))
    monkeypatch.setattr(program, "SOURCE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["grade.py", str(tmp_path)])
    assert program.main() == 0
    found = json.loads((tmp_path / "results" / "results.json").read_text())
    assert found["score"] == 0 and "TimeoutExpired" in found["output"]


def test_the_command_says_what_to_do_with_the_zip_and_refuses_other_names(tmp_path):
    done = grader(
        "export", "gradescope", "--out", str(tmp_path / "a.zip"), "--hidden", "after_published", "--seed", "5"
    )
    assert done.returncode == 0, done.stderr
    assert "autograder points are 100" in done.stdout and "seed 5" in done.stdout
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert json.loads(archive.read("config.json")) == {"seed": 5, "visibility": "after_published", "seconds": 540}
    wrong = grader("export", "gradescope", "--out", str(Path(tmp_path / "a.tar")))
    assert wrong.returncode == 4 and "name it a.tar.zip" in wrong.stderr
