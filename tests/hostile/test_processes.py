"""Submissions that start processes, die, signal others or refuse to end: the call fails, and nothing survives."""

from __future__ import annotations

import sys

import pytest

from grader.system import can_fork
from tests.hostile.support import needs_walls, printed, reference, statuses

# Each tries to have another process compute or write for it; `escaped` would be printed by any that came to life.
STARTS = {
    "fork": "os.fork() or (print('escaped'), time.sleep(60))",
    "double fork": "os.fork() or os.setsid() or os.fork() or (print('escaped'), time.sleep(60))",
    "system": "assert os.system('echo escaped; sleep 60 &') == 0",
    "popen": "print(os.popen('echo escaped').read()) or 1 / 0",
    "subprocess": "subprocess.run(['/bin/sh', '-c', 'echo escaped'], check=True)",
    "posix_spawn": "os.posix_spawn('/bin/echo', ['echo', 'escaped'], {})",
    "exec": "os.execv('/bin/echo', ['echo', 'escaped'])",
    "python": "subprocess.Popen([sys.executable, '-c', 'print(\"escaped\")'], start_new_session=True).wait()",
    "multiprocessing": "multiprocessing.Process(target=print, args=('escaped',)).start()",
    "spawn context": "multiprocessing.get_context('spawn').Process(target=print, args=('escaped',)).start()",
    "forkserver": "multiprocessing.get_context('forkserver').Pool(1).map(print, ['escaped'])",
    "vfork by hand": "ctypes.CDLL(None).syscall(58) or (print('escaped'), os._exit(0))",
    "clone by hand": "ctypes.CDLL(None).syscall(56, 17, 0, 0, 0, 0) or (print('escaped'), os._exit(0))",
    "data loader": "list(torch.utils.data.DataLoader([1, 2], num_workers=1))",
}
IMPORTS = (
    "import ctypes, multiprocessing, os, signal, subprocess, sys, threading, time\nimport numpy as np\nimport torch\n"
)


def rescale(line: str) -> str:
    """A submission whose `rescale` runs this line and then answers with garbage."""
    return f"{IMPORTS}\n\ndef rescale(images):\n    {line}\n    return 'done'\n"


@pytest.mark.parametrize("line", STARTS.values(), ids=STARTS)
def test_no_process_is_started(attack, line):
    report = attack(rescale(line), "rescale")
    assert report.score == 0
    assert "escaped" not in printed(report)


def test_no_process_is_started_by_an_import(attack):
    tries = "\n".join(
        f"try:\n    {line}\nexcept BaseException:\n    pass" for line in STARTS.values() if "data" not in line
    )
    report = attack(f"{IMPORTS}\n{tries}\n\ndef rescale(images):\n    return 1\n", "rescale")
    assert statuses(report) == {"failed"}
    assert report.score == 0
    assert "escaped" not in printed(report)


DEATHS = {
    "exit code 0": ("os._exit(0)", "crashed"),
    "sys.exit": ("sys.exit(0)", "error"),
    "interrupt": ("raise KeyboardInterrupt", "error"),
    "generator exit": ("raise GeneratorExit", "error"),
    "a base exception of its own": ("raise type('E', (BaseException,), {})('mine')", "error"),
    "kill": ("os.kill(os.getpid(), signal.SIGKILL)", "crashed"),
    "abort": ("os.abort()", "crashed"),
    "alarm": ("signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(5)", "crashed"),
    "null pointer": ("ctypes.string_at(0)", "crashed"),
    "stop": ("os.kill(os.getpid(), signal.SIGSTOP)", "timeout"),
    "endless recursion": ("(lambda f: f(f))(lambda f: f(f))", "error"),
    "deep recursion": ("sys.setrecursionlimit(10**9); (f := lambda n: f(n + 1) + 1)(0)", "crashed"),
    "recursion through C": ("sys.setrecursionlimit(10**9); f = lambda: list(map(lambda _: f(), [0])); f()", "crashed"),
    "C stack": ("T = ctypes.CFUNCTYPE(None); f = T(lambda: f()); sys.setrecursionlimit(10**9); f()", "crashed"),
}


def _so_it_ends(line: str, status: str) -> str:
    """The status of a check: Python refuses signals where the kernel is not asked to, and since 3.14 it guards its stack."""
    if sys.version_info >= (3, 14) and line in (DEATHS["recursion through C"][0], DEATHS["C stack"][0]):
        return "failed" if "CFUNCTYPE" in line else "error"
    return "error" if "os.kill" in line and not can_fork() else status


@pytest.mark.parametrize(("line", "status"), DEATHS.values(), ids=DEATHS)
def test_a_death_earns_nothing(attack, line, status):
    report = attack(rescale(line), "rescale")
    assert report.score == 0
    assert statuses(report) <= {_so_it_ends(line, status), "timeout", "crashed"}


@pytest.mark.parametrize("death", ["exit code 0", "sys.exit", "interrupt", "kill", "null pointer"])
def test_a_death_during_import_earns_nothing(attack, death):
    line, status = DEATHS[death]
    report = attack(f"{IMPORTS}\n{line}\n", "rescale")
    assert report.score == 0
    assert statuses(report) == {_so_it_ends(line, status)}


def test_one_death_does_not_cost_another_exercise(attack):
    killed = reference("weights").replace("low, high =", "import os\n    os._exit(0)\n    low, high =")
    report = attack(killed, "weights_to_images", "rescale", "tile_images")
    assert [exercise.status for exercise in report.exercises] == ["passed", "failed", "passed"]


@pytest.mark.parametrize(
    "line",
    [
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        "[signal.signal(s, signal.SIG_IGN) for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}]",
        "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
        "threading.Thread(target=time.sleep, args=(60,)).start()",
        "[threading.Thread(target=lambda: sum(iter(int, 1)), daemon=True).start() for _ in range(4)]",
        "import atexit; atexit.register(time.sleep, 60); threading._register_atexit(time.sleep, 60)",
        "import weakref; weakref.finalize(np, time.sleep, 60)",
    ],
)
def test_whoever_refuses_to_end_is_ended(attack, hasty, line):
    report = attack(f"{IMPORTS}\n{line}\n\ndef rescale(images):\n    while True: pass\n", "rescale")
    assert report.score == 0
    assert statuses(report) == {"timeout"}


SIGNALS = {
    "parent": "os.kill(os.getppid(), signal.SIGKILL)",
    "everybody": "os.kill(-1, signal.SIGKILL)",
    "its group": "os.kill(0, signal.SIGKILL)",
    "the parent's group": "os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)",
    "process 1": "os.kill(1, signal.SIGSTOP)",
    "its neighbours": "[kill(p) for p in range(os.getppid() - 20, os.getppid() + 20)]",
    "pidfd": "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), signal.SIGKILL)",
    "a stop": "os.kill(os.getppid(), signal.SIGSTOP)",
    "priorities": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "a scheduler": "os.sched_setscheduler(os.getppid(), os.SCHED_IDLE, os.sched_param(0))",
    "its processors": "os.sched_setaffinity(os.getppid(), {0})",
    "its limits": "__import__('resource').prlimit(os.getppid(), 0, (1, 1))",
    "ptrace": "assert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0",
    "its memory": "open(f'/proc/{os.getppid()}/mem', 'rb')",
    "its memory by a system call": "assert ctypes.CDLL(None).syscall(310, os.getppid(), 0, 0, 0, 0, 0) >= 0",
    "owner of a pipe": "__import__('fcntl').fcntl(0, 8, os.getppid())",
}


@needs_walls
def test_nobody_else_is_reached(attack):
    """Where one of the lines went through, the right answer would be earned."""
    helper = "def kill(pid):\n    if pid != os.getpid(): os.kill(pid, 9)\n\n"
    tries = "".join(
        f"try:\n    {line}\n    through.append({line!r})\nexcept Exception: pass\n" for line in SIGNALS.values()
    )
    guarded = reference("weights").replace("low, high =", "assert through\n    low, high =")
    report = attack(f"{IMPORTS}{helper}through = []\n{tries}print('through:', through)\n{guarded}", "rescale")
    assert "through: []" in printed(report)
    assert report.score == 0
