"""The nursery: a process that has PyTorch loaded and nothing of the course, and forks workers from itself.

It is forked from a process that has been told nothing yet (`ancestor`), or started afresh where there is none. It
listens on one socket and does four things: preload a package, start a worker, end a worker, fork another nursery.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

from grader.sandbox.confine.privileges import die_with_parent

_PR_SET_CHILD_SUBREAPER = 36


def run(control: socket.socket) -> None:
    """Serves the control socket until it closes; then ends every worker and this process."""
    from grader.sandbox.inner import offlimits, warming

    _become_quiet(control)
    warming.warm()
    offlimits.remove_script_operators()
    workers: set[int] = set()
    try:
        while (message := _receive(control)) is not None:
            request, fds = message
            reply = _serve(request, fds, workers, control)
            for fd in fds:
                os.close(fd)
            _send(control, reply)
    except OSError:
        pass  # the grading process is gone
    finally:
        for pid in list(workers):
            _end(pid, workers)
        os._exit(0)


def _serve(request: dict[str, Any], fds: list[int], workers: set[int], control: socket.socket) -> dict[str, Any]:
    try:
        if request["op"] == "preload":
            importlib.import_module(request["module"])
            return {}
        if request["op"] == "start":
            pid = _start(request["plan"], fds, control)
            workers.add(pid)
            return {"pid": pid}
        if request["op"] == "another":
            return {"pid": _another(fds[0], workers, control)}
        return {"status": _end(request["pid"], workers)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def _start(plan: dict[str, Any], fds: list[int], control: socket.socket) -> int:
    """Forks a worker that serves the three descriptors: requests, replies, output."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        control.close()
        _live(plan, *fds)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _another(fd: int, workers: set[int], control: socket.socket) -> int:
    """Forks a nursery that serves the socket and ends with it, whatever became of who holds the other end."""
    if workers:
        raise ValueError("a nursery with workers has no other nursery")
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:  # those that have ended
            pass
    pid = os.fork()
    if pid:
        return pid
    try:
        control.close()
        run(socket.socket(fileno=fd))
    finally:
        os._exit(1)


def _live(plan: dict[str, Any], request_fd: int, reply_fd: int, output_fd: int) -> None:
    """What a worker does from its first moment: descriptors, confinement, then the student's code."""
    from grader.sandbox import confine
    from grader.sandbox.inner import living

    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    die_with_parent()
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    request_fd, reply_fd = _only_descriptors(request_fd, reply_fd)
    folder = plan.pop("folder")
    living.live(folder, plan["scratch"], request_fd, reply_fd, lambda: confine.apply(confine.Plan(**plan)))


def _only_descriptors(request_fd: int, reply_fd: int) -> tuple[int, int]:
    """Keeps 0, 1, 2 and the two pipes, at descriptors 3 and 4; everything inherited beside them is closed."""
    low = [os.dup(request_fd), os.dup(reply_fd)]
    high = [os.dup2(low[0], 250), os.dup2(low[1], 251)]
    os.dup2(high[0], 3)
    os.dup2(high[1], 4)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    _close_all_but({0, 1, 2, 3, 4})
    os.set_inheritable(3, False)
    os.set_inheritable(4, False)
    return 3, 4


def _close_all_but(kept: set[int]) -> None:
    """Closes every other descriptor, whatever its number: whoever started the command may have left some open."""
    try:
        found = {int(name) for name in os.listdir("/proc/self/fd")}
    except OSError:
        found = set(range(min(os.sysconf("SC_OPEN_MAX"), 1 << 16)))
    for fd in found - kept:
        with contextlib.suppress(OSError):  # the one that read the list
            os.close(fd)


def _end(pid: int, workers: set[int]) -> int | None:
    """Kills a worker and whatever it left behind; returns its wait status."""
    if pid not in workers:
        return None
    workers.discard(pid)
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    while orphans := children() - workers:
        for orphan in orphans:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(orphan, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(orphan, 0)
    return status


def children() -> set[int]:
    """The processes whose parent this one is; orphans of workers among them, since it is their subreaper."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return {int(pid) for pid in file.read().split()}
    except OSError:
        return set()


def _become_quiet(control: socket.socket) -> None:
    """Lets go of the terminal, the descriptors and the environment of the process that this was forked from."""
    os.setsid()
    die_with_parent()
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    keep = control.fileno()
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    _close_all_but({0, 1, 2, keep})
    forget_the_start()


def forget_the_start() -> None:
    """Clears arguments and environment, also the copies that the kernel laid at the start of this process's stack."""
    os.environ.clear()
    sys.argv, sys.orig_argv = [""], [""]
    try:
        with open("/proc/self/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        places = [int(field) for field in fields[45:49]]  # arg_start to env_end, fields 48 to 51 of proc(5)
    except (OSError, IndexError, ValueError):
        return
    for start, end in (places[:2], places[2:]):
        if 0 < start < end:
            ctypes.memset(start, 0, end - start)


def die_with(parent: int) -> None:
    """Has the kernel end this process when its parent ends, which it may have done already."""
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


def _prctl(option: int, value: int) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _send(control: socket.socket, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    control.sendall(len(data).to_bytes(4, "big") + data)


def _receive(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    head, fds, _, _ = socket.recv_fds(control, 4, 3)
    while head and len(head) < 4:
        head += control.recv(4 - len(head))
    if not head:
        return None
    data = bytearray()
    while len(data) < int.from_bytes(head, "big"):
        chunk = control.recv(65536)
        if not chunk:
            return None
        data += chunk
    return json.loads(bytes(data)), fds


def main() -> None:
    """Serves the control socket whose descriptor the command line names."""
    die_with(os.getppid())
    run(socket.socket(fileno=int(sys.argv[1])))
