"""What `grader export` says and refuses, where what it makes would take minutes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.cli import EXPORTS, app
from grader.cli.exporting.making import RECORDED
from grader.course import registry
from grader.exits import UsageProblem
from grader.export import handout


@pytest.fixture
def quick(monkeypatch):
    """Handouts with solutions, which are made at once, in place of those without."""
    real = handout.content
    monkeypatch.setattr(handout, "content", lambda withheld, seed=0, **options: real(False))


def export(*arguments):
    return app.main(["export", *map(str, arguments)], standalone_mode=False)


def test_github_gets_two_repositories_with_a_readme_each(quick, tmp_path, capsys):
    assert export("github", "--out", tmp_path / "both", "--seed", 3) == 0
    said = capsys.readouterr().out
    assert "students/" in said and "course/" in said and "recorded for seed 3" in said
    for folder in ("", "students", "course"):
        assert (tmp_path / "both" / folder / "README.md").read_text().startswith("# ")


def test_classroom50_gets_a_folder_and_says_where_its_place_is(quick, tmp_path, capsys):
    assert export("classroom50", "--out", tmp_path / "pytorch") == 0
    said = capsys.readouterr().out
    assert "CLASSROOM/autograders/ASSIGNMENT/" in said and "MB compressed" in said and "grader batch" in said
    assert (tmp_path / "pytorch" / "autograder.py").is_file()


@pytest.mark.parametrize("kind", [kind for kind in EXPORTS if kind != "gradescope"])
def test_nothing_of_anybodys_is_written_over(kind, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageProblem, match="is not empty"):
        export(kind, "--out", tmp_path)


@pytest.mark.parametrize("kind", ["github", "classroom50"])
def test_the_courses_own_seed_is_not_given_out(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "FACTS", replace(registry.FACTS, seed=RECORDED))
    with pytest.raises(UsageProblem, match=f"--seed {RECORDED + 1}"):
        export(kind, "--out", tmp_path / "new")
