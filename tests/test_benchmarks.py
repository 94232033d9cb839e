"""The table of the benchmarks: what it says became slower, and what it measures of memory. No test asserts a time."""

import json
import os
import subprocess
import sys
from dataclasses import asdict

import pytest

from tests.benchmarks.__main__ import Row, read, slower, table
from tests.benchmarks.memory import peak_of


def row(name, *values, reach=1.0):
    return Row(name, reach, "import torch", values)


def test_what_became_slower_by_more_than_the_spread_is_told():
    before = [row("a", 1.0, 1.02, 0.98, 1.01), row("b", 1.0, 1.5, 0.5, 1.0), row("unit", 1.0, reach=None)]
    after = [
        row("a", 1.2, 1.21, 1.2, 1.19),
        row("b", 1.2, 1.3, 0.9, 1.2),
        row("unit", 9.0, reach=None),
        row("new", 1.0),
    ]
    assert slower(before, after) == ["a: 1.00 before, 1.20 now"]
    assert slower(after, before) == []


def test_the_numbers_are_read_as_they_were_written(tmp_path):
    rows = [row("a", 1.0, 2.0), row("memory", 500.0, reach=None)]
    (tmp_path / "b.json").write_text(json.dumps({"rows": [asdict(one) for one in rows]}))
    assert read(tmp_path / "b.json") == rows


def test_the_table_has_a_line_for_each():
    lines = table([row("a", 1.0, 3.0), row("unit", 2.0, reach=None)]).split("\n")
    assert [line.split() for line in lines[1:]] == [["a", "2.00", "1.00", "1"], ["unit", "2.00", "0.00"]]


def test_memory_is_that_of_all_processes_and_what_they_share_counts_once(tmp_path):
    if not os.path.exists("/proc/self/smaps_rollup"):
        pytest.skip("this system does not say what processes share")
    text = (
        "import os, time; a = bytearray(b'x') * 60_000_000; pid = os.fork(); time.sleep(1); pid and os.waitpid(pid, 0)"
    )
    shared = peak_of([sys.executable, "-c", text], dict(os.environ), tmp_path) / 1e6
    assert 55 < shared < 110
    with pytest.raises(subprocess.CalledProcessError):
        peak_of([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], dict(os.environ), tmp_path)
