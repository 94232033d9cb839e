"""How the program was started, so that the commands that it prints work when somebody types them."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

NAME = "grader"
_WINDOWS = os.name == "nt"


def command(*arguments: str) -> str:
    """A command to print, such as "grader hint conv2d", as it can be typed where this process was started."""
    return " ".join([program(), *arguments])


def command_elsewhere(*arguments: str) -> str:
    """The same, for a shell that has gone to another folder."""
    return " ".join([from_elsewhere(program()), *arguments])


def from_elsewhere(known: str) -> str:
    """What starts the program that is known here, in another folder: paths are whole, and `uv run` is told whose it is."""
    words = _words(known)
    if words[-3:-1] == ["uv", "run"]:
        words[-1:-1] = ["--project", str(Path(__file__).resolve().parents[1])]
    elif os.path.dirname(words[0]):
        words[0] = os.path.abspath(words[0])
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """A word as a shell takes it; those of Windows know double quotes only, and take backslashes as they are."""
    if _WINDOWS:
        from subprocess import list2cmdline

        return list2cmdline([word])
    return shlex.quote(word)


def _words(command: str) -> list[str]:
    """The words of a command that has been quoted so."""
    return [word.strip('"') for word in shlex.split(command, posix=False)] if _WINDOWS else shlex.split(command)


@cache
def program() -> str:
    """What stands in front of a command's name: "grader", "python -m grader", "python3 -m uv run grader", ..."""
    return started_as(sys.orig_argv, sys.argv[0], os.environ, sysconfig.get_path("scripts"))


def started_as(typed: Sequence[str], script: str, environment: Mapping[str, str], scripts: str) -> str:
    """The program as it was started.

    Args:
        typed: the interpreter's whole command line.
        script: the path of what runs.
        environment: the process's variables.
        scripts: the folder in which this Python's environment keeps its programs.
    """
    search = environment.get("PATH", "")
    if "UV_RUN_RECURSION_DEPTH" in environment:  # `uv run` puts the environment's programs in front, for itself only
        folders = search.split(os.pathsep)
        if scripts in folders:
            folders.remove(scripts)
        if _is_found(NAME, Path(scripts, NAME), os.pathsep.join(folders)):
            return NAME
        through_python = "UV_INTERNAL__PARENT_INTERPRETER" in environment
        return f"{_python_name()} -m uv run {NAME}" if through_python else f"uv run {NAME}"
    if Path(script).stem == NAME:
        return NAME if _is_found(NAME, Path(script), search) else _quoted(script)
    for options in (["-m", NAME], ["-P", "-m", NAME]):
        if list(typed[1 : 1 + len(options)]) == options:
            return " ".join([_short(typed[0], search), *options])
    if _is_found(NAME, Path(scripts, NAME), search):  # in a notebook, say
        return NAME
    return f"{_short(sys.executable, search)} -m {NAME}"


def _python_name() -> str:
    if not _WINDOWS:
        return "python3"
    return "py" if shutil.which("py") else "python"  # the latter may be there only to open a shop


def _short(python: str, search: str) -> str:
    """An interpreter's name where that is enough to start it, else its path."""
    name = Path(python).name
    return name if name == python or _is_found(name, Path(python), search) else _quoted(python)


def _is_found(name: str, file: Path, search: str) -> bool:
    """Whether a shell that is given the name runs this file."""
    found = shutil.which(name, path=search)
    return found is not None and Path(found).absolute().with_suffix("") == file.absolute().with_suffix("")
