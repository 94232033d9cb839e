"""Clones the students' repositories into a folder, one a student: clone.py LIST FOLDER.

A line of the list is `OWNER/NAME STUDENT`, `OWNER/NAME` (the student is the owner), or `OWNER/PREFIX*`: all repositories of
that owner whose names begin so; the student is what stands for the star. `#` begins a comment. The token in GH_TOKEN must be
allowed to read them; it is given to git and gh alone, and stays in no clone.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

SERVER = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
MOST_LISTED = 5000  # of an owner's repositories
SECONDS = 300  # for one repository
HELPER = '!f() { test "$1" = get && echo username=x-access-token && echo "password=$GH_TOKEN"; }; f'
_LINE = re.compile(r"([\w-]+)/([\w.-]+)(\*?)(?:\s+([\w.@-]+))?")


def main(listed: Path, folder: Path) -> int:
    """Clones what the list names; says which could not be. Returns 1 where one was left out, 2 where none is there."""
    students = students_of(listed.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    missing = [f"{student} ({name})" for student, name in students.items() if not clone(name, folder / student)]
    print(f"{len(students) - len(missing)} of {len(students)} repositories were cloned.")
    for one in missing:
        print(f"::error title=Not cloned::{one} could not be cloned, and has no row in the gradebook.")
    return 2 if len(missing) == len(students) else 1 if missing else 0


def students_of(text: str) -> dict[str, str]:
    """The repository of each student, as `OWNER/NAME`. Ends the program where a line is wrong or a student is named twice."""
    students: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        found = _LINE.fullmatch(line)
        if not found:
            sys.exit(f"line {number} of the list is neither OWNER/NAME STUDENT nor OWNER/PREFIX*: {line}")
        owner, name, star, student = found.groups()
        names = starting(owner, name) if star else {student or owner: name}
        for student, repository in names.items():
            if student in students or student.strip(".") == "":
                sys.exit(
                    f"line {number} of the list: {student!r} is no name, or somebody's already. Write OWNER/NAME STUDENT."
                )
            students[student] = f"{owner}/{repository}"
    if not students:
        sys.exit("the list names no repository")
    return students


def starting(owner: str, prefix: str) -> dict[str, str]:
    """The owner's repositories whose names begin so, by what comes then."""
    done = subprocess.run(
        ["gh", "repo", "list", owner, "--limit", str(MOST_LISTED), "--json", "name"],
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"the repositories of {owner} cannot be listed: {done.stderr.strip()}")
    names = sorted(entry["name"] for entry in json.loads(done.stdout))
    return {name[len(prefix) :]: name for name in names if name.startswith(prefix) and name != prefix}


def clone(repository: str, folder: Path) -> bool:
    """Whether the last state of a repository lies in the folder now. Nothing in it is run, and no link is made."""
    command = [
        "git", "-c", "credential.helper=", "-c", f"credential.helper={HELPER}", "-c", "core.symlinks=false",
        "clone", "--quiet", "--depth", "1", "--no-tags", f"{SERVER}/{repository}.git", str(folder),
    ]  # fmt: skip
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
    try:
        return subprocess.run(command, env={**os.environ, **quiet}, timeout=SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
