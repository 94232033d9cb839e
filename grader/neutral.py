"""Keeps the folder that a command is started in out of Python's way: a submission may lie there, and be a trap.

What is started with `python`, `environment` and `FOLDER` knows nothing of the command either.

A torch.py, a matplotlibrc or a package named grader in that folder is the student's, not ours. Nothing is imported here
but what Python itself has loaded before: until `forget_working_folder` has run, an import could find the student's file.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

FOLDER = os.path.abspath(os.sep)  # where child processes are started
# What the dynamic linker, the C library, conda's PyTorch (whose OpenMP may be there twice) and `grader.system` go by.
_KEPT = ("LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "KMP_DUPLICATE_LIB_OK", "GRADER_WORKERS")
_KEPT_ON_WINDOWS = (  # what Python and its libraries do not start without there
    "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "PROGRAMFILES", "PROCESSOR_ARCHITECTURE",
    "NUMBER_OF_PROCESSORS",
)  # fmt: skip
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_KIT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def forget_working_folder() -> None:
    """Takes the working folder off the path of imports, where `python -m` or an empty PYTHONPATH has put it."""
    sys.path[:] = _with_this_kit(_without_working_folder(sys.path))


def python(code: str, *arguments: str) -> list[str]:
    """The command that runs code in another Python, with this one's path of imports but for the working folder.

    It is to be started in `FOLDER`, with `environment()`.
    """
    paths = _with_this_kit([os.path.abspath(path) for path in _without_working_folder(sys.path)])
    return [sys.executable, "-P", "-c", f"import sys; sys.path[:] = {paths!r}; {code}", *arguments]


def environment() -> dict[str, str]:
    """The variables for what students' code is forked of: none that a user has chosen for a command.

    Sets are in the same order every time, so that a grade does not depend on it.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if sys.platform == "win32":
        kept.update({name: os.environ[name] for name in _KEPT_ON_WINDOWS if name in os.environ})
        kept["PATH"] = os.pathsep.join(
            _library_folders((sys.prefix, sys.base_prefix), os.environ.get("SYSTEMROOT", ""))
        )
    return {**kept, **dict.fromkeys(THREADS, "1"), "PYTHONHASHSEED": "0"}


def _library_folders(prefixes: Sequence[str], root: str) -> list[str]:
    """Where Windows looks for libraries: in this Python's folders, where conda has its own, and in the system's."""
    below = ((), ("Library", "mingw-w64", "bin"), ("Library", "usr", "bin"), ("Library", "bin"), ("Scripts",))
    ours = [os.path.join(prefix, *folders) for prefix in dict.fromkeys(prefixes) for folders in below]
    return [*ours, os.path.join(root, "System32"), root]


def apart() -> dict[str, Any]:
    """What else `subprocess` is told of a process that the interruption of this one, as by a terminal, is not to reach."""
    import subprocess

    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return {"creationflags": flags} if os.name == "nt" else {"start_new_session": True}


class elsewhere:  # a class, because contextlib would have to be imported
    """A block in which the working folder is another one: for libraries that look into it when they are imported."""

    def __enter__(self) -> None:
        self._here = os.getcwd()
        os.chdir(FOLDER)

    def __exit__(self, *exception: object) -> None:
        os.chdir(self._here)


def _without_working_folder(paths: Sequence[str]) -> list[str]:
    """The paths without the working folder, but for what comes after Python's own library and cannot hide it."""
    library = os.path.dirname(os.path.realpath(os.__file__))
    here = os.path.realpath(os.curdir)
    reals = [os.path.realpath(path or os.curdir) for path in paths]
    begins = reals.index(library) if library in reals else len(reals)
    kept = [path for path, real in zip(paths[:begins], reals, strict=False) if real != here]
    return [*kept, *(path for path in paths[begins:] if path and os.path.isabs(path))]


def _with_this_kit(paths: Sequence[str]) -> list[str]:
    """The paths with this kit among them, behind Python's own but before any other kit that is installed."""
    others = [path for path in paths if path != _KIT]
    kits = [place for place, path in enumerate(others) if os.path.isdir(os.path.join(path, "grader"))]
    place = kits[0] if kits else len(others)
    return [*others[:place], _KIT, *others[place:]]
