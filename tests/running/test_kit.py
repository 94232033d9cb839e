"""The digest of the kit is the same wherever Git has put its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.running import kit


def laid_out(root: Path, end: bytes, readme: bytes = b"one") -> None:
    for name in ("package/templates/prairielearn/question.html", "package/a.py", "solutions/shapes.py"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"one" + end + b"two" + end)
    (root / "package" / "templates" / "README.md").write_bytes(readme)


@pytest.fixture
def digest(monkeypatch):
    def of(root: Path) -> str:
        monkeypatch.setattr(kit, "PACKAGE", root / "package")
        monkeypatch.setattr(kit, "solutions_folder", lambda: root / "solutions")
        return kit.source_digest()

    return of


def test_line_ends_of_windows_do_not_make_another_kit(digest, tmp_path):
    laid_out(tmp_path / "here", b"\n")
    laid_out(tmp_path / "there", b"\r\n")
    laid_out(tmp_path / "other", b"\n", readme=b"two")
    here, there, other = (digest(tmp_path / name) for name in ("here", "there", "other"))
    assert here == there != other
