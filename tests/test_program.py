"""The commands that are printed are those that work as the program was started."""

from __future__ import annotations

import os
import sys

import pytest

from grader import program
from grader.program import from_elsewhere, started_as
from tests.kit import ROOT


@pytest.fixture
def folders(tmp_path):
    """An environment's folder of programs, and another with a Python in it."""
    for path in ("venv/bin/grader", "venv/bin/python", "usr/bin/python3"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
    return str(tmp_path / "venv" / "bin"), str(tmp_path / "usr" / "bin")


UV = {"UV_RUN_RECURSION_DEPTH": "1"}
PYTHON_UV = {**UV, "UV_INTERNAL__PARENT_INTERPRETER": "/usr/bin/python3"}


@pytest.mark.parametrize(
    ("typed", "path", "environment", "expected"),
    [
        (["{venv}/python", "{venv}/grader"], ["venv", "usr"], {}, "grader"),
        (["{venv}/python", "{venv}/grader"], ["usr"], {}, "{venv}/grader"),
        (["python", "-m", "grader"], ["venv", "usr"], {}, "python -m grader"),
        (["{venv}/python", "-m", "grader"], ["venv"], {}, "python -m grader"),
        (["{venv}/python", "-P", "-m", "grader"], ["venv"], {}, "python -P -m grader"),
        (["{venv}/python", "-m", "grader"], ["usr"], {}, "{venv}/python -m grader"),
        (["{venv}/python", "{venv}/grader"], ["venv", "usr"], UV, "uv run grader"),
        (["{venv}/python", "{venv}/grader"], ["venv", "usr"], PYTHON_UV, "python3 -m uv run grader"),
        (["{venv}/python", "-m", "grader"], ["venv", "usr"], PYTHON_UV, "python3 -m uv run grader"),
        (["{venv}/python", "{venv}/grader"], ["venv", "usr", "venv"], PYTHON_UV, "grader"),
        (["{venv}/python", "-m", "ipykernel_launcher"], ["venv", "usr"], {}, "grader"),
        (["{venv}/python", "-m", "ipykernel_launcher"], ["venv", "usr"], PYTHON_UV, "python3 -m uv run grader"),
    ],
)
def test_what_is_printed_works_as_the_program_was_started(folders, typed, path, environment, expected):
    places = dict(zip(("venv", "usr"), folders, strict=True))
    line = [part.format(**places) for part in typed]
    script = line[1] if line[1] != "-m" else "/kit/grader/__main__.py"
    variables = {"PATH": os.pathsep.join(places[name] for name in path), **environment}
    assert started_as(line, script, variables, places["venv"]) == expected.format(**places)


def test_without_any_of_that_the_interpreter_is_named(folders):
    shown = started_as(["x"], "x.py", {"PATH": folders[1]}, folders[0])
    assert shown == f"{sys.executable} -m grader"


def test_a_path_with_a_space_can_be_typed(folders):
    assert started_as(["/a b/python", "-m", "grader"], "x", {}, folders[0]) == "'/a b/python' -m grader"


@pytest.mark.parametrize(
    ("here", "elsewhere"),
    [
        ("grader", "grader"),
        ("python -m grader", "python -m grader"),
        (".venv/bin/grader", "{cwd}/.venv/bin/grader"),
        (".venv/bin/python -P -m grader", "{cwd}/.venv/bin/python -P -m grader"),
        ("uv run grader", "uv run --project {root} grader"),
        ("python3 -m uv run grader", "python3 -m uv run --project {root} grader"),
    ],
)
def test_what_is_printed_for_another_folder_works_there(here, elsewhere, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_elsewhere(here) == elsewhere.format(cwd=tmp_path, root=ROOT)


@pytest.fixture
def windows(monkeypatch):
    monkeypatch.setattr(program, "_WINDOWS", True)


def test_commands_are_quoted_for_the_shells_of_windows(windows, folders):
    for python, shown in (("C:/k\\it/python.exe", "C:/k\\it/python.exe"), ("C:/a b/python.exe", '"C:/a b/python.exe"')):
        assert started_as([python, "-m", "grader"], "x", {}, folders[0]) == f"{shown} -m grader"
        assert from_elsewhere(f"{shown} -m grader").endswith("-m grader")
    assert from_elsewhere("uv run grader").split()[:3] == ["uv", "run", "--project"]


@pytest.mark.parametrize(("there", "name"), [(["py", "python"], "py"), (["python"], "python")])
def test_python_is_named_as_windows_has_it(windows, folders, monkeypatch, there, name):
    monkeypatch.setattr("shutil.which", lambda asked, path=None: asked if asked in there else None)
    shown = started_as(["x", "y/grader"], "y/grader", {**PYTHON_UV, "PATH": ""}, folders[0])
    assert shown == f"{name} -m uv run grader"
