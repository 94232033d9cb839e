"""The folder that a graded class is kept in."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.results.store import Store
from grader.exits import UsageProblem


@pytest.mark.parametrize("links", [True, False])
def test_the_seed_is_drawn_once_also_where_a_file_system_has_no_hard_links(tmp_path, monkeypatch, links):
    if not links:

        def refused(self: Path, target: Path) -> None:
            raise PermissionError("not on this file system")

        monkeypatch.setattr(Path, "hardlink_to", refused)
    with Store.opened(tmp_path / "out") as store:
        drawn = store.seed(None)
        assert store.seed(None) == drawn
        assert store.seed(7) == store.seed(None) == 7
    assert not list((tmp_path / "out").rglob("*.unfinished"))


def test_shards_work_side_by_side_and_beside_no_whole_batch(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.batch.results.store._PATIENCE", 0.1)
    with Store.opened(tmp_path / "out", shard=(1, 2)), Store.opened(tmp_path / "out", shard=(2, 2)):
        for shard in (None, (1, 2), (1, 3)):
            with pytest.raises(UsageProblem, match="another batch"), Store.opened(tmp_path / "out", shard=shard):
                pass
    with Store.opened(tmp_path / "out"), pytest.raises(UsageProblem), Store.opened(tmp_path / "out", shard=(1, 2)):
        pass
