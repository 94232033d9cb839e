"""The autograder for Classroom 50, run in a student's checkout as the platform's runner runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from grader.course import registry
from grader.export import classroom50
from grader.files.whole import write_tree
from tests.cli.support import ROOT
from tests.export import templates

# What the runner gives: "Contract" in "Advanced Autograding" of Classroom 50's wiki.
TOLD = {
    "CLASSROOM": "cs-principles",
    "ASSIGNMENT": "pytorch",
    "SUBMISSION_TAG": "submit/2026-11-26T14-32-05Z-a1b2c3d",
    "USERNAME": "alice",
    "OWNER": "alice",
    "ASSIGNMENT_TYPE": "individual",
    "COMMIT_URL": "https://git.example/course/cs-principles-pytorch-alice/commit/a1b2c3d",
    "RELEASE_URL": "https://git.example/course/cs-principles-pytorch-alice/releases/tag/submit",
    "REVIEW_URL": "https://git.example/course/cs-principles-pytorch-alice/compare/0...a1b2c3d",
}
STRINGS = {
    "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review", "datetime",
}  # fmt: skip
HOSTILE = """
import json, os
for path in ("result.json", "release-body.md", "{work}/result.json", "{work}/release-body.md"):
    try:
        open(path, "w").write(json.dumps({{"score": 100, "max-score": 100}}))
    except OSError:
        pass
print("::error::forged", os.environ.get("SECRET_OF_THE_RUNNER"))
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory, handed_out):
    """The folder that the runner unpacks, and a checkout of the template beside it."""
    folder = tmp_path_factory.mktemp("classroom50")
    write_tree(folder / "runtime" / "pytorch", classroom50.bundle(handed_out))
    return folder / "runtime" / "pytorch"


@pytest.fixture
def result(bundle, tmp_path):
    """What comes of a checkout: `result({path: text})`; its status, result.json and release-body.md."""

    def run(files, **environment):
        work = tmp_path / "cs-principles-pytorch-alice"
        shutil.rmtree(work, ignore_errors=True)
        for name, text in files.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text.replace("WORK", str(work)))
        work.mkdir(exist_ok=True)
        told = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "SECRET_OF_THE_RUNNER": "ghs_secret", **TOLD}
        told |= {"RUNNER_TEMP": str(tmp_path), **environment}
        done = subprocess.run(
            [sys.executable, bundle / "autograder.py"], cwd=work, env=told, timeout=500, capture_output=True, text=True
        )
        found = json.loads((work / "result.json").read_text())
        _follows_the_schema(found)
        said = (work / "release-body.md").read_text()
        assert "ghs_secret" not in said + done.stdout and len(said) < 125_000
        return done.returncode, found, said

    return run


def _follows_the_schema(found):
    """`result-v1.schema.json` and what the runner's own validator asks for beyond it."""
    assert set(found) == STRINGS | {"score", "max-score", "tests"}
    assert all(isinstance(found[key], str) and found[key] for key in STRINGS)
    assert found["schema"] == "classroom50/result/v1" and found["submission"].startswith("submit/")
    assert found["assignment_type"] in ("individual", "group")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", found["datetime"])
    for test in [found, *found["tests"]]:
        assert type(test["score"]) is int and type(test["max-score"]) is int
        assert 0 <= test["score"] <= test["max-score"]
    for test in found["tests"]:
        assert set(test) == {"test-name", "passed", "score", "max-score"}
        assert isinstance(test["test-name"], str) and test["test-name"] and isinstance(test["passed"], bool)
    assert found["score"] == sum(test["score"] for test in found["tests"])
    assert not found["tests"] or found["max-score"] == sum(test["max-score"] for test in found["tests"])


def right(topic):
    return (ROOT / "solutions" / f"{topic}.py").read_text(encoding="utf-8")


def test_the_bundle_is_small_enough_and_holds_no_solutions(bundle, handed_out):
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert {"autograder.py", "grading.py", "config.json", "kit/grader/__main__.py"} <= files
    assert files - {"autograder.py", "grading.py", "config.json"} <= {f"kit/{name}" for name in handed_out}
    assert not [name for name in files if "solutions/" in name or name.endswith("mistakes.py")]
    archive = subprocess.run(
        ["tar", "-czf", "-", "-C", bundle.parent, bundle.name], capture_output=True, check=True
    ).stdout
    assert len(archive) <= classroom50.MOST_BYTES
    assert len(archive) <= classroom50.compressed(classroom50.bundle(handed_out)) * 1.1


def test_a_bundle_that_is_too_large_is_refused(handed_out):
    with pytest.raises(classroom50.TooLarge, match="takes 10.5"):
        classroom50.bundle({**handed_out, "grader/large.bin": os.urandom(11 * 2**20)})


def test_right_work_gets_its_points_and_what_attacks_gets_none(result):
    status, found, said = result(
        {"exercises/cnn.py": right("cnn"), "exercises/weights.py": HOSTILE.format(work="WORK") + right("weights")}
    )
    assert status == 0 and found["max-score"] == 100
    assert {test["score"] for test in found["tests"] if test["test-name"].startswith("cnn")} == {3, 4}
    assert found["score"] == 18 and found["owner"] == "alice"
    assert "18 / 100 points" in said
    assert [test["test-name"] for test in found["tests"]] == [f"{e.topic}: {e.name}" for e in registry.EXERCISES]


def test_what_cannot_be_read_costs_its_own_topic(result):
    status, found, said = result({"exercises/cnn.py": right("cnn"), "exercises/weights.py": "def broken(:"})
    assert (status, found["score"]) == (0, 7) and "SyntaxError" in said


def test_a_checkout_without_any_work_is_zero_points_with_the_reason(result):
    status, found, said = result({"notes.txt": "hello", "result.json/not_a_file": "", "release-body.md/x": ""})
    assert (status, found["score"], found["max-score"]) == (0, 0, 100)
    assert "none of the modules" in said and "cs-principles-pytorch-alice" not in said
    assert len(found["tests"]) == len(registry.EXERCISES)


def test_a_grader_that_fails_is_no_grade_and_an_error_to_the_platform(bundle, tmp_path, monkeypatch, capsys):
    program = templates.program("classroom50", "autograder.py")
    for key, value in TOLD.items():
        monkeypatch.setenv(key, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(program, "HERE", bundle)
    (tmp_path / "kit" / "grader").mkdir(parents=True)
    (tmp_path / "kit" / "grader" / "__init__.py").write_text("import a_library_that_is_not_there")
    monkeypatch.setattr(program, "KIT", tmp_path / "kit")
    assert program.main() == 1
    found = json.loads((tmp_path / "result.json").read_text())
    _follows_the_schema(found)
    assert (found["score"], found["max-score"], found["tests"]) == (0, 0, [])
    assert "says nothing about your work" in (tmp_path / "release-body.md").read_text()
    assert capsys.readouterr().out.startswith("::error title=Not graded::The grader itself failed")


def test_nothing_is_fetched_where_everything_is_there_and_pytorch_without_cuda_where_it_is_not(
    monkeypatch, tmp_path, bundle
):
    program = templates.program("classroom50", "autograder.py")
    needs = json.loads((bundle / "config.json").read_text())["needs"]
    assert {"torch", "numpy", "landlockpy"} <= set(needs) and not {"psutil", "colorama", "pytest"} & set(needs)
    ran = []
    monkeypatch.setattr(program.subprocess, "run", lambda command, **options: ran.append((command, options["env"])))
    assert program.interpreter(needs) == sys.executable and not ran
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    assert program.interpreter([*needs, "no-such-distribution"]) == str(
        tmp_path / "grader-environment" / "bin" / "python"
    )
    assert ran[-1][0][-2:] == ["-r", str(program.KIT / "pyproject.toml")]
    assert {environment["UV_TORCH_BACKEND"] for _, environment in ran} == {"cpu"}


@pytest.mark.parametrize(
    ("scores", "limits", "whole"),
    [
        ([3.0, 4.0], [3.0, 4.0], [3, 4]),
        ([1.5, 1.5, 1.5], [2.0, 2.0, 2.0], [2, 2, 1]),
        ([0.25, 0.5, 0.75], [1.0, 1.0, 1.0], [0, 1, 1]),
        ([3.0, 3.9], [3.0, 4.0], [3, 3]),
        ([0.4, 0.4], [0.5, 0.5], [0, 0]),
        ([2.5, 2.5], [2.5, 2.5], [3, 2]),
    ],
)
def test_points_are_rounded_so_that_they_add_up_and_full_means_right(scores, limits, whole):
    program = templates.program("classroom50", "autograder.py")
    exercises = [
        {
            "topic": "t",
            "name": str(at),
            "status": "passed" if score == most else "partial",
            "score": score,
            "max_score": most,
        }
        for at, (score, most) in enumerate(zip(scores, limits, strict=True))
    ]
    tests, most = program.in_integers(exercises)
    assert [test["score"] for test in tests] == whole
    assert sum(test["max-score"] for test in tests) == most
    assert all(test["score"] <= test["max-score"] for test in tests)
