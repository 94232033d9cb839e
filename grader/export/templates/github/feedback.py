"""Checks the work on a push, and says on GitHub's page how it stands: a summary, and annotations at the lines concerned.

It is for students: whoever can push can change it. Their grade comes from the course's own run. The commands that it prints
are in "Workflow commands for GitHub Actions" of GitHub's documentation, their escapes in GitHub's toolkit.
"""

from __future__ import annotations

import ast
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MOST_ANNOTATIONS = 10  # that GitHub shows of one kind for a step; the rest would vanish
MOST_BYTES = 1024 * 1024  # of a summary; a longer one is not shown at all
CUT = "\n\nThe rest was cut off: the page holds no more.\n"
MINUTES = 15


def main() -> int:
    """Grades the work in this folder; returns the exit status, which is 0 where it could be graded."""
    root = Path.cwd()
    with tempfile.TemporaryDirectory(dir=os.environ.get("RUNNER_TEMP")) as private:
        report, markdown = Path(private) / "report.json", Path(private) / "report.md"
        status = check(root, "--json", str(report), "--markdown", str(markdown))
        try:
            found = json.loads(report.read_text(encoding="utf-8"))
            text = markdown.read_text(encoding="utf-8")
        except (OSError, ValueError):
            print(command("error", "The work could not be graded. The log of this step says why.", title="Not graded"))
            return status or 3
    for line in to_show(found, root):
        print(line)
    if place := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(place).open("ab") as summary:
            summary.write(cut(text.encode()))
    return 0 if status == 1 else status  # a push with points missing is no failure


def check(root: Path, *arguments: str) -> int:
    """Runs the grader; whatever it prints is no command to GitHub, as none is obeyed until a word comes that nobody knows."""
    word = secrets.token_hex(16)
    print(f"::stop-commands::{word}", flush=True)
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "grader", "check", *arguments],
            cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdin=subprocess.DEVNULL, timeout=60 * MINUTES,
            stderr=subprocess.STDOUT, check=False,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        print(f"The grader was ended after {MINUTES} minutes.")
        return 3
    finally:
        print(f"\n::{word}::", flush=True)


def to_show(report: dict[str, Any], root: Path) -> list[str]:
    """An error for each exercise that is begun and not right, ten at most; one notice for what is left."""
    begun = [e for e in report["exercises"] if e["status"] in ("partial", "failed")]
    waiting = [e for e in report["exercises"] if e["status"] == "not_started"]
    lines = [error(exercise, root) for exercise in begun[:MOST_ANNOTATIONS]]
    left = []
    if (more := len(begun) - MOST_ANNOTATIONS) > 0:
        left.append(
            f"{more} more {'exercise is' if more == 1 else 'exercises are'} begun and not right: see the summary."
        )
    if waiting:
        are = "1 exercise is" if len(waiting) == 1 else f"{len(waiting)} exercises are"
        left.append(f"{are} not started. Next: {waiting[0]['name']}.")
    if left:
        lines.append(command("notice", " ".join(left), title=f"{report['score']:g} of {report['max_score']:g} points"))
    return lines


def error(exercise: dict[str, Any], root: Path) -> str:
    """The annotation of an exercise: what its first check that is not right says, at the line of its function."""
    check = next((c for c in exercise["checks"] if c["status"] not in ("passed", "skipped")), exercise["checks"][0])
    shown = check["counterexample"]
    said = [f"{shown['call']}\nexpected: {shown['expected']}\ngot: {shown['got']}"] if shown else []
    said += [check["message"] or "The summary says what is left to do."]
    title = f"{exercise['name']}: {exercise['score']:g} of {exercise['max_score']:g} points"
    file = f"exercises/{exercise['topic']}.py"
    if not (root / file).is_file():
        return command("error", "\n".join(said), title=title)
    return command("error", "\n".join(said), file=file, line=str(line_of(root / file, exercise["name"])), title=title)


def line_of(file: Path, name: str) -> int:
    """The line of a function, or of a method as `Class.method`; of the mistake where the file cannot be read; else 1."""
    try:
        inside: Sequence[ast.AST] = [ast.parse(file.read_bytes())]
    except SyntaxError as problem:
        return problem.lineno or 1
    except (OSError, ValueError, RecursionError, MemoryError):
        return 1
    for part in name.split("."):
        inside = [node for outer in inside for node in getattr(outer, "body", ()) if getattr(node, "name", "") == part]
    return max((getattr(node, "lineno", 1) for node in inside), default=1)


def command(kind: str, text: str, **properties: str) -> str:
    """A workflow command, on one line."""
    told = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items())
    return f"::{kind} {told}::{_escaped(text)}"


def cut(text: bytes) -> bytes:
    """As much of a summary as GitHub shows."""
    if len(text) < MOST_BYTES:
        return text
    head = text[: MOST_BYTES - 1 - len(CUT)].decode(errors="ignore")
    return (head + CUT).encode()


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


if __name__ == "__main__":
    sys.exit(main())
