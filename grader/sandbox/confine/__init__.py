"""What a worker gives up before any student's code runs: files, network, processes, memory, privileges.

`apply` is called once, in the worker. Each layer is used where the machine has it; what is missing is reported with
its reason, and the order matters: namespaces first, privileges before the system-call filter, the filter last.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.sandbox.confine import filesystem, limits, mounts, network, privileges, refusals, syscalls

PROTECTIONS = ("process", "limits", "filesystem", "network")


@dataclass(frozen=True)
class Plan:
    """What a worker may use: its scratch folder, the folders it may read, and its limits."""

    scratch: str
    readable: tuple[str, ...]
    memory_bytes: int = 2 * 2**30
    cpu_seconds: int = 300
    file_bytes: int = 32 * 2**20
    open_files: int = 128
    without: tuple[str, ...] = field(default=())  # layers left out, to test what remains without them


def apply(plan: Plan) -> dict[str, str]:
    """Confines this process for good. Returns, for each protection that is missing, the reason."""
    missing: dict[str, str] = {}
    scrub_environment(plan.scratch)
    limits.no_privileges_needed(plan)
    processes = _processes()
    user, namespace = privileges.user_to_become(processes), _user_namespace(processes)
    no_namespace = _try(network.own_namespace, user) if "namespace" not in plan.without else "left out"
    if "mount" not in plan.without:
        _try(mounts.show_only, plan.readable, plan.scratch)
    dropped = None
    if "privileges" not in plan.without:
        dropped = _try(privileges.drop, user, plan.scratch, plan.readable, processes)
    alone = os.getuid() == user or _user_namespace(processes) != namespace
    _try(lambda: limits.few_threads(processes, alone=alone))
    if processes is not None:
        os.close(processes)
    privileges.die_with_parent()
    no_landlock = _try(filesystem.restrict, plan) if "landlock" not in plan.without else "left out"
    no_capabilities = _try(privileges.drop_capabilities)
    no_filter = _try(syscalls.restrict) if "filter" not in plan.without else "left out"
    if no_filter:
        limits.no_processes()
    if dropped or no_capabilities:
        missing["limits"] = f"privileges could not be dropped ({dropped or no_capabilities})"
    if no_landlock:
        missing["filesystem"] = f"Landlock: {no_landlock}"
    if no_namespace and no_filter:
        missing["network"] = f"network namespace: {no_namespace}; system-call filter: {no_filter}"
    return missing


def apply_in_python(plan: Plan, hidden: tuple[str, ...]) -> dict[str, str]:
    """What can be done where the kernel is not asked to confine anybody; the one protection kept is the own process.

    The grading process watches its time and its memory. Python itself refuses, to what is written in Python, processes,
    sockets and files that are `hidden` or are to be written outside of the scratch folder: no wall, but nobody climbs it
    by mistake.
    """
    scrub_environment(plan.scratch)
    _try(limits.no_privileges_needed, plan)
    if sys.platform == "darwin":
        limits.no_processes()
    refusals.refuse(plan.scratch, plan.readable, hidden)
    return dict.fromkeys(
        PROTECTIONS[1:], "this system has none that can be used; Python alone refuses what no exercise needs"
    )


def scrub_environment(scratch: str) -> None:
    """Leaves the few variables that programs expect, all pointing into the scratch folder.

    There is neither a screen for matplotlib's windows nor a graphics card, whatever the computer has.
    """
    system = {"PATH": "/usr/bin:/bin"}
    if sys.platform == "win32":
        root, search = os.environ.get("SYSTEMROOT", ""), os.environ.get("PATH", "")  # where libraries are looked for
        system = {"PATH": search, "SYSTEMROOT": root, "WINDIR": root}
        system |= {"USERPROFILE": scratch, "TEMP": scratch, "TMP": scratch}
    os.environ.clear()
    os.environ.update(
        system,
        HOME=scratch,
        TMPDIR=scratch,
        LANG="C.UTF-8",
        OMP_NUM_THREADS="1",
        MPLBACKEND="agg",
        CUDA_VISIBLE_DEVICES="",
        PYTHONDONTWRITEBYTECODE="1",
    )


def _processes() -> int | None:
    """A descriptor of /proc, which will be out of sight; None where there is no such thing."""
    try:
        return os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (OSError, AttributeError):
        return None


def _user_namespace(processes: int | None) -> str:
    """The user namespace that this process is in; empty where there is no such thing."""
    try:
        return os.readlink(f"{os.getpid()}/ns/user", dir_fd=processes)
    except (OSError, NotImplementedError):
        return ""


def _try(step: Callable[..., None], *arguments: object) -> str | None:
    """Runs one layer; None, or why this machine does not have it, without the name of any file."""
    try:
        step(*arguments)
    except OSError as error:
        return error.strerror or str(error) or type(error).__name__
    except (ImportError, AttributeError, ValueError, NotImplementedError) as error:
        return str(error) or type(error).__name__
    return None
