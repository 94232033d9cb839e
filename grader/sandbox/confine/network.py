"""A network of its own for a worker: a namespace without any interface that is up."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CLONE_NEWIPC = 0x08000000


def own_namespace(becomes: int | None) -> None:
    """Leaves the machine's network. Needs root, or a kernel that permits user namespaces. Raises OSError.

    In a user namespace this process keeps its number, so that it can still make files. A root that cannot do without one,
    as in some containers, has the user that it `becomes` known there, too.
    """
    if not sys.platform.startswith("linux"):
        raise NotImplementedError("only Linux has network namespaces")
    libc = ctypes.CDLL(None, use_errno=True)
    wanted = _CLONE_NEWNET | _CLONE_NEWIPC
    if os.geteuid() == 0 and libc.unshare(wanted) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    helper = _Mapper((user, becomes)) if becomes is not None else None
    made = libc.unshare(_CLONE_NEWUSER | wanted) == 0
    number = ctypes.get_errno()
    mapped = helper is not None and helper.map(made)
    if not made:
        raise OSError(number, os.strerror(number))
    if mapped:
        return
    for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with contextlib.suppress(OSError):
            Path("/proc/self", file).write_text(text, encoding="ascii")


class _Mapper:
    """A process that stays outside of a user namespace: only from there may more than one user be mapped into it."""

    def __init__(self, users: tuple[int, ...]) -> None:
        whose = os.getpid()
        wait, self._go = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._go)
            status = 1
            try:
                if os.read(wait, 1):
                    for file in ("uid_map", "gid_map"):
                        text = "".join(f"{user} {user} 1\n" for user in users)
                        Path(f"/proc/{whose}/{file}").write_text(text, encoding="ascii")
                    status = 0
            finally:
                os._exit(status)
        os.close(wait)

    def map(self, made: bool) -> bool:
        """Maps the users into the namespace, if it was made; whether that went well. Ends the process."""
        if made:
            os.write(self._go, b"1")
        os.close(self._go)
        _, status = os.waitpid(self._pid, 0)
        return status == 0
