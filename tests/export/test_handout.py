"""What students get: nothing of the course's own, and with recorded answers in the solutions' place the same points."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import date

import pytest

from grader.course import registry, settings
from grader.course.paths import solutions_folder
from grader.exits import UsageProblem
from grader.export import handout
from grader.running.shelf import HandedOut, Packed, StoredTopic, handed_out, handed_out_name
from tests.export import agreement
from tests.export.agreement import ROOT
from tests.export.conftest import NAMES
from tests.export.searching import Search, code_lines, encodings, needles, read_tree, squeezed

SAMPLES = sorted(path for path in (ROOT / "tests" / "samples" / "correct").iterdir() if path.is_dir())


def grader(folder, *arguments, cwd=None):
    """Runs the program of a handout."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-P", "-m", "grader", *arguments],
        cwd=cwd or folder, env=environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip


def test_a_handout_holds_what_students_need_and_nothing_of_the_courses_own():
    files = handout.content(False)
    folders = {name.split("/")[0] for name in files}
    assert folders == {
        "grader", "exercises", "solutions", "imgs", "pyproject.toml", "README.md", "LICENSE", ".gitignore",
    }  # fmt: skip
    rooms = {name.split("/")[1] for name in files if name.startswith("grader/")}
    assert not rooms & {"audit", "batch", "export", "casebooks", "pristine"}
    for name in ("batch.py", "audit.py", "stubs.py", "new.py"):
        assert f"grader/cli/{name}" not in files
    for topic in registry.MODULES:
        assert files[f"exercises/{topic}.py"] == (ROOT / "exercises" / f"{topic}.py").read_bytes()
        assert files[f"solutions/{topic}.py"] == (ROOT / "solutions" / f"{topic}.py").read_bytes()
    assert b"seed" not in files["pyproject.toml"]


@pytest.mark.parametrize("withheld", [False, True])
def test_its_project_file_is_the_kits_without_what_is_for_authors(withheld):
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())
    theirs = tomllib.loads(handout._pyproject(withheld))
    assert "dependency-groups" not in theirs and theirs["tool"].keys() == {"hatch"}
    assert (
        theirs["project"]["name"] == ours["project"]["name"]
        and theirs["project"]["scripts"] == ours["project"]["scripts"]
    )
    left_out = [one for one in ours["project"]["dependencies"] if one not in theirs["project"]["dependencies"]]
    assert [one.partition(">")[0] for one in left_out] == (["pytest", "hypothesis"] if withheld else [])
    packages = theirs["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert ("solutions" in packages) == (not withheld)


def test_the_courses_settings_go_along_but_for_its_seed(monkeypatch):
    given = {
        "seed": 7,
        "deadline": date(2026, 12, 1),
        "show_hints": False,
        "show_mistakes": False,
        "without": ["transfer"],
    }
    plain = registry.FACTS
    facts = settings.with_settings(plain, given)
    monkeypatch.setattr(registry, "FACTS", facts)
    monkeypatch.setattr(handout.settings, "table", lambda: given)
    files = handout.content(False)
    told = json.loads(files["grader/course/handout.json"])
    assert not told["seed"] and "seed" not in told["settings"]
    assert settings.with_settings(plain, told["settings"]) == replace(facts, seed=None)
    assert not [name for name in files if name.endswith("hints.toml") or "mistakes" in name]
    readme = files["README.md"].decode()
    assert "The deadline is Tuesday, 1 December 2026." in readme and "grader hint" not in readme


@pytest.mark.parametrize(
    ("options", "given", "said"),
    [
        ((), {"show_solutions": False}, "would hold the solutions: add --without-solutions"),
        (("--without-solutions", "--seed", "7"), {"seed": 7}, "seed 7 is the one that pyproject.toml grades with"),
    ],
)
def test_what_would_give_away_what_the_settings_keep_is_refused(monkeypatch, tmp_path, options, given, said):
    from grader.cli.exporting.handout import command

    monkeypatch.setattr(registry, "FACTS", settings.with_settings(registry.FACTS, given))
    with pytest.raises(UsageProblem, match=said):
        command.main(["--out", str(tmp_path / "out"), *options], standalone_mode=False)
    assert not list(tmp_path.iterdir())


def test_what_is_there_already_is_not_written_over(tmp_path):
    from grader.cli.exporting.handout import command

    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageProblem, match="name a new folder"):
        command.main(["--out", str(tmp_path)], standalone_mode=False)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.fixture(scope="module")
def wanted():
    """Every line that would give something away."""
    from grader.running.loading import all_mistakes
    from grader.topics.training import stand_ins
    from grader.writing.difference import Difference

    lines = []
    for topic in registry.MODULES:
        inside = False
        for line in (solutions_folder() / f"{topic}.py").read_text().split("\n"):
            if line.strip().startswith("### "):
                inside = "BEGIN" in line
            elif inside:
                lines.append(line)
        lines.append("")
    for mistake in all_mistakes():
        if isinstance(mistake.wrong, Difference):
            lines += "\n".join(mistake.wrong.instead_of.values()).split("\n")
        else:
            lines += code_lines(mistake.wrong)
    for function in (stand_ins.train_step, stand_ins.get_accuracy):
        lines += code_lines(function)
    shown = [*(ROOT / "exercises").glob("*.py"), *(ROOT / "grader" / "topics").glob("*/hints.toml")]
    given = squeezed("".join(path.read_text() for path in sorted(shown)))
    found = needles(lines, given)
    assert len(found) > 500
    return Search(found)


@pytest.mark.parametrize("how", encodings(b""))
def test_an_answer_would_be_found_in_whatever_encoding(wanted, how):
    line = b"    output = torch.einsum('nchwij,ocij->nohw', windows, weight)\n    return output if bias is None else 0"
    assert 'output=torch.einsum("nchwij,ocij->nohw",windows,weight)' in wanted.found_in(encodings(line)[how])


def test_no_line_of_a_solution_or_a_known_mistake_is_in_a_handout_without_them(withheld, wanted):
    files = read_tree(withheld)
    assert len(files) > 100
    found = {name: sorted(wanted.found_in(content) - EVERYBODY_KNOWS) for name, content in files.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


# Python's own phrases, how a failing call is pasted, and how a driver goes through a network in three parts.
EVERYBODY_KNOWS = {
    "raiseValueError(", "exceptValueErroraserror:", "torch.set_grad_enabled(False)", "torch.set_grad_enabled(True)",
    "network.avgpool(network.features(images))",
}  # fmt: skip


def test_the_same_wrong_answers_fail_the_same_checks_at_home_under_the_same_names(withheld):
    """Of all topics but training, which takes long; `python -m tests.export.agreement HANDOUT` compares everything."""
    places = slice(3, None, 30)
    course, home = (agreement.graded_by(kit, places, "training") for kit in (ROOT, withheld))
    assert len(course) > 20
    for label, told in course.items():
        if registry.exercise(label.partition(":")[0]).topic != NAMES:
            course[label] = {check: [status, ""] for check, (status, _) in told.items()}
    assert agreement.differences(course, home) == []
    assert not [label for label, told in home.items() for status, _ in told.values() if status == "skipped"]


def test_right_work_in_any_style_earns_at_home_what_it_earns_with_the_course(withheld):
    home = agreement.sandboxed_by(withheld, SAMPLES)
    assert len(home) > 20 * len(SAMPLES) - 10
    told = {(label.partition(":")[0], check, *how) for label, checks in home.items() for check, how in checks.items()}
    assert {one for one in told if one[2] != "passed"} <= {("train", "shuffles_when_asked_to", "skipped", "")}


def test_at_home_a_student_reads_a_recorded_call_the_name_of_the_mistake_and_hints(withheld, tmp_path):
    shutil.copytree(withheld, tmp_path / "mine")
    mine = tmp_path / "mine"
    wrong = (solutions_folder() / "shapes.py").read_text().replace("2 * p\n", "p\n")
    (mine / "exercises" / "shapes.py").write_text(wrong)
    done = grader(mine, "check", "shapes", "--json", "report.json")
    assert done.returncode == 1, done.stderr
    report = json.loads((mine / "report.json").read_text())
    checks = {c["name"]: c for e in report["exercises"] if e["name"] == "conv2d_output_shape" for c in e["checks"]}
    told = checks["matches_pytorch"]
    assert (told["misconception"], told["status"]) == ("pads-one-side", "failed")
    assert told["counterexample"]["call"].startswith("conv2d_output_shape(") and told["counterexample"]["expected"]
    traced = next(e for e in report["exercises"] if e["name"] == "trace_shapes")
    assert traced["status"] == "passed"  # with PyTorch's shapes in place of the student's
    assert "Hint 1 of 3" in grader(mine, "hint", "conv2d_output_shape").stdout
    assert grader(mine, "reset", "same_padding").returncode == 0
    assert "raise NotImplementedError" in (mine / "exercises" / "shapes.py").read_text()
    refused = grader(mine, "check", "shapes", "--seed", "4")
    assert refused.returncode == 4 and "seed 0 alone" in refused.stderr
    options = grader(mine, "check", "--help").stdout
    assert "--html" in options and not {"--solutions", "--seed", "--gradescope"} & set(options.split())
    refused = grader(mine, "batch", "x", "--out", "y")
    assert refused.returncode == 4 and "a command for instructors" in refused.stderr


def test_what_calls_another_exercise_that_is_not_right_yet_is_left_to_the_course(withheld, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    text = (solutions_folder() / "classifiers.py").read_text()
    (work / "classifiers.py").write_text(text.replace("images.reshape(images.shape[0], -1)", "images.reshape(-1, 1)"))
    done = grader(withheld, "check", "classifiers", "--submission", str(work), "--json", "-", cwd=tmp_path)
    flatten, linear, _ = json.loads(done.stdout)["exercises"]
    assert flatten["status"] == "failed" and linear["status"] == "failed"
    assert {check["status"] for check in linear["checks"]} == {"skipped"}
    assert all("`flatten_images` is not right yet. Do that first." in check["message"] for check in linear["checks"])
    shown = grader(withheld, "check", "MLP.forward", "--submission", str(work), cwd=tmp_path).stdout
    assert "waits" in shown and "Do that first." in " ".join(shown.split())


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: data[:60], lambda data: b"x" + data, None])
def test_a_record_that_is_damaged_or_missing_is_not_taken(tmp_path, damage):
    shelf = HandedOut(tmp_path)
    whole = handed_out(StoredTopic({"a": {"b": []}}, {"a": [("", "b", 0, 0, Packed(1, b"\x01"))]}))
    file = tmp_path / handed_out_name("shapes", 0, 20)
    file.write_bytes(whole)
    stored = shelf.read("shapes", 0, 20)
    assert stored is not None and stored.answers["a"] == [("", "b", 0, 0, Packed(1, b"\x01"))] and shelf.notes == []
    file.unlink() if damage is None else file.write_bytes(damage(whole))
    assert shelf.read("shapes", 0, 20) is None and len(shelf.notes) == 1
