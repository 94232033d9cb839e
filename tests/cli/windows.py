"""Runs a program with what Python on Windows lacks taken away, also from the processes that it starts.

    python windows.py check shapes

Libraries are loaded first, since they know how to live there. What works here still needs a real Windows.
"""

import importlib
import importlib.abc
import os
import select
import shutil
import signal
import socket
import sys
import types
from pathlib import Path

LIBRARIES = (
    "asyncio", "click", "filelock", "hypothesis.strategies", "jinja2", "msgspec", "multiprocessing", "numpy", "platformdirs",
    "psutil", "rich.console", "subprocess", "tempfile", "torch",
)  # fmt: skip
MODULES = {"fcntl", "grp", "landlockpy", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
GONE = {
    os: "WEXITSTATUS WIFSIGNALED WNOHANG WTERMSIG chown fchmod fchown fork forkpty getegid geteuid getgid getpgid getpriority "
    "getsid getuid killpg lchown memfd_create mkfifo nice pipe2 posix_spawn pread pwrite register_at_fork sched_getaffinity "
    "sched_setaffinity setgid setgroups setns setpgid setresgid setresuid setsid setuid statvfs sync sysconf uname unshare "
    "O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH",
    select: "epoll poll",
    signal: "SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGPROF SIGUSR1 SIGWINCH SIGXCPU alarm pidfd_send_signal "
    "pthread_sigmask setitimer sigwait",
    socket: "AF_UNIX recv_fds send_fds",
}  # fmt: skip


class Missing(importlib.abc.MetaPathFinder):
    """Finds none of what is not there."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


class Key:
    """A key of the registry in which nothing is found."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def Close(self):
        pass


def registry():
    """The module `winreg` of an empty registry, which tells Python's auditing what is asked."""

    def connected(computer, key):
        sys.audit("winreg.ConnectRegistry", computer, key)
        return Key()

    def opened(key, below, *more):
        sys.audit("winreg.OpenKey", key, below, 0)
        return Key()

    def found(key, name):
        sys.audit("winreg.QueryValue", key, None, name)
        raise FileNotFoundError(name)

    made = types.ModuleType("winreg")
    made.ConnectRegistry, made.OpenKey, made.OpenKeyEx, made.QueryValueEx = connected, opened, opened, found
    made.QueryInfoKey = lambda key: (0, 0, 0)
    made.HKEY_LOCAL_MACHINE, made.HKEY_CURRENT_USER, made.HKEY_CLASSES_ROOT = 1, 2, 3
    return made


def take_away():
    """Does it, for this process."""
    for library in LIBRARIES:
        importlib.import_module(library)
    for name in [name for name in sys.modules if name.partition(".")[0] in MODULES]:
        del sys.modules[name]
    sys.meta_path.insert(0, Missing())
    for module, names in GONE.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    os.O_BINARY = 0
    shutil._use_fd_functions = False
    shutil._winapi = types.SimpleNamespace(NeedCurrentDirectoryForExePath=lambda name: False)  # since Python 3.12
    shutil._rmtree_impl = shutil._rmtree_unsafe  # which Python 3.14 has chosen by then
    sys.modules["msvcrt"] = types.SimpleNamespace(setmode=lambda descriptor, mode: None)
    sys.modules["winreg"] = registry()
    sys.platform = "win32"


def take_away_below():
    """Does it for the processes that the kit starts from now on, too."""
    from grader import neutral

    python = neutral.python

    def without(code, *arguments):
        command = python("pass", *arguments)
        place = command.index("-c") + 1
        here = str(Path(__file__).parent)
        ours = f"sys.path.append({here!r}); import windows; windows.take_away(); windows.take_away_below(); {code}"
        command[place] = command[place].removesuffix("pass") + ours
        return command

    neutral.python = without


if __name__ == "__main__":
    take_away()
    take_away_below()
    from grader.__main__ import main

    main()
