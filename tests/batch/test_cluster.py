"""A class on a cluster: a scheduler and workers, each a process of its own, as they run on several machines."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from grader.batch.cluster.clerk import Clerk
from grader.batch.messages import About, Ask, Errand, Foreign, Result, Task
from grader.batch.results.records import GRADED, Cause
from grader.batch.version import Version
from tests import kit
from tests.batch.support import (
    ROOT,
    SEED,
    SHAPES,
    STUBS,
    WEIGHTS,
    batch,
    command,
    padded_once,
    rows,
    surroundings,
    written,
)

pytestmark = pytest.mark.slow

HOSTILE = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos._exit(0)\n"
HANGS = WEIGHTS + "\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
CLASS = {
    "ada": {"shapes.py": SHAPES, "weights.py": WEIGHTS},
    "ben": {"shapes.py": padded_once()},
    "dan": {"shapes.py": HOSTILE, "weights.py": WEIGHTS},
    "eve": {"shapes.py": STUBS},
    **{f"fay {number}": {"weights.py": f"{WEIGHTS}\n# {number}"} for number in range(4)},
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A class: right, wrong, hostile, untouched, and one that cannot be read."""
    folder = written(tmp_path_factory.mktemp("class"), CLASS)
    (folder / "gus.zip").write_bytes(b"PK\x03\x04 cut off")
    return folder


@pytest.fixture(scope="module")
def local(handed_in, tmp_path_factory):
    """The gradebook of a run without a cluster."""
    out = tmp_path_factory.mktemp("local") / "out"
    done = batch(handed_in, "--out", out, "--seed", SEED)
    assert done.returncode == 0, done.stderr
    return (out / "gradebook.csv").read_bytes()


@pytest.fixture(scope="module")
def other_kit(tmp_path_factory):
    """A kit in which a line of the source is another."""
    folder = kit.copied(tmp_path_factory.mktemp("other") / "kit")
    with (folder / "grader" / "running" / "judging.py").open("a") as source:
        source.write("# one line more\n")
    return folder


class Dask:
    """A scheduler, and workers as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._all = folder, []
        file = folder / "scheduler.json"
        # The first death of a worker under a task is told at once, instead of after some that Dask bears in silence.
        bears = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
        self.start(
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            0,
            "--dashboard-address",
            ":0",
            "--scheduler-file",
            file,
            **bears,
        )
        until(file.is_file)
        self.address = json.loads(file.read_text(encoding="utf-8"))["address"]

    def worker(self, of: Path = ROOT) -> subprocess.Popen[bytes]:
        """Starts a worker, of the kit that lies in a folder."""
        where = ("--local-directory", self._folder / f"worker {len(self._all)}")
        options = ("--nthreads", 1, "--no-nanny", "--no-dashboard", *where)
        return self.start("worker", self.address, *options, PYTHONPATH=str(of))

    def start(self, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
        log = (self._folder / f"log {len(self._all)}").open("wb")
        line = [sys.executable, "-P", "-m", "dask", *map(str, arguments)]
        self._all.append(
            subprocess.Popen(line, cwd=self._folder, env=surroundings(**environment), stdout=log, stderr=log)
        )
        return self._all[-1]

    def logged(self, text: str) -> int:
        """How often the scheduler has said something."""
        return (self._folder / "log 0").read_text(encoding="utf-8").count(text)

    def workers(self) -> int:
        """How many workers have joined so far."""
        return self.logged("Register worker")

    def close(self) -> None:
        for process in reversed(self._all):
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path):
    with contextlib.closing(Dask(tmp_path)) as started:
        yield started


def until(holds, seconds: float = 60.0) -> None:
    """Waits for something."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.05)


def records(out: Path) -> int:
    """How many results are kept."""
    return len(list((out / ".grader" / "records").glob("[!.]*")))


def test_a_worker_killed_half_way_changes_nothing_a_foreign_version_is_refused_first(
    dask, handed_in, local, other_kit, tmp_path
):
    first, foreign = dask.worker(), dask.worker(of=other_kit)
    until(lambda: dask.workers() == 2)
    out = tmp_path / "out"
    refused = batch(handed_in, "--out", out, "--seed", SEED, "--scheduler", dask.address)
    assert refused.returncode == 4
    assert "tcp://127.0.0.1:" in refused.stderr and "the kit's source is another there" in refused.stderr
    assert refused.stderr.count("\n") == 1 and "Traceback" not in refused.stderr
    assert not out.exists()

    foreign.kill()
    dask.worker()
    until(lambda: dask.workers() == 3)
    line = command(handed_in, "--out", out, "--seed", SEED, "--scheduler", dask.address, "--require-protections")
    with subprocess.Popen(line, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        until(lambda: records(out) >= 2)
        first.kill()
        said, _ = run.communicate(timeout=200)
    assert run.returncode == 0, said
    assert dask.logged("marked as failed")  # there was a task that it died under
    assert (out / "gradebook.csv").read_bytes() == local
    assert rows(out)["ada"]["score"] == "34" and rows(out)["dan"]["score"] == "11"
    assert all((out / name / "report.html").is_file() for name in rows(out))


GRADES_ALONE_SOON = """
import sys
from grader.batch.cluster import client
from grader.__main__ import run
client.ALONE_SECONDS = 1.0
if __name__ == "__main__":
    sys.exit(run(["batch", *sys.argv[1:]]))
"""


def test_who_joins_later_with_another_version_grades_nothing_and_where_nobody_else_is_left_the_rest_is_graded_here(
    dask, handed_in, local, other_kit, tmp_path
):
    only = dask.worker()
    until(lambda: dask.workers() == 1)
    out = tmp_path / "out"
    arguments = [handed_in, "--out", out, "--seed", SEED, "--scheduler", dask.address]
    line = [sys.executable, "-P", "-c", GRADES_ALONE_SOON, *map(str, arguments)]
    with subprocess.Popen(line, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        until(lambda: records(out) >= 2)
        only.send_signal(signal.SIGSTOP)
        dask.worker(of=other_kit)
        until(lambda: dask.workers() == 2)
        only.kill()
        said, _ = run.communicate(timeout=200)
    assert run.returncode == 0, said
    assert "is not asked any more: the kit's source is another there." in said
    assert "No worker of the cluster is left" in said
    assert (out / "gradebook.csv").read_bytes() == local


def test_a_scheduler_that_nobody_reaches_is_one_sentence(handed_in, tmp_path):
    done = batch(handed_in, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 4 and not (tmp_path / "out").exists()
    assert done.stderr == (
        "grader: --scheduler: nobody answers at tcp://127.0.0.1:9; is `dask scheduler` running there?\n"
    )


def test_without_dask_a_sentence_says_how_to_install_it(handed_in, tmp_path):
    (tmp_path / "distributed.py").write_text("raise ImportError('not here')")
    paths = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = batch(handed_in, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9", PYTHONPATH=paths)
    assert done.returncode == 4
    assert "--scheduler needs Dask" in done.stderr and "--extra cluster" in done.stderr


@pytest.mark.parametrize("more", [("--jobs", 2), ("--shard", "1/2")])
def test_the_workers_share_the_class_out_and_nobody_else(handed_in, tmp_path, more):
    done = batch(handed_in, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9", *more)
    assert done.returncode == 4 and "--scheduler takes no --jobs and no --shard" in done.stderr


def errand(source: str, version: Version) -> Errand:
    task = Task("one", Cause("", version.kit, version.settings, 5), GRADED, {"weights": source.encode()}, {})
    return Errand(task, version)


def test_a_grading_process_outlives_the_thread_that_started_it_and_does_nothing_for_another_version():
    started = []
    thread = threading.Thread(target=lambda: started.append(Clerk()))
    thread.start()
    thread.join()
    time.sleep(0.2)
    with started[0] as clerk:
        about = clerk.ask(Ask(protections=True))
        assert about == About(Version.here())
        result = clerk.ask(errand(WEIGHTS, about.version))
        assert isinstance(result, Result) and result.record.score == 11
        torch = {**about.version.libraries, "PyTorch": "1.0"}
        foreign = clerk.ask(errand(WEIGHTS, msgspec.structs.replace(about.version, libraries=torch)))
        assert foreign == Foreign(f"PyTorch is {about.version.libraries['PyTorch']} there and 1.0 here")


ASKS = """
import sys, msgspec
from grader.batch import messages
from grader.batch.cluster import clerk
started = clerk.Clerk()
started.ask(messages.Ask())
print(started._process.pid, flush=True)
started.ask(messages.question(sys.stdin.buffer.read()))
"""


def test_a_grading_process_ends_with_the_one_that_asks_also_in_the_middle_of_a_grading():
    line = [sys.executable, "-P", "-c", ASKS]
    with subprocess.Popen(line, env=surroundings(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asking:
        pid = int(asking.stdout.readline())
        asking.stdin.write(msgspec.msgpack.encode(errand(HANGS, Version.here())))
        asking.stdin.close()
        time.sleep(1.0)
        os.kill(pid, 0)
        asking.send_signal(signal.SIGKILL)
    until(lambda: not Path(f"/proc/{pid}").exists(), seconds=10)
