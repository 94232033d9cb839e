"""A student's copy of the project."""

import shutil

import pytest

from tests.cli.support import ROOT


@pytest.fixture
def project(tmp_path):
    """A student's copy of the project: exercises/ and a folder named grader."""
    shutil.copytree(
        ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__", ".*", "*.backup-*")
    )
    (tmp_path / "grader").mkdir()
    return tmp_path
