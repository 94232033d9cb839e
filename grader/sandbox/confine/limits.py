"""Limits that the kernel holds for a worker: CPU time, memory, file size, open files, no core dumps."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.confine import Plan

try:
    import resource
except ImportError:  # not a Unix
    resource = None  # type: ignore[assignment]  # asked for wherever it is used

MOST_THREADS = 64


def no_privileges_needed(plan: Plan) -> None:
    """Sets the limits; hard ones, so that they cannot be lifted again without privileges."""
    if resource is None:
        raise NotImplementedError("this system has no resource limits")
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", plan.file_bytes)
    _limit("RLIMIT_NOFILE", plan.open_files)
    _limit("RLIMIT_CPU", plan.cpu_seconds)
    _limit("RLIMIT_MEMLOCK", 0)
    _limit("RLIMIT_MSGQUEUE", 0)
    _limit("RLIMIT_SIGPENDING", 64)  # timers are counted with them, and by user
    if sys.platform.startswith("linux"):
        _limit("RLIMIT_AS", _address_space() + plan.memory_bytes)


def few_threads(processes: int | None, *, alone: bool) -> None:
    """Limits the threads. The kernel counts them by user, so that others' count, too, unless this process is `alone`.

    Kernels before 5.14 count through user namespaces, and who is not of this container cannot be counted: where not one
    thread more could be started, the next larger limit is taken. `processes` is a descriptor of /proc.
    """
    if resource is None or not sys.platform.startswith("linux"):
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    for counted in (False, True) if alone else (True,):
        most = (_threads_of_this_user(processes) if counted else 0) + MOST_THREADS
        if hard != resource.RLIM_INFINITY and hard <= most:
            return
        resource.setrlimit(resource.RLIMIT_NPROC, (most, hard))
        if _can_start_a_thread():
            resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
            return
    resource.setrlimit(resource.RLIMIT_NPROC, (hard, hard))


def _can_start_a_thread() -> bool:
    thread = threading.Thread(target=int)
    try:
        thread.start()
    except RuntimeError:
        return False
    thread.join()
    return True


def _threads_of_this_user(processes: int | None) -> int:
    """How many threads this process's real user has by now, its own among them; at least those."""
    user, count = os.getuid(), 0
    for process in os.scandir(processes) if processes is not None else ():
        with contextlib.suppress(OSError, ValueError, IndexError):
            if process.name.isdecimal() and process.stat().st_uid == user:
                opened = os.open(f"{process.name}/stat", os.O_RDONLY, dir_fd=processes)
                with open(opened, encoding="ascii", errors="replace") as file:
                    count += int(file.read().rsplit(")", 1)[1].split()[17])  # num_threads, field 20 of proc(5)
    return count


def no_processes() -> None:
    """Forbids new processes where the system-call filter could not: the kernel then counts them by user."""
    if resource is not None:
        _limit("RLIMIT_NPROC", 0)


def _limit(name: str, value: int) -> None:
    number = getattr(resource, name, None)
    if number is None:
        return
    _, hard = resource.getrlimit(number)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(number, (value, value))


def _address_space() -> int:
    """Bytes of address space that this process has now; PyTorch's libraries alone take several GB of it."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
