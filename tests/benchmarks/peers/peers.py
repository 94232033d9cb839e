"""Each grader, used as its own documentation says that an instructor uses it: a class that lays out a course and reads the points."""

from __future__ import annotations

import csv
import json
import subprocess
import textwrap
import xml.etree.ElementTree as xml
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from tests.benchmarks.peers import environments
from tests.benchmarks.peers.assertions import ASSERTIONS, FUNCTIONS, HEADER, STUB
from tests.benchmarks.peers.commands import Command

ROOT = Path(__file__).resolve().parents[3]
IMPORT = f"from submission import {', '.join(FUNCTIONS)}\n"


@dataclass(frozen=True)
class Points:
    """What a report says was earned."""

    earned: float
    most: float


@dataclass(frozen=True)
class Peer(ABC):
    """A grader in an environment."""

    name: ClassVar[str]  # what the table calls it
    distribution: ClassVar[str]
    requirements: ClassVar[tuple[str, ...]]

    python: Path

    @classmethod
    def found(cls, folder: Path) -> Peer:
        """The grader in its environment, which is made where it is not there yet. Raises environments.Unavailable."""
        return cls(environments.prepared(folder / cls.distribution, cls.requirements))

    def version(self) -> str:
        return environments.version(self.python, self.distribution)

    @abstractmethod
    def lay_out(self, folder: Path, submissions: dict[str, str], variables: dict[str, str]) -> list[Command]:
        """Writes a course and what students handed in, a text each, and says which commands grade it: one for all or one each."""

    @abstractmethod
    def points(self, folder: Path, student: str) -> Points | None:
        """What a student's report says. None where there is none that can be read."""

    def _script(self, name: str) -> str:
        """A command of the grader's environment."""
        return str(self.python.parent / name)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _json(path: Path) -> Any:
    """What a report in JSON holds. None where it is not there, or not whole."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _results(path: Path) -> Points | None:
    """What a report in Gradescope's format says."""
    report = _json(path)
    if report is None or "tests" not in report:
        return None
    return Points(sum(one.get("score", 0.0) for one in report["tests"]), len(ASSERTIONS))


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")


class Pytest(Peer):
    """A test a function beside the submission; `--junitxml` is the report."""

    name = distribution = "pytest"
    requirements = ("pytest",)

    def lay_out(self, folder: Path, submissions: dict[str, str], variables: dict[str, str]) -> list[Command]:
        tests = "\n\n".join(f"def test_{one.name}():\n{_indented(one.text)}\n" for one in ASSERTIONS)
        for student, text in submissions.items():
            _write(folder / student / "submission.py", text)
            _write(folder / student / "test_assignment.py", f"{HEADER}\n{IMPORT}\n\n{tests}")
        command = (str(self.python), "-m", "pytest", "-q", "--junitxml=report.xml", "test_assignment.py")
        return [Command(command, folder / student) for student in submissions]

    def points(self, folder: Path, student: str) -> Points | None:
        try:
            cases = list(xml.parse(folder / student / "report.xml").iter("testcase"))
        except (OSError, xml.ParseError):
            return None
        return Points(sum(len(case.findall("*[@message]")) == 0 for case in cases), len(ASSERTIONS))


class GradescopeUtils(Peer):
    """Tests of unittest with weights, and run_tests.py, as in Gradescope's example of an autograder in Python."""

    name = distribution = "gradescope-utils"
    requirements = ("gradescope-utils",)

    RUN = """\
import unittest
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.discover("tests")
    with open("results.json", "w") as results:
        JSONTestRunner(visibility="visible", stream=results).run(suite)
"""

    def lay_out(self, folder: Path, submissions: dict[str, str], variables: dict[str, str]) -> list[Command]:
        head = "import unittest\nfrom gradescope_utils.autograder_utils.decorators import weight\n"
        methods = "\n".join(f"@weight(1)\ndef test_{one.name}(self):\n{_indented(one.text)}\n" for one in ASSERTIONS)
        tests = f"{head}{HEADER}\n{IMPORT}\n\nclass TestAssignment(unittest.TestCase):\n{_indented(methods)}"
        for student, text in submissions.items():
            _write(folder / student / "submission.py", text)
            _write(folder / student / "run_tests.py", self.RUN)
            _write(folder / student / "tests" / "test_assignment.py", tests)
        return [Command((str(self.python), "run_tests.py"), folder / student) for student in submissions]

    def points(self, folder: Path, student: str) -> Points | None:
        return _results(folder / student / "results.json")


class Check50(Peer):
    """A check an assertion, all of which depend on one that imports the submission; `check50 --dev --local`."""

    name = distribution = "check50"
    requirements = ("check50",)

    CHECK = """
@check50.check(imports)
def {name}():
    "{name}"
    submission = check50.py.import_("submission.py")
    {names} = {attributes}
    try:
{text}
    except AssertionError:
        raise check50.Failure("not as expected")
"""

    def lay_out(self, folder: Path, submissions: dict[str, str], variables: dict[str, str]) -> list[Command]:
        checks = f"import check50\nimport check50.py\n{HEADER}\n\n"
        checks += '@check50.check()\ndef imports():\n    "imports"\n    check50.py.import_("submission.py")\n'
        for one in ASSERTIONS:
            checks += self.CHECK.format(
                name=one.name,
                names=", ".join(FUNCTIONS),
                attributes=", ".join(f"submission.{function}" for function in FUNCTIONS),
                text=textwrap.indent(one.text, " " * 8),
            )
        _write(folder / "checks" / "__init__.py", checks)
        files = "  files:\n    - !exclude '*'\n    - !require submission.py\n"
        _write(folder / "checks" / ".cs50.yaml", f"check50:\n  checks: __init__.py\n{files}")
        for student, text in submissions.items():
            _write(folder / student / "submission.py", text)
        command = (self._script("check50"), "--dev", "--local", "-o", "json", "--output-file")
        return [
            Command((*command, str(folder / f"{student}.json"), str(folder / "checks")), folder / student)
            for student in submissions
        ]

    def points(self, folder: Path, student: str) -> Points | None:
        report = _json(folder / f"{student}.json")
        if report is None or "results" not in report:
            return None
        passed = [one["name"] for one in report["results"] if one["passed"]]
        return Points(len(set(passed) - {"imports"}), len(ASSERTIONS))


class Otter(Peer):
    """A test file a function, `otter generate` once, then `otter run`; `otter grade` runs the same in Docker."""

    name = distribution = "otter-grader"
    requirements = ("otter-grader", "ipykernel")

    def lay_out(self, folder: Path, submissions: dict[str, str], variables: dict[str, str]) -> list[Command]:
        for function in FUNCTIONS:
            mine = [one for one in ASSERTIONS if one.function == function]
            cases = [{"code": self._doctest(f"{HEADER}\n{one.text}"), "points": 1, "hidden": False} for one in mine]
            suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            test = {"name": function, "suites": [suite]}
            _write(folder / "tests" / f"{function}.py", f"OK_FORMAT = True\n\ntest = {test!r}\n")
        generate = (self._script("otter"), "generate", "--no-requirements", "--no-environment")
        subprocess.run(generate, cwd=folder, env=variables, check=True, capture_output=True)
        for student, text in submissions.items():
            _write(folder / student / "submission.py", text)
        run = (self._script("otter"), "run", "--autograder", "../autograder.zip", "--no-logo", "submission.py")
        return [Command(run, folder / student) for student in submissions]

    @staticmethod
    def _doctest(program: str) -> str:
        return "\n".join(f">>> {line}" for line in program.splitlines())

    def points(self, folder: Path, student: str) -> Points | None:
        return _results(folder / student / "results.json")


class Nbgrader(Peer):
    """A notebook with a cell for the solution and a graded cell an assertion; `nbgrader autograde` grades all students."""

    name = distribution = "nbgrader"
    requirements = ("nbgrader", "ipykernel")

    COURSE, TASK = "course", "assignment"

    def lay_out(self, folder: Path, submissions: dict[str, str], variables: dict[str, str]) -> list[Command]:
        _write(folder / "nbgrader_config.py", f"c = get_config()\nc.CourseDirectory.course_id = {self.COURSE!r}\n")
        source = [_cell("solution", f"### BEGIN SOLUTION\n{STUB}\n### END SOLUTION", solution=True)]
        source += [_cell(one.name, f"{HEADER}\n{one.text}", points=1) for one in ASSERTIONS]
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = {"cells": source, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
        _write(folder / "source" / self.TASK / "task.ipynb", json.dumps(notebook))
        assign = (self._script("nbgrader"), "generate_assignment", self.TASK)
        subprocess.run(assign, cwd=folder, env=variables, check=True, capture_output=True)
        released = json.loads((folder / "release" / self.TASK / "task.ipynb").read_text(encoding="utf-8"))
        for student, text in submissions.items():
            released["cells"][0]["source"] = text
            _write(folder / "submitted" / student / self.TASK / "task.ipynb", json.dumps(released))
        return [Command((self._script("nbgrader"), "autograde", self.TASK), folder)]

    def points(self, folder: Path, student: str) -> Points | None:
        if not (folder / "autograded" / student / self.TASK / "task.ipynb").exists():
            return None
        grades = folder / "grades.csv"
        if not grades.exists():
            export = (self._script("nbgrader"), "export")
            subprocess.run(export, cwd=folder, capture_output=True)
        with grades.open() as lines:
            mine = [row for row in csv.DictReader(lines) if row["student_id"] == student and row["score"]]
        return Points(float(mine[0]["score"]), float(mine[0]["max_score"])) if mine else None


def _cell(name: str, text: str, *, solution: bool = False, points: int | None = None) -> dict[str, Any]:
    """A code cell as nbgrader marks it: of a solution, or graded with points."""
    marks = {"grade_id": name, "schema_version": 3, "solution": solution, "task": False}
    marks |= {"grade": points is not None, "locked": points is not None}
    if points is not None:
        marks["points"] = points
    return {
        "cell_type": "code", "id": name[:60], "execution_count": None, "outputs": [],
        "metadata": {"nbgrader": marks}, "source": text,
    }  # fmt: skip


class Kit(Peer):
    """This kit: `grader check` of the three exercises, or `grader batch` of several submissions."""

    name = "this kit"
    distribution = "convolution-exercises"
    requirements = ()

    @classmethod
    def found(cls, folder: Path) -> Peer:
        return cls(environments.own())

    def lay_out(self, folder: Path, submissions: dict[str, str], variables: dict[str, str]) -> list[Command]:
        for student, text in submissions.items():
            for topic in ("shapes", "training", "weights"):  # each is asked for its own exercise
                _write(folder / "class" / student / f"{topic}.py", text)
        grader = (str(self.python), "-m", "grader")
        if len(submissions) > 1:
            return [
                Command((*grader, "batch", str(folder / "class"), "--out", str(folder / "graded"), "--seed", "0"), ROOT)
            ]
        (student,) = submissions
        report = folder / "graded" / student / "report.json"
        work = folder / "class" / student
        return [Command((*grader, "check", *FUNCTIONS, "--submission", str(work), "--json", str(report)), ROOT)]

    def points(self, folder: Path, student: str) -> Points | None:
        report = _json(folder / "graded" / student / "report.json")
        if report is None:
            return None
        asked = [exercise for exercise in report["exercises"] if exercise["name"] in FUNCTIONS]
        return Points(sum(one["score"] for one in asked), sum(one["max_score"] for one in asked))


PEERS: tuple[type[Peer], ...] = (Kit, Pytest, GradescopeUtils, Check50, Otter, Nbgrader)
