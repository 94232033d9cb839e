"""`grader doctor`: what this machine offers, and what is missing."""

from __future__ import annotations

import importlib.metadata
import platform
import sys

from grader import __version__
from grader.course import registry
from grader.course.handed_out import HANDOUT, WITHHELD
from grader.course.paths import exercises_folder, solutions_folder
from grader.exits import EARNED, POINTS_MISSING, UsageProblem
from grader.report.text import path_in_words

_PACKAGES = (
    "torch", "torchvision", "numpy", "matplotlib", *(() if WITHHELD else ("pytest", "hypothesis")),  # these make cases
)  # fmt: skip
_MEANING = {
    "process": "the student's code runs in a process of its own",
    "limits": "time, memory, processes and files are limited, privileges dropped",
    "filesystem": "only Python and the student's own files can be read (Landlock)",
    "network": "no sockets (namespace, system-call filter)",
}


def doctor() -> int:
    """Prints versions, protections and data; status 1 where something that grading needs is missing."""
    print(f"convolution exercises {__version__}, Python {platform.python_version()} on {platform.platform()}\n")
    complete = _packages()
    complete &= _folders()
    print("\nProtections for student code")
    missing = _missing_protections()
    for name, meaning in _MEANING.items():
        sign, text = ("missing", missing[name]) if name in missing else ("ok", meaning)
        print(f"  {name:<12} {sign:<8} {text}")
    if "process" in missing:
        complete = False
    elif missing:
        print("  Grading works without them; --require-protections makes a missing one an error.")
    _data()
    _casebooks()
    print("\n" + ("Ready to grade." if complete else "Something that grading needs is missing."))
    return EARNED if complete else POINTS_MISSING


def _packages() -> bool:
    print("Packages")
    complete = True
    for name in _PACKAGES:
        try:
            print(f"  {name:<12} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            complete = False
            print(f"  {name:<12} missing: pip install {name}")
    return complete


def _folders() -> bool:
    print("\nFolders")
    exercises = exercises_folder()
    there = [t.name for t in registry.TOPICS if (exercises / f"{t.name}.py").exists()]
    complete = len(there) == len(registry.TOPICS)
    print(f"  exercises    {path_in_words(exercises)} ({len(there)} of {len(registry.TOPICS)} modules)")
    solutions = solutions_folder()
    print(
        f"  solutions    {path_in_words(solutions) if solutions.is_dir() else 'withheld: what needs them is graded by the course'}"
    )
    return complete


def _missing_protections() -> dict[str, str]:
    from grader.running.session import Session
    from grader.sandbox.outer.nursery import SandboxError

    try:
        with Session.start(processes=1) as session:
            return session.missing_protections()
    except (SandboxError, UsageProblem) as error:
        print(f"  The sandbox does not start: {error}", file=sys.stderr)
        return dict.fromkeys(_MEANING, "the sandbox does not start")


def _data() -> None:
    print("\nData")
    try:
        from grader.lesson import data, weights
    except ImportError as error:
        print(f"  not to be had: {error}")
        return
    for line in (*data.describe(), *weights.describe()):
        print(f"  {line}")


def _casebooks() -> None:
    from grader.running.shelf import Shelf

    if WITHHELD and HANDOUT is not None:
        print(f"  casebooks    the handout's own, for seed {HANDOUT.seed}")
        return
    shelf = Shelf.of_user()
    if shelf is None:
        print("  casebooks    switched off (GRADER_CASEBOOK=off): all cases are worked out each time")
        return
    files = shelf.files()
    size = sum(path.stat().st_size for path in files) / 1e6
    kept = f"{len(files)} files, {size:.1f} MB" if files else "none yet: the first check works them out"
    print(f"  casebooks    {path_in_words(shelf.folder)} ({kept})")
