"""The question for PrairieLearn, graded in a folder that is laid out as the platform lays it out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser

import pytest

from grader.course import registry
from grader.export import prairielearn
from grader.files.whole import write_tree
from tests.cli.support import ROOT, grader
from tests.export import templates

# The keys of "infoQuestion" and of its externalGradingOptions that are not marked as deprecated; it allows no others.
KEYS = {
    "uuid",
    "title",
    "topic",
    "type",
    "singleVariant",
    "showCorrectAnswer",
    "gradingMethod",
    "externalGradingOptions",
}
OPTIONS = {"image", "entrypoint", "timeout", "enableNetworking", "serverFilesCourse", "environment"}
HOSTILE = """
import glob, json
for path in [*glob.glob("{root}/tests/kit/solutions/*"), "{root}/tests/config.json", "{root}/results/results.json"]:
    try:
        print("READ", open(path).read()[:40])
    except OSError as error:
        print("kept out")
try:
    open("{root}/results/results.json", "w").write(json.dumps({{"score": 1.0}}))
except OSError:
    pass
"""


@pytest.fixture(scope="module")
def content():
    return prairielearn.content("pytorch", 7, image="course/exercises:1")


@pytest.fixture(scope="module")
def grade(tmp_path_factory, content):
    """The platform's folder, in a container that has everything: its `python3` is the one that runs the tests."""
    folder = tmp_path_factory.mktemp("prairielearn") / "grade"
    write_tree(folder, {name: data for name, data in content.items() if name.startswith("tests/")})
    (folder / "tests" / "grade.sh").chmod(0o755)
    (folder / "data").mkdir()
    (folder / "data" / "data.json").write_text("{}")
    programs = folder.with_name("bin")
    programs.mkdir()
    (programs / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "python3").chmod(0o755)
    return folder


@pytest.fixture
def result(grade):
    """What comes of a submission: `result({name: text})`; its results.json, which follows the platform's rules."""

    def run(files, path=None):
        for name in ("student", "results"):
            shutil.rmtree(grade / name, ignore_errors=True)
        (grade / "student").mkdir()
        for name, text in files.items():
            (grade / "student" / name).write_text(text)
        environment = {"PATH": path or f"{grade.with_name('bin')}:{os.environ['PATH']}", "HOME": os.environ["HOME"]}
        subprocess.run([grade / "tests" / "grade.sh", grade], env=environment, cwd="/", timeout=500, check=False)
        file = grade / "results" / "results.json"
        assert file.stat().st_size <= 1_000_000
        found = json.loads(file.read_text())
        _follows_the_rules(found)
        return found

    return run


def _follows_the_rules(found):
    assert isinstance(found["message"], str)
    if not found["gradable"]:
        assert "score" not in found
        return
    assert 0 <= found["score"] <= 1 and isinstance(found["output"], str)
    for test in found["tests"]:
        assert isinstance(test["name"], str) and 0 <= test["points"] <= test["max_points"]
    total = sum(test["max_points"] for test in found["tests"])
    assert found["score"] == pytest.approx(sum(test["points"] for test in found["tests"]) / total, abs=1e-5)


def right(topic):
    return (ROOT / "solutions" / f"{topic}.py").read_text(encoding="utf-8")


def test_the_question_says_what_the_platform_asks_for(content):
    info = json.loads(content["info.json"])
    assert set(info) == KEYS and set(info["externalGradingOptions"]) <= OPTIONS
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", info["uuid"])
    assert info["type"] == "v3" and info["gradingMethod"] == "External"
    options = info["externalGradingOptions"]
    assert (
        options["image"] == "course/exercises:1" and options["timeout"] <= 600 and options["enableNetworking"] is False
    )
    assert options["entrypoint"].removeprefix("/grade/") in content
    assert json.loads(content["tests/config.json"])["seconds"] < options["timeout"]


def test_the_same_name_is_the_same_question_and_another_one_is_another():
    own, again, other = (prairielearn._info(name, "x", 5)["uuid"] for name in ("a", "a", "b"))
    assert own == again != other


def test_the_page_takes_every_module_and_gives_the_stubs(content, tmp_path):
    elements = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            elements[tag] = dict(attrs)

    Reader().feed(content["question.html"].decode())
    assert {"pl-question-panel", "pl-submission-panel", "pl-external-grader-results"} <= set(elements)
    assert elements["pl-file-upload"]["optional-file-names"].split(", ") == [f"{t.name}.py" for t in registry.TOPICS]
    name = f"clientFilesQuestion/{elements['pl-file-download']['file-name']}"
    (tmp_path / "stubs.zip").write_bytes(content[name])
    with zipfile.ZipFile(tmp_path / "stubs.zip") as archive:
        assert "exercises/shapes.py" in archive.namelist()
        assert not [name for name in archive.namelist() if "solution" in name]


def test_only_the_tests_hold_solutions_and_no_registry_is_named(content):
    outside = {name: data for name, data in content.items() if not name.startswith("tests/")}
    assert set(outside) == {
        "info.json",
        "question.html",
        "clientFilesQuestion/exercises.zip",
        "Dockerfile",
        "README.md",
    }
    assert "tests/kit/solutions/shapes.py" in content and b"://" not in content["Dockerfile"]
    subprocess.run(["bash", "-n"], input=content["tests/grade.sh"], check=True)


def test_right_work_gets_its_points_and_what_attacks_gets_none(result, grade):
    found = result({"cnn.py": right("cnn"), "weights.py": HOSTILE.format(root=grade) + right("weights")})
    assert found["score"] == 0.18 and "READ" not in json.dumps(found)
    assert {test["points"] for test in found["tests"] if test["name"].startswith("cnn")} == {3.0, 4.0}


def test_what_cannot_be_read_costs_its_own_topic(result):
    found = result({"cnn.py": right("cnn"), "weights.py": "def broken(:"})
    assert found["score"] == 0.07 and "SyntaxError" in json.dumps(found["tests"])


def test_what_cannot_be_graded_costs_no_attempt(result):
    found = result({})
    assert found["gradable"] is False and "none of the modules" in found["format_errors"][0]


def test_an_image_without_the_libraries_or_without_python_costs_no_attempt(result, tmp_path):
    for program in ("bash", "env", "dirname", "mkdir"):
        (tmp_path / program).symlink_to(shutil.which(program))
    without_python = result({"cnn.py": right("cnn")}, path=str(tmp_path))
    (tmp_path / "python3").symlink_to("/usr/bin/python3")
    without_libraries = result({"cnn.py": right("cnn")}, path=str(tmp_path))
    for found in (without_python, without_libraries):
        assert found["gradable"] is False and "says nothing about your work" in found["message"]
    assert "did not start" in without_python["message"] and "did not start" not in without_libraries["message"]


def test_a_result_that_is_too_large_is_cut_in_its_words_alone(tmp_path):
    program = templates.program("prairielearn", "question.py")
    tests = [{"name": "a", "points": 1, "max_points": 2, "message": "x" * 900_000} for _ in range(3)]
    program.write(tmp_path, {"gradable": True, "score": 0.5, "message": "", "output": "y" * 900_000, "tests": tests})
    text = (tmp_path / "results.json").read_text()
    assert len(text) < 1_000_000 and json.loads(text)["tests"][2]["points"] == 1


def test_a_grader_that_does_not_end_costs_no_attempt(grade, tmp_path, monkeypatch):
    program = templates.program("prairielearn", "question.py")
    (tmp_path / "config.json").write_text(json.dumps({"seed": 0, "seconds": 0.01}))
    monkeypatch.setattr(program, "HERE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["question.py", str(tmp_path)])
    assert program.main() == 0
    found = json.loads((tmp_path / "results" / "results.json").read_text())
    assert found["gradable"] is False and "TimeoutExpired" in found["message"]


def test_the_command_says_how_to_go_on(tmp_path):
    done = grader("export", "prairielearn", "--out", str(tmp_path / "pytorch"), "--image", "course/x", "--minutes", "5")
    assert done.returncode == 0, done.stderr
    assert "docker build -t course/x" in done.stdout
    assert json.loads((tmp_path / "pytorch" / "info.json").read_text())["externalGradingOptions"]["timeout"] == 300
    wrong = grader("export", "prairielearn", "--out", str(tmp_path / "b"), "--image", "Bad Name")
    assert wrong.returncode == 4 and "is no name that docker takes" in wrong.stderr
