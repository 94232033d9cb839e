"""In a container, Docker's or Podman's, root's or an ordinary user's: all four protections hold, and points are the same."""

from __future__ import annotations

import json
import sys

import pytest

from tests import containers
from tests.kit import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(containers.missing()), reason=containers.missing())]

# Stands below a right module: who gets any of this done has no module that can be read, and no points.
ATTACK = """
import os, socket
_done = []
for _name, _attempt in {{
    "read a solution": lambda: open({solution!r}),
    "read what was handed in": lambda: open({handed_in!r}),
    "write outside": lambda: open({written!r}, "w"),
    "list the system": lambda: os.listdir("/etc"),
    "start a process": lambda: os.fork() or os._exit(0),
    "open a socket": lambda: socket.create_connection(("127.0.0.1", 9), 1),
    "become root": lambda: os.setuid(0) if os.getuid() else open("/etc/shadow"),
}}.items():
    try:
        _attempt()
    except OSError:
        continue
    _done.append(_name)
assert not _done, _done
"""


@pytest.mark.parametrize("as_root", [True, False], ids=["root", "user"])
@pytest.mark.parametrize("kind", ["docker", "podman"])
def test_work_is_graded_with_all_protections(kind, as_root, tmp_path):
    handed_in = tmp_path / "handed in" / "shapes.py"
    handed_in.parent.mkdir()
    solution = ROOT / "solutions" / "shapes.py"
    attack = ATTACK.format(solution=str(solution), handed_in=str(handed_in), written=str(tmp_path / "written"))
    handed_in.write_text(solution.read_text(encoding="utf-8") + attack)
    done = containers.run(
        kind, sys.executable, "-P", "-m", "grader", "check", "same_padding", "--submission", str(handed_in.parent),
        "--examples", "3", "--require-protections", "--json", "-", writable=tmp_path, as_root=as_root, GRADER_CASEBOOK="off",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    report = json.loads(done.stdout)
    assert set(report["protections"]) == {"process", "limits", "filesystem", "network"}
    assert report["score"] == report["max_score"] > 0
    assert not (tmp_path / "written").exists()
