"""The views of `grader check` are made one by one: one that cannot be made costs no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli.check import _show
from grader.exits import UsageProblem
from grader.report import html, terminal
from tests.report import samples


def fails(*_: object, **__: object) -> str:
    raise ZeroDivisionError("a colour")


def shown(folder: Path, **views: str) -> list[str]:
    """Writes a page, report.json and what else is asked for; says which failed."""
    made = {"json": str(folder / "report.json"), "html": str(folder / "report.html"), **views}
    return _show(samples.partial(), made, (), verbose=False, names=())


def test_a_view_that_fails_is_named_and_the_others_are_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(html, "render", fails)
    assert shown(tmp_path, markdown=str(tmp_path / "report.md")) == ["--html"]
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "report.md"}
    said = capsys.readouterr()
    assert "tile_images" in said.out
    assert "--html could not be made" in said.err and "Traceback" not in said.err


def test_a_screen_that_fails_leaves_the_files(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(terminal, "render", fails)
    assert shown(tmp_path) == ["the screen"]
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "report.html"}
    assert "the screen could not be made" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told_after_the_others_are(tmp_path, capsys):
    (tmp_path / "report.json").mkdir()
    with pytest.raises(UsageProblem, match=r"report\.json cannot be written"):
        shown(tmp_path)
    assert (tmp_path / "report.html").is_file()
    assert "tile_images" in capsys.readouterr().out
