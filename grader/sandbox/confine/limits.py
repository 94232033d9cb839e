"""Limits that the kernel holds for a worker: CPU time, memory, file size, open files, no core dumps."""

from __future__ import annotations

import contextlib
import os
import sys

try:
    import resource
except ImportError:  # not a Unix
    resource = None

MOST_THREADS = 64


def no_privileges_needed(plan) -> None:
    """Sets the limits; hard ones, so that they cannot be lifted again without privileges."""
    if resource is None:
        raise NotImplementedError("this system has no resource limits")
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", plan.file_bytes)
    _limit("RLIMIT_NOFILE", plan.open_files)
    _limit("RLIMIT_CPU", plan.cpu_seconds)
    _limit("RLIMIT_MEMLOCK", 0)
    _limit("RLIMIT_MSGQUEUE", 0)
    if sys.platform.startswith("linux"):
        _limit("RLIMIT_AS", _address_space() + plan.memory_bytes)


def few_threads() -> None:
    """Limits the threads, where this process shares its user, by whom the kernel counts them, with nobody."""
    if resource is not None:
        _limit("RLIMIT_NPROC", MOST_THREADS)


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
