"""Builds each platform's download from one small class, as the platform lays it out; nothing of it is kept in files."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.submissions.building import Entry, build

SOURCE = b"def conv2d_output_shape():\n    return (1, 2, 3, 4)\n"


@dataclass(frozen=True)
class Student:
    """Somebody of the class: as the platforms know them, and the files that they handed in."""

    name: str
    user: str
    number: str
    files: dict[str, bytes]


CLASS = (
    Student("Anna Lee", "annalee", "0123", {"shapes.py": SOURCE, "cnn.py": b"x = 1\n"}),
    Student("Søren Ødegård-Müller", "soedegaard", "124", {"shapes.py": b"y = 2\r\n", "report.pdf": b"%PDF"}),
    Student("李小龙", "li-xiao-long", "125", {"exercises/weights.py": b"\xef\xbb\xbfz = 3\n"}),
    Student("محمد علي", "mali", "126", {"training.py": b"a = '\xd9\x85'\n"}),
    Student("Ольга [O'Neill] (Zoë)", "olga-o", "127", {"convolution.py": b"b = 5\n"}),
)


def lay(root: Path, files: dict[str, bytes]) -> Path:
    """Writes files below a folder, which is returned."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if not path.endswith("/"):
            (root / path).write_bytes(content)
        else:
            (root / path).mkdir(exist_ok=True)
    return root


def pack(path: Path, files: dict[str, bytes]) -> Path:
    """Writes files into a zip, which is returned."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def zipped(files: dict[str, bytes]) -> bytes:
    """The bytes of a zip of files."""
    return build(*(Entry(name.encode(), content, flags=0x800) for name, content in files.items()))


def flat(path: str) -> str:
    """A file's name where a platform knows no folders."""
    return path.rpartition("/")[2]


def canvas(student: Student, middle: str = "") -> dict[str, bytes]:
    last_first = "".join(c for c in "".join(reversed(student.name.split())).lower() if c.isalpha())
    start = f"{last_first}{middle}_{student.number}"
    return {f"{start}_{9000 + n}_{flat(path)}": data for n, (path, data) in enumerate(student.files.items())}


def moodle(student: Student) -> dict[str, bytes]:
    return {f"{student.name}_{student.number}_assignsubmission_file/{p}": data for p, data in student.files.items()}


def moodle_older(student: Student) -> dict[str, bytes]:
    return {f"{student.name}_{student.number}_assignsubmission_file_/{p}": data for p, data in student.files.items()}


def moodle_flat(student: Student) -> dict[str, bytes]:
    start = f"{student.name}_{student.number}_assignsubmission_file_"
    return {start + flat(path): data for path, data in student.files.items()}


def gradescope(student: Student) -> dict[str, bytes]:
    start = f"assignment_77_export/submission_{student.number.lstrip('0')}/"
    return {start + path: data for path, data in student.files.items()}


def metadata(*students: Student, colon: str = ":") -> bytes:
    """Gradescope's file that says whose each submission is; each of the students stands in a YAML document."""
    return "".join(
        f"---\nsubmission_{one.number.lstrip('0')}:\n"
        f'  {colon}submitters:\n  - {colon}name: "{one.name}"\n    {colon}sid: {one.number}\n'
        f"    {colon}email: {one.user}@example.edu\n"
        f"  {colon}created_at: 2026-10-12 14:30:05.123456000 Z\n  {colon}score: 3.5\n  {colon}status: processed\n"
        f"  {colon}results:\n    tests:\n    - {{name: a, output: [1, [2, [3]]]}}\n"
        f"  {colon}history:\n  - {colon}id: 1\n    {colon}submitters: []\n"
        for one in students
    ).encode()


def classroom50(student: Student) -> dict[str, bytes]:
    start = f"cs1-shapes_submissions_2026-10-12T14_30_05/cs1-shapes-{student.user}/"
    return {**{start + path: data for path, data in student.files.items()}, start + ".git/shapes.py": b"no work\n"}


def github(student: Student) -> dict[str, bytes]:
    return {f"hw-1-submissions/hw-1-{student.user}/{path}": data for path, data in student.files.items()}


def nbgrader(student: Student) -> dict[str, bytes]:
    return {f"submitted/{student.user}/ps1/{path}": data for path, data in student.files.items()}


def blackboard(student: Student) -> dict[str, bytes]:
    start = f"Home_work 1_{student.user}_attempt_2026-10-12-14-30-05"
    return {f"{start}.txt": b"Name: x", **{f"{start}_{flat(path)}": data for path, data in student.files.items()}}


def brightspace(student: Student) -> dict[str, bytes]:
    start = f"{student.number}-5678 - {student.name} - Oct 12, 2026 230 PM/"
    return {start + path: data for path, data in student.files.items()}


def codegrade(student: Student) -> dict[str, bytes]:
    return {f"{student.name} - 2026-10-12T14:30:05.123456/{p}": data for p, data in student.files.items()}


def by_hand(student: Student) -> dict[str, bytes]:
    return {f"class/{student.name}/{path}": data for path, data in student.files.items()}


LAYOUTS = {
    "canvas": canvas,
    "moodle": moodle,
    "moodle older": moodle_older,
    "moodle flat": moodle_flat,
    "gradescope": gradescope,
    "classroom50": classroom50,
    "github-classroom": github,
    "nbgrader": nbgrader,
    "blackboard": blackboard,
    "brightspace": brightspace,
    "codegrade": codegrade,
    "folders": by_hand,
}


def download(layout: str, *students: Student) -> dict[str, bytes]:
    """All files of a download."""
    files = {path: data for student in students for path, data in LAYOUTS[layout](student).items()}
    if layout == "gradescope":
        files["assignment_77_export/submission_metadata.yml"] = metadata(*students)
    return files
