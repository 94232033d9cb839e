"""A submission's modules use each other, however they name each other, wherever they run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import registry
from grader.course.paths import PACKAGE

ROOT = PACKAGE.parent
WAYS = ["from exercises.weights import rescale", "from weights import rescale", "from .weights import rescale"]
ACTIVATIONS = (ROOT / "solutions" / "transfer.py").read_text(encoding="utf-8")
# first_layer_activations with the student's own rescale from another module.
BORROWING = """{way}
import torch
def first_layer_activations(network, images):
    with torch.no_grad():
        return rescale(network.features[0](images).numpy())
"""
RESCALE = """import numpy as np
def rescale(images):
    images = np.asarray(images, dtype=float)
    low, high = images.min(), images.max()
    return (images - low) / (high - low) if high > low else images * 0
"""
TOPIC = [registry.exercise("first_layer_activations")]


@pytest.mark.parametrize("way", WAYS)
def test_in_the_sandbox(grade, way):
    report = grade({"transfer": BORROWING.format(way=way).encode(), "weights": RESCALE.encode()}, exercises=TOPIC)
    assert [check.message for check in report.exercises[0].checks if check.status != "passed"] == []


@pytest.mark.parametrize("way", [*WAYS[:2], "import exercises.weights as w; rescale = w.rescale"])
def test_a_module_that_was_not_handed_in_is_missed_by_name(grade, way):
    report = grade({"transfer": BORROWING.format(way=way).encode()}, exercises=TOPIC)
    check = report.exercises[0].checks[0]
    assert "weights" in check.message and "Permission" not in check.message


IDENTITY = """{imports}
from torch import nn
class Mark: pass
def count_parameters(model):
    import sys, cnn, exercises.cnn, exercises, weights, exercises.weights
    from exercises import weights as third
    from . import weights as fourth
    assert exercises.cnn is cnn is sys.modules[__name__]
    assert weights is exercises.weights is third is fourth is exercises.weights
    assert weights.Mark is Mark, "imported by weights in turn"
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
"""


@pytest.mark.parametrize("ring", ["from exercises.cnn import Mark", "from cnn import Mark", "from .cnn import Mark"])
def test_a_module_is_one_whatever_it_is_called_also_in_a_ring(grade, ring):
    sources = {"cnn": IDENTITY.format(imports="").encode(), "weights": ring.encode()}
    report = grade(sources, exercises=[registry.exercise("count_parameters")])
    assert [check.message for check in report.exercises[0].checks if check.status != "passed"] == []


@pytest.mark.parametrize("name", ["solutions.weights", "solutions", "grader.checks", "exercises.solutions", "tests"])
def test_nothing_of_the_course_can_be_imported(grade, name):
    source = f"""def count_parameters(model):
    try:
        import {name}
    except (ImportError, PermissionError):
        raise RuntimeError("was not there")
    return 7
"""
    report = grade({"cnn": source.encode()}, exercises=[registry.exercise("count_parameters")])
    assert all("was not there" in check.counterexample.got for check in report.exercises[0].checks)


@pytest.fixture
def project(tmp_path):
    """A student's folder in which transfer.py is to borrow from weights.py."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "exercises" / "weights.py").write_text(RESCALE)
    return tmp_path


def _run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=240
    )


@pytest.mark.parametrize("way", WAYS)
def test_in_a_python_of_ones_own_and_in_pytest(project, way):
    whole = ACTIVATIONS.replace("import torch\n", f"import torch\n{way}\n", 1)
    assert way in whole
    borrowing = BORROWING.format(way=way).partition("def ")[2]
    (project / "exercises" / "transfer.py").write_text(f"{whole}\n\ndef {borrowing}")
    done = _run("-c", "from exercises.transfer import first_layer_activations, rescale; print(rescale)", cwd=project)
    assert done.returncode == 0, done.stderr
    checks = str(ROOT / "grader" / "topics" / "transfer" / "checks.py")
    done = _run("-m", "pytest", "-q", "-p", "no:cacheprovider", checks, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
