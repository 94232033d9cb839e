"""Folders, zips and arguments of any kind become a class; what goes wrong with one student costs that student only."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
import unicodedata
from pathlib import Path

import pytest

from grader.batch.intake.collect import collect
from grader.exits import UsageProblem
from grader.submissions import SubmissionError
from tests.batch.downloads import CLASS, SOURCE, download, lay, pack, zipped
from tests.submissions.building import Entry, build, deflate

NOBODY = 65534  # a user whom every system has, with no rights


def names(found) -> list[str]:
    return [one.name for one in found.handed_in]


def read(one) -> dict[str, bytes]:
    return {topic: file.source for topic, file in one.read().modules.items()}


@pytest.fixture
def sorted_by_hand(tmp_path) -> Path:
    """A folder with two students' folders and two students' zips."""
    root = lay(tmp_path / "class", {"anna/shapes.py": SOURCE, "ben/exercises/shapes.py": b"b = 1\n"})
    pack(root / "carla.zip", {"hw/shapes.py": b"c = 1\n"})
    pack(root / "dora.ZIP", {"shapes.py": b"d = 1\n", "__MACOSX/._shapes.py": b"\0"})
    return root


def test_each_folder_and_zip_in_a_folder_is_one_student(sorted_by_hand):
    found = collect([sorted_by_hand])
    assert names(found) == ["anna", "ben", "carla", "dora"]
    assert [read(one)["shapes"] for one in found.handed_in] == [SOURCE, b"b = 1\n", b"c = 1\n", b"d = 1\n"]
    assert found.platform == "folders" and "4 students in class" in found.said and not found.problems


def test_several_arguments_are_one_student_each(sorted_by_hand, tmp_path):
    lay(sorted_by_hand, {"emil/hw1/shapes.py": b"e = 1\n"})
    found = collect([sorted_by_hand / name for name in ("dora.ZIP", "anna", "carla.zip", "ben/exercises", "emil")])
    assert names(found) == ["anna", "ben", "carla", "dora", "emil"]
    assert [read(one)["shapes"][:1] for one in found.handed_in] == [b"d", b"b", b"c", b"d", b"e"]
    assert found.handed_in[1].read().modules["shapes"].display_path == "exercises/shapes.py"


@pytest.mark.parametrize("files", [{"shapes.py": SOURCE}, {"exercises/shapes.py": SOURCE, "solutions/shapes.py": b""}])
def test_what_holds_modules_itself_is_one_submission(tmp_path, files):
    for path in (lay(tmp_path / "anna", files), pack(tmp_path / "anna.zip", files)):
        found = collect([path])
        assert names(found) == ["anna"] and read(found.handed_in[0]) == {"shapes": SOURCE}
        assert found.said == f"1 submission: {path.name}."
    assert names(collect([lay(tmp_path / "ben", files) / "shapes.py"] if "shapes.py" in files else [path]))


def test_modules_that_lie_about_in_a_class_are_told(tmp_path):
    root = lay(tmp_path / "class", {"shapes.py": b"", "anna/shapes.py": SOURCE, "ben/shapes.py": SOURCE})
    found = collect([root])
    assert names(found) == ["class"] and "anna, ben" in found.problems[0] and "--as folders" in found.problems[0]
    found = collect([root], platform="folders")
    assert names(found) == ["anna", "ben"] and "shapes.py belongs to nobody" in found.problems[0]


def test_a_class_of_one_is_a_class(tmp_path):
    assert names(collect([lay(tmp_path / "class", {"anna/shapes.py": SOURCE})])) == ["anna"]
    assert names(collect([pack(tmp_path / "ben.zip", {"hw/shapes.py": SOURCE})])) == ["ben"]


def test_a_platforms_zip_that_lies_in_a_folder_is_found_there(tmp_path):
    (tmp_path / "hw").mkdir()
    pack(tmp_path / "hw" / "submissions.zip", download("canvas", *CLASS))
    (tmp_path / "hw" / "roster.csv").write_bytes(b"")
    assert collect([tmp_path / "hw"]).platform == "canvas"


@pytest.mark.parametrize("layout", ["canvas", "moodle", "classroom50", "gradescope", "codegrade"])
def test_a_shells_list_of_a_downloads_content_is_that_download(tmp_path, layout):
    root = lay(tmp_path / "dl", download(layout, *CLASS))
    while len(os.listdir(root)) == 1:
        root = root / os.listdir(root)[0]
    listed = collect(list(root.iterdir()))
    whole = collect([root])
    assert listed.platform == whole.platform == layout and names(listed) == names(whole)
    assert [one.people for one in listed.handed_in] == [one.people for one in whole.handed_in]


def test_the_order_of_arguments_changes_nothing(sorted_by_hand, tmp_path):
    other = lay(tmp_path / "second" / "class", {"anna/shapes.py": b"", "Ben/shapes.py": b""})
    lay(other.parent, {"notes.txt": b""})
    paths = [sorted_by_hand, other, other.parent / "notes.txt", pack(tmp_path / "x.zip", download("canvas", *CLASS))]
    found = {
        str((given.platform, given.said, given.problems, [(one.name, one.source) for one in given.handed_in]))
        for given in map(collect, itertools.permutations(paths))
    }
    assert len(found) == 1


def test_the_same_path_twice_is_one(sorted_by_hand):
    os.symlink(sorted_by_hand, sorted_by_hand.parent / "link")
    assert names(collect([sorted_by_hand, sorted_by_hand.parent / "link"])) == ["anna", "ben", "carla", "dora"]


def test_names_are_unique_whatever_their_capitals_and_signs(tmp_path):
    students = [
        "Zoë",
        unicodedata.normalize("NFD", "Zoë"),
        "anna",
        "Anna",
        "ANNA (1)",
        "x (y)",
        "\x1b[31mred\n",
        "a" * 250,
    ]
    root = lay(tmp_path / "a" / "class", {f"{name}/shapes.py": name.encode() for name in students})
    lay(tmp_path / "b" / "class", {"anna/shapes.py": b"", "x (y)/shapes.py": b""})
    found = collect([root, tmp_path / "b" / "class"])
    folded = [unicodedata.normalize("NFC", name).casefold() for name in names(found)]
    assert len(set(folded)) == len(found.handed_in) == 10
    assert all(name.isprintable() for name in names(found))
    assert "\\x1b[31mred\\n" in names(found)


def test_one_name_in_two_folders_is_told_apart_by_them(tmp_path):
    for section in ("monday", "friday"):
        lay(tmp_path / section, {"anna/shapes.py": section.encode(), f"only {section}/shapes.py": b""})
    found = collect([tmp_path / "monday", tmp_path / "friday"])
    assert names(found) == ["anna (friday)", "anna (monday)", "only friday", "only monday"]
    hand_ins = [lay(tmp_path / name / "ps1", {"shapes.py": SOURCE}) for name in ("ben", "carla")]
    assert names(collect(hand_ins)) == ["ps1 (ben)", "ps1 (carla)"]
    packed = pack(tmp_path / "monday.zip", {"anna/shapes.py": b"", "only monday/cnn.py": b""})
    assert names(collect([packed, tmp_path / "monday"]))[:2] == ["anna (monday)", "anna (monday.zip)"]


HOSTILE = {
    "encrypted": build(Entry(flags=1)),
    "empty": b"",
    "nothing in it": build(),
    "exploding": build(Entry(data=b"", packed=deflate(b"\0" * (80 * 2**20)), size=80 * 2**20)),
    "cut": zipped({"shapes.py": SOURCE})[:-9],
    "rar": b"Rar!\x1a\x07\x01\x00" + b"x" * 100,
    "too many": build(*(Entry(b"%d.py" % n, b"", b"", method=0) for n in range(25_000)), Entry()),
    "utf-16": zipped({"shapes.py": "x = 1".encode("utf-16")}),
    "notebook": zipped({"shapes.ipynb": b"{}"}),
    "report": zipped({"report.pdf": b"%PDF"}),
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("place", ["folder of zips", "zip of zips", "zip of folders of zips", "canvas", "arguments"])
def test_encrypted_empty_and_exploding_zips_are_rows_and_the_others_do_not_change(tmp_path, kind, place):
    honest = zipped({"shapes.py": SOURCE})
    students = {"anna": honest, "evil": HOSTILE[kind], "zoe": honest}
    folder = lay(tmp_path / "class", {f"{name}.zip": data for name, data in students.items()})
    if place == "folder of zips":
        paths = [folder]
    elif place == "arguments":
        paths = list(folder.iterdir())
    elif place == "canvas":
        files = {f"{name}_{number}_9_hw.zip": data for number, (name, data) in enumerate(students.items())}
        paths = [pack(tmp_path / "submissions.zip", files)]
    else:
        middle = "/hw.zip" if "folders" in place else ".zip"
        paths = [pack(tmp_path / "class.zip", {name + middle: data for name, data in students.items()})]
    found = collect(paths)
    assert names(found) == ["anna", "evil", "zoe"]
    with pytest.raises(SubmissionError) as refused:
        found.handed_in[1].read()
    reason = str(refused.value)
    assert reason and len(reason) < 500 and not reason.endswith(".")  # it goes into sentences
    assert str(tmp_path) not in reason  # students read it, and need not know the grader's machine
    for one in (found.handed_in[0], found.handed_in[2]):
        assert read(one) == read(one) == {"shapes": SOURCE}


def test_a_students_empty_folder_is_a_row(tmp_path):
    files = {"anna/shapes.py": SOURCE, "ben/": b"", "carla/report.pdf": b""}
    for path in (lay(tmp_path / "class", files), pack(tmp_path / "class.zip", files)):
        found = collect([path])
        assert names(found) == ["anna", "ben", "carla"]
        for one in found.handed_in[1:]:
            with pytest.raises(SubmissionError, match="none of the modules"):
                one.read()


@pytest.fixture
def ordinary_user():
    """Takes root's rights away for a while, and gives a folder in which anybody may work."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        if is_root:
            os.chown(name, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            if is_root:
                os.seteuid(0)


def test_a_folder_that_cannot_be_opened_costs_its_student_only(ordinary_user):
    root = lay(ordinary_user / "class", {"anna/shapes.py": SOURCE, "ben/shapes.py": SOURCE})
    (root / "ben").chmod(0)
    try:
        for paths in ([root], [root / "anna", root / "ben"]):
            found = collect(paths)
            assert names(found) == ["anna", "ben"] and read(found.handed_in[0])
            with pytest.raises(SubmissionError, match="permission denied"):
                found.handed_in[1].read()
    finally:
        (root / "ben").chmod(0o700)


def test_links_below_what_was_named_are_not_followed_and_are_told(tmp_path):
    secret = lay(tmp_path / "secret", {"shapes.py": b"secret = 1\n"})
    root = lay(tmp_path / "class", {"anna/cnn.py": SOURCE, "ben/shapes.py": SOURCE, "carla/notes": b""})
    pack(secret / "hw.zip", {"shapes.py": b"secret = 1\n"})
    os.symlink(secret, root / "evil")
    os.symlink(secret / "hw.zip", root / "evil.zip")
    os.symlink(secret / "shapes.py", root / "anna" / "shapes.py")
    os.symlink(secret / "hw.zip", root / "carla" / "hw.zip")
    os.mkfifo(root / "ben" / "hw.zip")
    found = collect([root])
    assert names(found) == ["anna", "ben", "carla"]
    assert "Links are not followed: evil, evil.zip." in found.problems
    assert set(read(found.handed_in[0])) == {"cnn"} and set(read(found.handed_in[1])) == {"shapes"}
    with pytest.raises(SubmissionError, match="links are not followed"):
        found.handed_in[2].read()


def test_names_that_lead_out_of_a_classs_zip_are_told(tmp_path):
    data = build(
        Entry(b"anna/shapes.py"), Entry(b"../shapes.py"), Entry(b"/etc/shapes.py"), Entry(b"ben/../anna/cnn.py")
    )
    (tmp_path / "class.zip").write_bytes(data)
    found = collect([tmp_path / "class.zip"], platform="folders")
    assert names(found) == ["anna"] and set(read(found.handed_in[0])) == {"shapes"}
    assert "../shapes.py" in found.problems[0] and "/etc/shapes.py" in found.problems[0]


def test_a_zip_of_a_mac_keeps_its_letters(tmp_path):
    (tmp_path / "class.zip").write_bytes(build(Entry("Zoë/cnn.py".encode()), Entry("李/cnn.py".encode())))
    assert names(collect([tmp_path / "class.zip"])) == ["Zoë", "李"]


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        (r"hw1-(?P<student>.+)", {"hw1-anna/shapes.py": SOURCE, "hw1-zoë/shapes.py": b"b"}),
        (r"(?P<student>[^/]+)-(?P<file>[^-/]+\.py)", {"anna-shapes.py": SOURCE, "zoë-shapes.py": b"b"}),
        (
            r"[ab]/(?P<student>[^/]+)/v(?P<attempt>\d+)",
            {"a/anna/v9/cnn.py": b"", "a/anna/v10/shapes.py": SOURCE, "b/zoë/v1/shapes.py": b"b"},
        ),
        (r"(?P<student>.+)\.zip", {"anna.zip": zipped({"shapes.py": SOURCE}), "zoë.zip": zipped({"shapes.py": b"b"})}),
        (r"(?P<student>[^/]+)/(?P<file>.+)", {"anna/exercises/shapes.py": SOURCE, "zoë/shapes.py": b"b"}),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_pattern_says_whose_anything_else_is(tmp_path, pattern, files, form):
    files = {unicodedata.normalize(form, path): data for path, data in files.items()}
    for path in (lay(tmp_path / "dl", files), pack(tmp_path / "dl.zip", files)):
        found = collect([path], pattern=pattern)
        assert found.platform == "pattern" and names(found) == ["anna", "zoë"] and not found.problems
        assert [read(one) for one in found.handed_in] == [{"shapes": SOURCE}, {"shapes": b"b"}]


def test_what_no_pattern_fits_is_told(tmp_path):
    root = lay(tmp_path / "dl", {"hw1-anna/shapes.py": SOURCE, "other/shapes.py": b"", "notes.txt": b""})
    found = collect([root], pattern="hw1-(?P<student>.+)")
    assert names(found) == ["anna"] and "notes.txt, other/shapes.py belong to nobody" in found.problems[0]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"platform": "canvvas"}, "There is no platform canvvas. Did you mean canvas?"),
        ({"platform": "moodle"}, "Nothing in class is named as Moodle names it"),
        ({"pattern": "(?P<student>"}, "is no regular expression"),
        ({"pattern": "anna"}, r"(?P<student>...)"),
        ({"pattern": "(?P<student>a)(?P<files>b)"}, "unknown group, files. Did you mean file?"),
        ({"pattern": "(?P<student>x+)"}, "Nothing in class"),
        ({"pattern": "(?P<student>a)", "platform": "canvas"}, "give one of them"),
    ],
)
def test_what_cannot_be_done_as_asked_is_one_clear_sentence(sorted_by_hand, options, sentence):
    with pytest.raises(UsageProblem) as problem:
        collect([sorted_by_hand], **options)
    assert sentence in str(problem.value) and "\n" not in str(problem.value)


@pytest.mark.parametrize("path", ["missing", "empty", "notes.txt", "broken.zip", "a\0b"])
def test_nothing_to_grade_is_one_clear_sentence(tmp_path, path):
    lay(tmp_path, {"empty/": b"", "notes.txt": b"hello", "broken.zip": b"PK"})
    with pytest.raises(UsageProblem) as problem:
        collect([tmp_path / path])
    assert path.replace("\0", "\\x00") in str(problem.value)


def test_a_folder_without_submissions_says_what_would_be_one(tmp_path):
    lay(tmp_path, {"class/readme.txt": b"hello"})
    with pytest.raises(UsageProblem, match=r"^Nothing to grade is in .*class: neither a student's folder .*shapes\.py"):
        collect([tmp_path / "class"])


def test_reading_is_repeatable_and_leaves_no_file_open(tmp_path):
    found = collect([pack(tmp_path / "submissions.zip", download("moodle", *CLASS))])
    before = sorted(os.listdir("/proc/self/fd"))
    for one in found.handed_in:
        assert one.read().digest() == one.read().digest()
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_two_thousand_students_are_collected_and_read_in_a_few_seconds(tmp_path):
    """Not a benchmark: it would take minutes if each reading listed the whole zip anew."""
    files = {f"Student {n}_{n}_assignsubmission_file/hw/{m}.py": SOURCE for n in range(2000) for m in ("shapes", "cnn")}
    path = pack(tmp_path / "class.zip", files)
    start = time.process_time()
    found = collect([path])
    assert len(found.handed_in) == 2000
    assert all(len(one.read().modules) == 2 for one in found.handed_in)
    assert time.process_time() - start < 30
