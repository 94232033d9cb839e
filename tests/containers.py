"""Runs a command as it would run in a container: on runc, with what Docker or Podman lets root do there.

It takes root, Debian's `runc`, and the system-call filter of its `golang-github-containers-common`, which Docker shares.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.kit import ROOT

_FILTER = Path("/usr/share/containers/seccomp.json")
# What root may do in a container where nothing else was asked for.
_MAY = [
    f"CAP_{name}"
    for name in (
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID",
        "SYS_CHROOT",
    )
]  # fmt: skip
# Docker's own filter refuses these; Podman's lets whoever has a user namespace call them.
_NAMESPACES = {
    "clone", "clone3", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount", "open_tree",
    "pivot_root", "setns", "umount", "umount2", "unshare",
}  # fmt: skip
_NEW_NAMESPACE = 0x7E020000  # CLONE_NEW*
_NO_SUCH_CALL = 38
USER = 1000


def missing() -> str:
    """What this machine lacks for it; empty where nothing is."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "containers take Linux, and root"
    if not (shutil.which("runc") and _FILTER.exists()):
        return "containers take runc and a filter: apt-get install runc golang-github-containers-common"
    return ""


def run(
    kind: str,
    *command: str,
    writable: Path,
    readable: tuple[Path, ...] = (),
    kit: bool = True,
    as_root: bool = True,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Runs a command in a container without a network.

    Args:
        kind: "docker", which refuses every new namespace and mount, or "podman", which allows user namespaces.
        command: what runs there.
        writable: the folder in which it runs, at its own path. It becomes the ordinary user's where it runs as one.
        readable: what is seen beside it, the system's folders and Python.
        kit: whether this kit is seen, too.
        as_root: whether as root or as an ordinary user.
        environment: variables.
    """
    system = [path for name in ("usr", "lib", "lib64", "bin", "sbin", "etc") if (path := Path("/", name)).exists()]
    seen = [*system, Path(sys.base_prefix), Path(sys.prefix), *([ROOT] if kit else ()), *readable]
    if not as_root:
        os.chown(writable, USER, USER)
    with tempfile.TemporaryDirectory(prefix="container-") as bundle:
        root = Path(bundle, "root")
        for name in ("proc", "dev", "sys", "tmp"):
            (root / name).mkdir(parents=True)
        (root / "tmp").chmod(0o1777)
        subprocess.run(["runc", "spec"], cwd=bundle, check=True)
        path = Path(bundle, "config.json")
        spec = json.loads(path.read_text(encoding="utf-8"))
        spec["root"] = {"path": str(root), "readonly": False}
        spec["mounts"] = [mount for mount in spec["mounts"] if mount["destination"] != "/sys/fs/cgroup"]
        spec["mounts"] += [_bound(path, "ro") for path in seen] + [_bound(writable, "rw")]
        variables = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(writable), "LANG": "C.UTF-8", **environment}
        spec["process"].update(
            args=list(command), cwd=str(writable), terminal=False, rlimits=[], noNewPrivileges=False,
            env=[f"{name}={value}" for name, value in variables.items()],
            user={"uid": 0, "gid": 0} if as_root else {"uid": USER, "gid": USER},
            capabilities={"bounding": _MAY, **({"effective": _MAY, "permitted": _MAY} if as_root else {})},
        )  # fmt: skip
        spec["linux"]["namespaces"] = [one for one in spec["linux"]["namespaces"] if one["type"] != "cgroup"]
        spec["linux"].update(resources={}, seccomp=_filter(kind))
        path.write_text(json.dumps(spec))
        return subprocess.run(
            ["runc", "run", "--bundle", bundle, Path(bundle).name],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900,
        )  # fmt: skip


def _bound(path: Path, how: str) -> dict[str, Any]:
    source = str(path.resolve())
    return {"destination": str(path), "type": "bind", "source": source, "options": ["rbind", how]}


def _filter(kind: str) -> dict[str, Any]:
    """The system-call filter, as runc reads it."""
    found = []
    for rule in json.loads(_FILTER.read_text(encoding="utf-8"))["syscalls"]:
        includes, excludes = rule.get("includes", {}), rule.get("excludes", {})
        if not set(includes.get("caps", ())) <= set(_MAY) or set(excludes.get("caps", ())) & set(_MAY):
            continue
        if "arches" in includes and not {"amd64", "arm64"} & set(includes["arches"]):
            continue
        names = [name for name in rule["names"] if kind != "docker" or name not in _NAMESPACES]
        if names:
            kept = {key: rule[key] for key in ("action", "args", "errnoRet") if rule.get(key) is not None}
            found.append({**kept, "names": names})
    if kind == "docker":
        no_new = {"index": 0, "value": _NEW_NAMESPACE, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
        found.append({"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [no_new]})
        found.append({"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": _NO_SUCH_CALL})
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 1,
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64"],
        "syscalls": found,
    }
