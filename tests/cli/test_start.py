"""`grader start DIR`, for those who have the kit installed and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile

import pytest

from grader.course import registry
from tests.cli.support import ROOT, grader

pytestmark = pytest.mark.slow


def test_a_new_folder_has_all_that_a_student_needs_and_grades_nothing_done_yet(tmp_path):
    folder = tmp_path / "my work"
    done = grader("start", str(folder))
    assert done.returncode == 0 and str(folder) in done.stdout
    for topic in registry.MODULES:
        assert (folder / "exercises" / f"{topic}.py").read_text(encoding="utf-8") == (
            ROOT / "exercises" / f"{topic}.py"
        ).read_text(encoding="utf-8")
    lesson = json.loads((folder / "exercises" / "lesson.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in lesson["cells"] if cell["cell_type"] == "code"]
    assert code and not any(cell["outputs"] for cell in code)
    assert (folder / "imgs" / "dog2.jpg").read_bytes() == (ROOT / "imgs" / "dog2.jpg").read_bytes()
    done = grader("check", "shapes", cwd=folder)
    assert done.returncode == 1 and "0 /" in done.stdout.replace("Total", "")


@pytest.mark.parametrize("is_file", [False, True])
def test_nothing_of_anybodys_is_written_over(tmp_path, is_file):
    if is_file:
        folder = tmp_path / "work"
        folder.write_text("mine")
    else:
        folder = tmp_path
        (folder / "shapes.py").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    done = grader("start", str(folder))
    assert done.returncode == 4 and "name a new folder" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_an_installed_kit_has_it_all(tmp_path):
    """Built as a wheel and unpacked where no checkout is around it."""
    subprocess.run(
        [sys.executable, "-m", "uv", "build", "--wheel", "--no-build-isolation", "--out-dir", str(tmp_path), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "grader", "start", str(tmp_path / "work")],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": "/usr/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "work" / "imgs" / "dog2.jpg").read_bytes() == (ROOT / "imgs" / "dog2.jpg").read_bytes()
