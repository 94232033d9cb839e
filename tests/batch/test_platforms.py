"""Each platform's download: what is whose, told from the names alone."""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import replace

import pytest

from grader.batch.intake.collect import Class, collect
from grader.submissions import SubmissionError, read_submission
from tests.batch.downloads import CLASS, LAYOUTS, SOURCE, Student, canvas, download, lay, metadata, pack, zipped
from tests.submissions.notebooks import notebook

ANNA, SOREN, LI, ALI, OLGA = CLASS


@pytest.fixture
def collected(tmp_path):
    """Collects a download, as a zip and unpacked, and asserts that both are the same class."""

    calls = itertools.count()

    def collect_both(files: dict[str, bytes], **options) -> Class:
        place = tmp_path / str(next(calls))
        unpacked = collect([lay(place / "submissions", files)], **options)
        packed = collect([pack(place / "submissions.zip", files)], **options)
        assert summary(packed) == summary(unpacked)
        assert packed.platform == unpacked.platform
        return packed

    return collect_both


def summary(found: Class) -> list[tuple]:
    return [(one.name, one.people, one.late, one.notes, modules(one)) for one in found.handed_in]


def modules(one) -> dict[str, bytes] | str:
    try:
        return {topic: file.source for topic, file in one.read().modules.items()}
    except SubmissionError:
        return "nothing to read"


def names(found: Class) -> list[str]:
    return [one.name for one in found.handed_in]


def ids(found: Class) -> list[tuple]:
    return [person.ids for one in found.handed_in for person in one.people]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_platforms_zip_as_downloaded_grades_like_folders_sorted_by_hand(collected, tmp_path, layout):
    found = collected(download(layout, *CLASS))
    assert found.platform == layout.partition(" ")[0] and found.problems == ()
    by_hand = [read_submission(lay(tmp_path / "hand" / one.user, one.files)) for one in CLASS]
    assert sorted(one.read().digest() for one in found.handed_in) == sorted(one.digest() for one in by_hand)
    wanted = {frozenset((topic, file.source) for topic, file in one.modules.items()) for one in by_hand}
    assert {frozenset(modules(one).items()) for one in found.handed_in} == wanted
    assert "\n" not in found.said and "5 students in submissions.zip" in found.said


@pytest.mark.parametrize("layout", LAYOUTS)
def test_notebooks_are_read_from_each_platforms_download(collected, layout):
    students = [replace(one, files={"work.ipynb": notebook(SOURCE.decode()), "report.pdf": b"%PDF"}) for one in CLASS]
    found = collected(download(layout, *students))
    assert [list(one.read().modules) for one in found.handed_in] == [["shapes"]] * len(CLASS)
    assert all("shapes was taken from" in one.read().problems[0].text for one in found.handed_in)


def test_a_students_folder_of_notebooks_is_one_submission_and_a_lesson_beside_students_is_none(tmp_path):
    data = notebook(SOURCE.decode())
    alone = collect([lay(tmp_path / "anna", {"a.ipynb": data, "lesson.ipynb": notebook("x = 1")})])
    assert names(alone) == ["anna"] and list(modules(alone.handed_in[0])) == ["shapes"]
    single = collect([tmp_path / "anna" / "a.ipynb"])
    assert len(single.handed_in) == 1 and list(modules(single.handed_in[0])) == ["shapes"]
    together = {"anna/work.ipynb": data, "ben/work.ipynb": data, "lesson.ipynb": data}
    assert names(collect([lay(tmp_path / "class", together)])) == ["anna", "ben"]


@pytest.mark.parametrize(
    ("layout", "kind", "value"),
    [
        ("canvas", "canvas", "number"),
        ("moodle", "moodle", "number"),
        ("moodle flat", "moodle", "number"),
        ("gradescope", "sid", "number"),
        ("classroom50", "username", "user"),
        ("github-classroom", "username", "user"),
        ("nbgrader", "username", "user"),
        ("blackboard", "username", "user"),
        ("brightspace", "brightspace", "number"),
    ],
)
def test_everybody_has_the_id_that_the_platform_gives(collected, layout, kind, value):
    found = collected(download(layout, *CLASS))
    given = [dict(all_of_one)[kind] for all_of_one in ids(found)]
    assert sorted(given) == sorted(getattr(student, value) for student in CLASS), "leading zeros are kept"


@pytest.mark.parametrize("layout", ["moodle", "gradescope", "brightspace", "codegrade", "folders"])
def test_names_are_as_the_platform_writes_them(collected, layout):
    assert sorted(names(collected(download(layout, *CLASS)))) == sorted(student.name for student in CLASS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_noise_and_a_wrapper_folder_cost_nothing(collected, layout):
    files = {f"wrapper/{path}": data for path, data in download(layout, *CLASS).items()}
    noise = {"__MACOSX/wrapper/._shapes.py": b"\0", ".DS_Store": b"\0", "wrapper/.DS_Store": b"\0", "desktop.ini": b""}
    plain = collected(download(layout, *CLASS))
    noisy = collected({**files, **noise})
    if layout != "folders":  # which are called what they are called
        assert summary(noisy) == summary(plain) and noisy.platform == plain.platform
    assert noisy.problems == ()


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"folders"}))
def test_what_belongs_to_nobody_is_told_and_nobodys(collected, layout):
    files = download(layout, *CLASS)
    around = next(iter(files)).split("/")[:-1] if layout in ("gradescope", "classroom50", "github-classroom") else []
    top = around[0] + "/" if around else ("submitted/" if layout == "nbgrader" else "")
    found = collected({**files, f"{top}stray notes.txt": b"", f"{top}shapes.py": b"nobody = 1\n"})
    assert summary(found) == summary(collected(files))
    assert any("shapes.py, stray notes.txt belong to nobody" in problem for problem in found.problems)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_students_zip_in_the_classs_zip_is_looked_into(collected, layout):
    files = {"hand-in.ZIP": zipped({f"hw/{path}": data for path, data in ANNA.files.items()})}
    nested = collected(download(layout, replace(ANNA, files=files), *CLASS[1:]))
    assert summary(nested) == summary(collected(download(layout, *CLASS)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_in_nfd_are_the_same_people(collected, layout):
    files = download(layout, *CLASS)
    decomposed = {unicodedata.normalize("NFD", path): data for path, data in files.items()}
    assert summary(collected(decomposed)) == summary(collected(files))


def test_a_canvas_file_that_was_handed_in_again_counts_as_the_module(collected):
    uuid = "4fa9c0de-12ab-4cde-9f01-0123456789ab"
    again = replace(ANNA, files={"shapes-1.py": SOURCE, "cnn-7.py": b"x = 1\n"})
    further = replace(SOREN, files={f"shapes-{uuid}.py": b"y = 2\r\n"})
    found = collected(download("canvas", again, further))
    assert [modules(one) for one in found.handed_in] == [
        {"shapes": SOURCE, "cnn": b"x = 1\n"},
        {"shapes": b"y = 2\r\n"},
    ]
    assert [one.notes for one in found.handed_in] == [
        ("handed in again: Canvas wrote cnn-7.py for cnn.py, and 1 more",),
        (f"handed in again: Canvas wrote shapes-{uuid}.py for shapes.py",),
    ]


def test_of_two_canvas_files_by_one_name_the_one_uploaded_last_counts(collected):
    files = {"leeanna_1_99_shapes-2.py": b"old = 1\n", "leeanna_1_100_shapes.py": b"new = 1\n"}
    assert modules(collected(files).handed_in[0]) == {"shapes": b"new = 1\n"}


def test_late_is_a_flag(collected):
    found = collected({**canvas(ANNA, "_LATE"), **canvas(SOREN), "LATE_anon_Ab3dE_77_shapes.py": SOURCE})
    assert {one.name: one.late for one in found.handed_in} == {
        "anon_Ab3dE": True,
        "leeanna": True,
        "ødegårdmüllersøren": False,
    }


def test_anonymous_canvas_students_are_told_apart(collected):
    found = collected({"anon_Ab3dE_77_shapes.py": SOURCE, "anon_Xy_78_shapes.py": b"y = 1\n", "anon_Xy_79_cnn.py": b""})
    assert names(found) == ["anon_Ab3dE", "anon_Xy"]
    assert set(modules(found.handed_in[1])) == {"shapes", "cnn"}
    assert [person.name for one in found.handed_in for person in one.people] == ["", ""]


@pytest.mark.parametrize(
    "text",
    [
        {"leeanna_123_text.html": b"<p>", "benok_LATE_124_9_link.html": b"<p>"},
        {
            "Anna Lee_1_assignsubmission_onlinetext/onlinetext.html": b"",
            "Ben Ok_2_assignsubmission_onlinetext_/onlinetext.html": b"",
        },
        {
            "HW_annalee_attempt_2026-10-12-14-30-05.txt": b"",
            "HW_benok_attempt_2026-10-12-14-30-05.txt": b"",
        },
    ],
)
def test_who_handed_in_a_text_alone_has_a_row_that_says_so(collected, text):
    found = collected(text)
    assert len(found.handed_in) == 2
    for one in found.handed_in:
        with pytest.raises(SubmissionError, match="no file was handed in"):
            one.read()


def test_a_text_beside_the_files_changes_nothing(collected):
    files = download("moodle", *CLASS)
    text = {f"{ANNA.name}_{ANNA.number}_assignsubmission_onlinetext/shapes.py": b"typed = 1\n"}
    assert summary(collected({**files, **text})) == summary(collected(files))


@pytest.mark.parametrize("word", ["Participant", "Teilnehmer-in", "参加者"])
def test_blind_students_are_called_by_their_numbers_in_any_language(collected, word):
    found = collected({f"{word}_{number}_assignsubmission_file/shapes.py": b"%d" % number for number in (7, 10)})
    assert sorted(names(found)) == sorted([f"{word} 7", f"{word} 10"])
    assert {person.name for one in found.handed_in for person in one.people} == {""}


def test_teams_of_moodle_have_a_row_each(collected):
    found = collected({f"Team {name}_{n}_assignsubmission_file/cnn.py": b"" for n, name in enumerate("AB")})
    assert names(found) == ["Team A", "Team B"]


@pytest.mark.parametrize("colon", [":", ""])
def test_a_group_is_graded_once_and_each_member_is_in_it(collected, colon):
    text = f"""---
submission_5:
  {colon}submitters:
  - {colon}name: Anna Lee
    {colon}sid: 00123
    {colon}email: a@example.edu
  - {colon}name: ~
    {colon}sid:
    {colon}email: b@example.edu
  - {colon}name: "Zoë O'Neill"
---
submission_6:
  {colon}submitters: []
"""
    found = collected(
        {
            "assignment_1_export/submission_metadata.yml": text.encode(),
            "assignment_1_export/submission_5/shapes.py": SOURCE,
            "assignment_1_export/submission_6/shapes.py": b"x = 1\n",
        }
    )
    assert names(found) == ["Anna Lee, b@example.edu, Zoë O'Neill", "submission_6"]
    assert [person.ids for person in found.handed_in[0].people] == [
        (("sid", "00123"), ("email", "a@example.edu"), ("gradescope", "5")),
        (("email", "b@example.edu"), ("gradescope", "5")),
        (("gradescope", "5"),),
    ]
    assert "2 submissions by 4 students" in found.said
    assert any("does not say whose" in problem and "submission_6" in problem for problem in found.problems)


def test_who_stands_in_gradescopes_list_without_a_folder_is_told(collected):
    files = download("gradescope", ANNA, SOREN)
    files["assignment_77_export/submission_metadata.yml"] = metadata(ANNA, SOREN, LI)
    assert "submission_125 by 李小龙" in collected(files).problems[0]


@pytest.mark.parametrize("broken", [b"", b"- 1\n- 2\n", b"a: [", b"\x00\x01", b"a: &x [*x, *x]\n", b"[" * 5000, None])
def test_a_broken_list_costs_the_names_and_not_the_work(collected, broken):
    files = download("gradescope", ANNA, SOREN)
    del files["assignment_77_export/submission_metadata.yml"]
    if broken is not None:
        files["assignment_77_export/submission_metadata.yml"] = broken
    found = collected(files)
    assert names(found) == ["submission_123", "submission_124"]
    assert found.problems and "submission_metadata.yml" in found.problems[0]


def test_what_was_read_of_a_list_before_it_breaks_counts(collected):
    files = download("gradescope", ANNA, SOREN)
    files["assignment_77_export/submission_metadata.yml"] = metadata(ANNA) + b"---\na: [\n"
    assert names(collected(files)) == ["Anna Lee", "submission_124"]


@pytest.mark.parametrize(
    "files",
    [
        {
            "HW_1_annalee_attempt_2026-10-09-14-30-05_shapes.py": b"old",
            "HW_1_annalee_attempt_2026-10-09-14-30-05_cnn.py": b"old",
            "HW_1_annalee_attempt_2026-10-12-09-00-00_shapes.py": SOURCE,
            "HW_1_ben_attempt_2026-10-12-09-00-00_cnn.py": b"b",
        },
        {
            "12-9 - Anna Lee - Sep 30, 2026 1159 PM/shapes.py": b"old",
            "12-9 - Anna Lee - Oct 2, 2026 1130 AM/cnn.py": b"old",
            "12-9 - Anna Lee - Oct 2, 2026 1230 PM/shapes.py": SOURCE,
            "13-9 - Ben Ok - Oct 2, 2026 1229 PM/cnn.py": b"b",
        },
        {
            "12-9 - Anna Lee - 30 September, 2026 2359/shapes.py": b"old",
            "12-9 - Anna Lee - 2 October, 2026 930/shapes.py": SOURCE,
            "13-9 - Ben Ok - 2 October, 2026 1000/cnn.py": b"b",
        },
        {
            "Anna Lee - 2026-10-02T14:30:05.9/shapes.py": b"old",
            "Anna Lee - 2026-10-02T14:30:06.1/shapes.py": SOURCE,
            "Ben Ok - 2026-10-02T14:30:05.9/cnn.py": b"b",
        },
    ],
    ids=["blackboard", "brightspace", "brightspace, day first", "codegrade"],
)
def test_the_latest_attempt_counts_whole_never_mixed_with_an_earlier_one_and_the_row_says_so(collected, files):
    anna, ben = collected(files).handed_in
    assert modules(anna) == {"shapes": SOURCE} and modules(ben) == {"cnn": b"b"}
    attempts = 3 if "12-9 - Anna Lee - Sep 30, 2026 1159 PM/shapes.py" in files else 2
    assert anna.notes == (f"the latest of {attempts} attempts",) and ben.notes == ()


def test_two_students_of_one_name_are_never_one(collected):
    for layout in ("moodle", "brightspace", "gradescope", "canvas"):
        found = collected(download(layout, ANNA, replace(ANNA, number="999", files={"cnn.py": b""}), SOREN))
        assert len(found.handed_in) == 3
        assert sum("999)" in name for name in names(found)) == 1, names(found)
        assert sum("123)" in name for name in names(found)) == 1, names(found)


def test_user_names_with_hyphens_keep_them_and_lose_the_slug(collected):
    users = ("a", "a-b", "hw-1-c")
    for layout in ("classroom50", "github-classroom"):
        found = collected(download(layout, *(Student(user, user, "1", {"cnn.py": b""}) for user in users)))
        assert names(found) == list(users)


def test_clones_whose_folder_was_renamed_are_told_by_what_their_names_share(collected):
    files = {f"clones/cs1-hw-{user}/cnn.py": user.encode() for user in ("anna", "ben-ok")}
    assert names(collected(files, platform="github-classroom")) == ["anna", "ben-ok"]


def test_blackboards_users_with_underscores_are_never_mixed(collected):
    files = {f"HW_1_{user}_attempt_2026-10-12-14-30-05_cnn.py": user.encode() for user in ("anna_lee", "ben_lee")}
    found = collected(files)
    assert names(found) == ["anna_lee", "ben_lee"]


def test_an_nbgrader_course_is_known_by_its_submitted_folder(collected):
    files = {"source/ps1/a.ipynb": b"", "release/ps1/a.ipynb": b"", **download("nbgrader", *CLASS)}
    found = collected({f"course/{path}": data for path, data in files.items()})
    assert found.platform == "nbgrader" and len(found.handed_in) == 5


def test_names_that_claim_to_be_several_students_are_the_first_ones(collected):
    evil = "assignsubmission_file_Ben Ok_2_assignsubmission_file_shapes.py"
    found = collected({f"Anna Lee_1_{evil}": b"", "Ben Ok_2_assignsubmission_file_cnn.py": b"b"})
    assert modules(found.handed_in[1]) == {"cnn": b"b"}
    found = collected({"annalee_1_2_ben_3_4_shapes.py": SOURCE, "ben_3_5_cnn.py": b"b"})
    assert modules(found.handed_in[1]) == {"cnn": b"b"}


def test_the_same_whatever_the_order_of_a_zips_entries(tmp_path):
    for layout in LAYOUTS:
        files = list(download(layout, *CLASS).items())
        forth = collect([pack(tmp_path / "class.zip", dict(files))])
        shown = (summary(forth), forth.said, forth.problems, [one.source for one in forth.handed_in])
        back = collect([pack(tmp_path / "class.zip", dict(files[::-1]))])
        assert (summary(back), back.said, back.problems, [one.source for one in back.handed_in]) == shown
