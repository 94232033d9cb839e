"""What Python refuses to code that runs in it, by an audit hook, where the kernel is not asked to refuse anything.

It holds what is done in Python (PEP 578): code that reaches the C library around it is not held, which is why nothing of
this counts as a protection in a report.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Collection
from typing import Any, NoReturn

_OTHERS = (  # processes, and what would reach beyond this one
    "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile", "os.kill", "os.killpg",
    "subprocess.Popen", "pty.spawn", "_winapi.CreateProcess", "_winapi.OpenProcess", "_winapi.TerminateProcess",
    "winreg.CreateKey", "winreg.DeleteKey", "winreg.DeleteValue", "winreg.LoadKey", "winreg.SaveKey", "winreg.SetValue",
    "winreg.EnableReflectionKey", "winreg.DisableReflectionKey",
    "signal.pthread_kill", "syslog.", "sqlite3.enable_load_extension", "ctypes.dlsym", "ctypes.dlsym/handle",
    "ctypes.addressof", "ctypes.cdata/buffer", "ctypes.seh_exception",
)  # fmt: skip
_NETWORK = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.gethostby",
    "socket.send",
    "socket.sethostname",
)
_READ = frozenset({"os.listdir", "os.scandir", "os.chdir", "os.walk", "os.fwalk", "glob.glob", "pathlib.Path.glob"})
_CHANGE = frozenset(
    {
        "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime",
        "os.chflags", "os.lchmod", "os.setxattr", "os.removexattr", "shutil.move", "shutil.rmtree", "shutil.copyfile", "shutil.copytree",
    }
)  # fmt: skip
_COPY = frozenset({"shutil.copyfile", "shutil.copytree"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def refuse(scratch: str, readable: Collection[str], hidden: Collection[str]) -> None:
    """Refuses for good what no exercise needs.

    Args:
        scratch: the one folder in which files may be written.
        readable: folders of Python's and its packages', which may be read even where they lie in one that is hidden.
        hidden: folders that may not be read.
    """
    with contextlib.suppress(ImportError):  # which nothing is told of when multiprocessing calls it
        import _posixsubprocess

        _posixsubprocess.fork_exec = _no_process
    sys.addaudithook(_hook(_real(scratch), tuple(map(_real, readable)), tuple(map(_real, hidden))))


def _no_process(*_: Any) -> NoReturn:
    raise PermissionError("processes cannot be started here")


def _hook(scratch: str, readable: tuple[str, ...], hidden: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    real, beneath, isdir = _real, _is_beneath, os.path.isdir  # under names that nobody else can rebind
    others, network, read, change, writing = (*_OTHERS,), (*_NETWORK,), _READ, _CHANGE, _WRITING
    nothing = real(os.devnull)

    def may_read(path: str) -> bool:
        if beneath(path, scratch) or any(beneath(path, folder) for folder in readable):
            return True
        if any(beneath(path, folder) for folder in hidden):
            return False
        # A folder around one that is hidden would lead there by a descriptor, of which a later event says nothing.
        return not (isdir(path) and any(beneath(folder, path) for folder in hidden))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, int):
                return
            place = real(path)
            writes = flags & writing if isinstance(flags, int) else bool(set(str(mode)) & set("wax+"))
            if writes and place != nothing and not beneath(place, scratch):
                raise PermissionError(f"files can only be written in the working folder, not {path!r}")
            if not may_read(place):
                raise PermissionError(f"{path!r} cannot be read here")
        elif event in read:
            path = arguments[0] if arguments else None
            if path is not None and not isinstance(path, int) and not may_read(real(path)):
                raise PermissionError(f"{path!r} cannot be read here")
        elif event in change:
            for path in arguments[1:2] if event in _COPY else arguments[:2]:  # what is copied is read: see "open"
                if isinstance(path, str | bytes | os.PathLike) and not beneath(real(path), scratch):
                    raise PermissionError(f"files can only be changed in the working folder, not {path!r}")
        elif event == "ctypes.dlopen":
            name = arguments[0]
            if not name or not os.path.isabs(name) or not any(beneath(real(name), folder) for folder in readable):
                raise PermissionError("libraries other than Python's own packages cannot be loaded here")
        elif event == "winreg.ConnectRegistry":  # libraries read what language, time zone and fonts there are
            if arguments[0]:
                raise PermissionError("the registry of another computer cannot be read here")
        elif event.startswith(others) or event.startswith(network):
            raise PermissionError(f"{event} is not available here")

    return hook


def _real(path: str | bytes | os.PathLike[Any]) -> str:
    place = os.path.normcase(os.path.realpath(os.fsdecode(path)))
    return place.casefold() if sys.platform == "darwin" else place  # where capitals make no other file either


def _is_beneath(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
