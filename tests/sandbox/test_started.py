"""Workers that are started anew, as on systems where none can be forked: the same answers, and nothing left behind."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import textwrap
import threading
import time

import psutil
import pytest
import torch

from grader import neutral
from grader.sandbox.confine import refusals
from grader.sandbox.inner import warming
from grader.sandbox.outer import jobs, started
from grader.sandbox.outer.clock import Allowance
from grader.sandbox.outer.scratch import new_folder
from grader.sandbox.outer.starting import StartingNursery
from grader.sandbox.outer.worker import Worker, WorkerFailure


@pytest.fixture(scope="module")
def nursery():
    with StartingNursery() as made:
        yield made


@pytest.fixture
def ask(nursery):
    """Runs a function of a module in a started worker: `ask(source, seconds)`; what it printed and the answer."""
    workers = []

    def run(source, seconds=30.0):
        worker = Worker.start(nursery, {"weights.py": textwrap.dedent(source).encode()})
        workers.append(worker)
        loaded = worker.ask(
            {"op": "load", "topic": "weights", "file": str(worker.folder / "weights.py")}, Allowance.of(seconds)
        )
        return worker, loaded

    yield run
    for worker in workers:
        worker.close()


def test_what_is_printed_before_an_answer_is_there_with_it(ask):
    worker, loaded = ask("import sys\nprint('one' * 100_000)\nprint('two', file=sys.stderr)")
    assert loaded == {"value": {}}
    text = worker.taken_output()
    assert text.startswith("oneone") and "bytes more" in text
    assert worker.taken_output() == ""


def test_a_worker_that_is_ready_before_anybody_waits_for_it_is_heard(ask, nursery):
    nursery.meanwhile = lambda: time.sleep(2)  # the grading process has other things to do: the machine is busy
    try:
        _, loaded = ask("")
    finally:
        nursery.meanwhile = lambda: None
    assert loaded == {"value": {}}


def test_a_worker_whose_start_is_interrupted_is_gone_with_its_folder(nursery, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt  # as where another request has come, in a notebook

    made = []
    monkeypatch.setattr("grader.sandbox.outer.worker.new_folder", lambda: made.append(new_folder()) or made[-1])
    monkeypatch.setattr(nursery, "meanwhile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Worker.start(nursery, {})
    assert made and not made[0].exists()
    assert not any(process.is_alive() for process in nursery._started)


def test_a_worker_that_ends_itself_says_how(ask):
    with pytest.raises(WorkerFailure, match="ended itself with exit code 7"):
        ask("print('before')\nimport os\nos._exit(7)")


def test_a_worker_that_never_answers_is_given_up_and_gone(ask, nursery):
    with pytest.raises(WorkerFailure, match="did not finish in time"):
        ask("while True: pass", seconds=0.5)
    assert not any(process.is_alive() for process in nursery._started)


def test_a_worker_that_takes_too_much_memory_is_ended(ask, nursery, monkeypatch):
    monkeypatch.setattr(
        started.Started, "takes_too_much", lambda self: psutil.Process(self.pid).memory_info().rss > 2**30
    )
    with pytest.raises(WorkerFailure, match="too much memory"):
        ask("import time\nkept = bytearray(b'x' * 2**30)\ntime.sleep(20)")


ATTEMPTS = [
    "import os; os.fork()",
    "import subprocess; subprocess.run(['true'])",
    "import os; os.system('true')",
    "import multiprocessing; multiprocessing.get_context('spawn').Process(target=print).start()",
    "import os; os.posix_spawn('/bin/true', ['true'], dict())",
    "import os; os.kill(os.getppid(), 9)",
    "import socket; socket.create_connection(('127.0.0.1', 9))",
    "import ctypes; ctypes.CDLL(None)",
    "import ctypes; ctypes.pythonapi.Py_DecRef",
    "open(solution).read()",
    "import os; os.open(solution, os.O_RDONLY)",
    "import os; os.listdir(solutions)",
    "import os; os.chdir(solutions)",
    "import os; os.link(solution, 'mine.py')",
    "import os; os.symlink(solution, 'mine.py'); open('mine.py')",
    "import os; os.open(solution.lstrip('/'), os.O_RDONLY, dir_fd=os.open('/', os.O_RDONLY))",
    "import pathlib; pathlib.Path(solution).read_text()",
    "import runpy; runpy.run_path(solution)",
    "import numpy; numpy.fromfile(solution, dtype='uint8')",
    "import io; io.open_code(solution)",
    "open(elsewhere, 'w')",
    "import os; os.remove(solution)",
    "import os; os.rename(solution, 'mine.py')",
    "import shutil; shutil.copy(solution, 'mine.py')",
]
TRY = """
solution, solutions, elsewhere = {names!r}
for number, attempt in enumerate({attempts!r}):
    try:
        exec(attempt, dict(solution=solution, solutions=solutions, elsewhere=elsewhere))
        print(number, "done")
    except BaseException as error:
        print(number, type(error).__name__)
"""


def test_what_no_exercise_needs_is_refused(ask, nursery, tmp_path):
    secrets = tmp_path / "solutions"
    secrets.mkdir()
    (secrets / "weights.py").write_text("secret")
    nursery.hidden = (secrets,)
    names = (str(secrets / "weights.py"), str(secrets), str(tmp_path / "made.txt"))
    worker, _ = ask(TRY.format(names=names, attempts=ATTEMPTS))
    said = dict(line.split() for line in worker.taken_output().splitlines())
    assert {attempt: said[str(number)] for number, attempt in enumerate(ATTEMPTS)} == dict.fromkeys(
        ATTEMPTS, "PermissionError"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["solutions"] and (secrets / "weights.py").exists()


def test_what_an_exercise_may_do_is_not_refused(ask):
    _, loaded = ask(
        """
        import dataclasses, json, logging, os, shutil, tempfile, threading, concurrent.futures
        shutil.copyfile(os.__file__, "copy.py")
        import numpy as np, torch, torchvision, matplotlib.pyplot
        from pathlib import Path
        Path("notes.txt").write_text("kept")
        assert Path("notes.txt").read_text(encoding="utf-8") == "kept" and Path(__file__).read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            torch.save(torch.ones(3), Path(folder) / "ones.pt")
            assert torch.load(Path(folder) / "ones.pt").sum() == 3
            np.save(Path(folder) / "ones.npy", np.ones(3))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            assert list(pool.map(abs, [-1, 2])) == [1, 2]
        torch.nn.Linear(2, 2)(torch.ones(1, 2)).sum().backward()
        """
    )
    assert loaded == {"value": {}}, loaded


def test_there_is_neither_a_screen_nor_a_graphics_card(ask):
    _, loaded = ask(
        """
        import os, matplotlib, torch
        assert matplotlib.get_backend() == "agg" and os.environ["MPLBACKEND"] == "agg"
        assert os.environ["CUDA_VISIBLE_DEVICES"] == ""
        assert torch._C._mps_is_available.__module__ == "grader.sandbox.inner.warming"
        """
    )
    assert loaded == {"value": {}}, loaded


def test_code_that_asks_for_an_accelerator_finds_none(monkeypatch):
    for name in ("_mps_is_available", "_accelerator_getAccelerator"):
        monkeypatch.setattr(torch._C, name, lambda: torch.device("mps"), raising=False)
    torch.backends.mps.is_available.cache_clear()
    assert torch.backends.mps.is_available()
    warming.hide_accelerators()
    try:
        assert not torch.backends.mps.is_available()
        if hasattr(torch, "accelerator"):  # since PyTorch 2.6
            assert not torch.accelerator.is_available() and torch.accelerator.current_accelerator() is None
    finally:
        monkeypatch.undo()
        torch.backends.mps.is_available.cache_clear()


@pytest.mark.parametrize(
    ("event", "arguments", "is_refused"),
    [
        ("winreg.OpenKey", (1, "SOFTWARE", 1), False),
        ("winreg.QueryValue", (1, "SOFTWARE", "Fonts"), False),
        ("winreg.ConnectRegistry", (None, 1), False),
        ("winreg.ConnectRegistry", ("another", 1), True),
        ("winreg.SetValue", (1, "SOFTWARE", 1, "x"), True),
        ("winreg.DeleteKey", (1, "SOFTWARE", 0), True),
    ],
)
def test_the_registry_of_windows_may_be_read(event, arguments, is_refused):
    hook = refusals._hook("/scratch", (), ())
    if is_refused:
        with pytest.raises(PermissionError):
            hook(event, arguments)
    else:
        hook(event, arguments)


def test_capitals_lead_to_no_hidden_file_on_macos(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    hook = refusals._hook(refusals._real("/scratch"), (), (refusals._real("/kit/solutions"),))
    with pytest.raises(PermissionError):
        hook("open", ("/kit/SOLUTIONS/shapes.py", "r", os.O_RDONLY))
    hook("open", ("/kit/exercises/shapes.py", "r", os.O_RDONLY))


def test_on_windows_what_libraries_go_by_is_kept(monkeypatch):
    variables = {"SYSTEMROOT": "/windows", "TEMP": "/temp", "LOCALAPPDATA": "/local", "PATH": "/mine", "SECRET": "x"}
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "environ", variables)
    kept = neutral.environment()
    assert {name: kept.get(name) for name in ("TEMP", "LOCALAPPDATA", "SECRET")} == {
        "TEMP": "/temp", "LOCALAPPDATA": "/local", "SECRET": None,
    }  # fmt: skip
    searched = kept["PATH"].split(os.pathsep)
    assert os.path.join(sys.base_prefix, "Library", "bin") in searched  # conda's libraries
    assert "/windows/System32" in searched and "/mine" not in searched


def test_conda_may_have_openmp_twice(monkeypatch):
    monkeypatch.setenv("KMP_DUPLICATE_LIB_OK", "TRUE")
    assert neutral.environment()["KMP_DUPLICATE_LIB_OK"] == "TRUE"


def test_the_protections_that_are_missing_are_named_with_a_reason(ask):
    worker, _ = ask("")
    assert worker.protections == ("process",)
    assert set(worker.missing) == {"limits", "filesystem", "network"}
    assert all("this system has none" in reason for reason in worker.missing.values())


def test_a_worker_ends_soon_after_who_started_it():
    program = "import os; from grader.sandbox.outer.started import Started; print(Started(2**32).pid, flush=True); os._exit(0)"
    pid = int(subprocess.run(neutral.python(program), capture_output=True, check=True, timeout=100).stdout)
    until = time.monotonic() + 60
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
        time.sleep(0.1)
    assert time.monotonic() < until


def test_a_closed_worker_leaves_no_process_no_thread_and_no_folder(ask):
    before = threading.active_count()
    worker, _ = ask("print('done')")
    worker.close()
    assert not psutil.pid_exists(worker.pid) and not worker.scratch.exists()
    assert worker.taken_output() == "done\n"
    until = time.monotonic() + 30
    while threading.active_count() > before + 3 and time.monotonic() < until:  # three serve the worker that waits
        time.sleep(0.01)
    assert threading.active_count() <= before + 3


@pytest.mark.parametrize("cut", range(1, 5))
def test_a_mark_is_found_wherever_a_piece_of_the_output_ends(cut):
    mark = b"abcde"
    assert started._begun(b"text" + mark[:cut], mark) == cut
    assert started._begun(b"text", mark) == 0


def test_the_limits_of_a_windows_job_have_the_layout_that_the_system_reads():
    import ctypes

    if ctypes.sizeof(ctypes.c_void_p) == 8:
        assert (ctypes.sizeof(jobs._Basic), ctypes.sizeof(jobs._Extended)) == (64, 144)
    limits = jobs.limits(2**31)
    assert limits.BasicLimitInformation.ActiveProcessLimit == 1 and limits.ProcessMemoryLimit == 2**31
    assert limits.BasicLimitInformation.LimitFlags == 0x2508


def test_a_path_is_beneath_a_folder_only_behind_a_separator():
    assert refusals._is_beneath(f"{os.sep}a{os.sep}b", f"{os.sep}a") and not refusals._is_beneath(
        f"{os.sep}ab", f"{os.sep}a"
    )


def test_a_console_keyboard_gives_keys_one_by_one_and_no_arrows(monkeypatch):
    from grader.cli.watching import keys

    typed: queue.SimpleQueue[str] = queue.SimpleQueue()
    for key in "h\xe0Ha\x00K?Q":
        typed.put(key)

    class Console:
        kbhit = staticmethod(lambda: not typed.empty())
        getwch = staticmethod(typed.get)

    monkeypatch.setattr(keys, "_is_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", sys.__stdin__)
    with keys.ConsoleKeyboard(Console) as keyboard:
        pressed = ""
        until = time.monotonic() + 20
        while len(pressed) < 4 and time.monotonic() < until:
            pressed += keyboard.pressed()
    assert pressed == "ha?q"
