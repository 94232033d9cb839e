"""Gives up what a worker inherits from a grader that runs as root: the user, the groups, the capabilities."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from grader.sandbox.confine.mounts import first_closed

_FIRST_FREE_USER = 1_879_048_192  # far above the ranges that systems and containers hand out
_FEW_USERS = 4096  # fewer of them may all be somebody's
_PR_SET_PDEATHSIG = 1
_PR_CAPBSET_DROP = 24
_PR_SET_SECUREBITS = 28
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_NO_ROOT_LOCKED = 0b101111  # the user 0 is an ordinary user for the kernel, and stays so
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63


def user_to_become(processes: int | None) -> int | None:
    """The number of a user that nobody else is; None where this process is not root, or knows no such user.

    `processes` is a descriptor of /proc, here and below.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not sys.platform.startswith("linux"):
        return None
    wanted = _FIRST_FREE_USER + os.getpid()
    if _is_known(wanted, processes):
        return wanted
    start, length = max(_known("uid_map", processes), key=lambda known: known[1])  # a container that is given few users
    wanted = start + length - 3 - os.getpid() % max(length // 2, 1)
    return wanted if length >= _FEW_USERS and _is_known(wanted, processes) else None


def drop(user: int | None, scratch: str, readable: tuple[str, ...], processes: int | None) -> None:
    """Becomes this user where others may read Python; without one it changes nothing.

    Where Python lies in root's own home and that cannot be opened either, a worker must stay user 0 to read it: the
    kernel then counts its threads as the other user's, and `drop_capabilities` takes every power that goes with the name.
    """
    if user is None or not _is_known(user, processes):
        return
    if not _others_may_read((*readable, os.path.dirname(scratch))):
        os.setresuid(user, 0, 0)
        return
    for folder, folders, files in os.walk(scratch):
        for name in (".", *folders, *files):
            os.chown(os.path.join(folder, name), user, user, follow_symlinks=False)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def die_with_parent() -> None:
    """Has the kernel end this process when the nursery ends; it forgets that whenever the user changes."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def drop_capabilities() -> None:
    """Leaves no capability in any set, for good. Raises OSError."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_SECUREBITS, _NO_ROOT_LOCKED, 0, 0, 0)
    for capability in range(_LAST_CAPABILITY + 1):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    head = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(ctypes.byref(head), ctypes.byref(nothing)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _is_known(user: int, processes: int | None) -> bool:
    """Whether a user and a group of that number exist in this process's user namespace."""
    return all(
        any(0 <= user - start < length for start, length in _known(file, processes)) for file in ("uid_map", "gid_map")
    )


def _known(file: str, processes: int | None) -> list[tuple[int, int]]:
    """The first number and the length of each range of users, or groups, in this process's user namespace."""
    opened = os.open(f"{os.getpid()}/{file}", os.O_RDONLY, dir_fd=processes)
    with open(opened, encoding="ascii") as lines:
        return [(int(line.split()[0]), int(line.split()[2])) for line in lines] or [(0, 0)]


def _others_may_read(readable: tuple[str, ...]) -> bool:
    """Whether any user may read Python and its packages, judged by the ways to them and by a few of their files."""
    samples = [module.__file__ for name in ("os", "numpy", "torch") if (module := sys.modules.get(name)) is not None]
    return all(first_closed(path) is None for path in (*readable, *filter(None, samples)))
