"""What a worker may read and write, held by Landlock: Python and its packages, and a scratch folder of its own."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.confine import Plan

# What PyTorch, NumPy and the C library look at while they run.
_SYSTEM = (
    "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/usr/share/locale",
    "/etc/ld.so.cache", "/etc/localtime", "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo", "/dev/urandom",
    "/dev/random", "/dev/zero",
)  # fmt: skip


def restrict(plan: Plan) -> None:
    """Confines this process to the plan's files, and its signals to itself. Raises OSError where Landlock is missing."""
    import landlockpy
    from landlockpy import AccessFS, Scope

    if landlockpy.abi_version() == 0:
        raise OSError("this kernel does not offer it")
    read = AccessFS.READ_FILE | AccessFS.READ_DIR
    write = read | AccessFS.WRITE_FILE | AccessFS.TRUNCATE | AccessFS.MAKE_REG | AccessFS.MAKE_DIR
    write |= AccessFS.REMOVE_FILE | AccessFS.REMOVE_DIR
    with landlockpy.Ruleset(scoped=Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET) as rules:
        for path in plan.readable:
            if os.path.isdir(path):
                rules.allow_path(path, read)
            elif os.path.exists(path):
                rules.allow_path(path, AccessFS.READ_FILE)
        rules.allow_path("/dev/null", AccessFS.READ_FILE | AccessFS.WRITE_FILE)
        rules.allow_path(plan.scratch, write)
        rules.restrict()


def readable_paths(hidden: tuple[Path, ...]) -> tuple[str, ...]:
    """The folders that Python and its packages need, without those in `hidden`, even where these lie inside them.

    Where it is the other way round, an environment inside a hidden checkout, that environment stays readable.
    """
    # Not the prefix itself: it may be /usr, and the course, its submissions included, may lie in /usr/src.
    python = {f"{prefix}/{lib}" for prefix in (sys.prefix, sys.base_prefix) for lib in ("lib", "lib64")}
    python |= {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    python |= set(site.getsitepackages())
    roots = sorted({Path(path).resolve() for path in (*python, *_SYSTEM) if os.path.exists(path)})
    concealed = tuple(path.resolve() for path in hidden)
    found: list[Path] = []
    for root in roots:
        if not any(root.is_relative_to(known) for known in found):
            found.extend(_around(root, tuple(secret for secret in concealed if not root.is_relative_to(secret))))
    return tuple(map(str, found))


def _around(path: Path, hidden: tuple[Path, ...]) -> list[Path]:
    """The path, or, where something hidden lies inside it, its parts around that."""
    if any(path.is_relative_to(secret) for secret in hidden):
        return []
    if not any(secret.is_relative_to(path) for secret in hidden):
        return [path]
    return [part for child in sorted(path.iterdir()) for part in _around(child, hidden)]
