"""What an instructor is told of a class and is given of it, with the platform's own roster beside it."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest

from grader.batch.intake.collect import collect
from grader.batch.intake.handed_in import Person
from grader.batch.outcome import Outcome, feedback
from grader.batch.results.folders import folder_names
from grader.batch.results.records import Record, Replaced, Row
from grader.batch.results.store import ClassList, Store
from grader.batch.rosters import Roster
from grader.batch.rosters.matching import match
from grader.batch.rosters.returning import returned
from tests.batch.downloads import pack
from tests.batch.exports import Dialect, Folder, canvas
from tests.batch.invented import record

ANNA = Row("leeanna", "leeanna", (Person("leeanna", (("canvas", "101"),)),), "c.zip", late=True)
JOERG = Row("müllerjörg", "müllerjörg", (Person("müllerjörg", (("canvas", "102"),)),), "c.zip")
NOBODY = Row("xuwen", "xuwen", (Person("xuwen", (("canvas", "777"),)),), "c.zip")


@pytest.fixture
def kept(tmp_path):
    """Keeps a class with these records in a folder, and gives what came of it."""

    def outcome(records: dict[Row, Record], roster: Roster | None = None) -> tuple[Outcome, Path]:
        with Store.opened(tmp_path / "out") as store:
            store.keep_class(ClassList("canvas", "Canvas", tuple(records)))
            for row, found in records.items():
                store.keep(row, found, {"report.html": row.name})
            matching = match(roster, [row.handed_in() for row in records]) if roster else None
            found = Outcome.of(store, roster, matching)
            found.write(store)
        return found, tmp_path / "out"

    return outcome


@pytest.fixture
def roster(tmp_path):
    return Folder(tmp_path).roster(canvas().rows)


def of(row: Row, *shares: float, **options: object) -> Record:
    return record(row.name, shares, **options)  # type: ignore[arg-type]


def gradebook(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((out / "gradebook.csv").read_text(encoding="utf-8"))))


def test_students_are_called_as_the_roster_calls_them(kept, roster):
    found, out = kept({ANNA: of(ANNA, 0.5), JOERG: of(JOERG, 0.0, status="the zip is cut short")}, roster)
    assert [line["submission"] for line in gradebook(out)] == ["leeanna", "müllerjörg"]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert '<a href="leeanna/report.html"><bdi>Lee, Anna</bdi></a>' in page
    assert 'title="Lee, Anna, handed in as leeanna"' in page
    assert "  Müller, Jörg (müllerjörg): the zip is cut short" in list(found.told())


def test_without_a_roster_nothing_is_said_of_one(kept):
    _, out = kept({ANNA: of(ANNA, 0.5)})
    assert "<bdi>leeanna</bdi>" in (out / "index.html").read_text(encoding="utf-8")


def test_missing_and_unmatched_students_are_named_and_the_cells_of_missing_ones_stay_as_they_were(kept, roster):
    found, out = kept({ANNA: of(ANNA, 0.5), NOBODY: of(NOBODY, 1.0)}, roster)
    told = list(found.told())
    assert told[1:] == [
        "Handed nothing in (2):", "  Müller, Jörg", "  O'Brien, 李", "Not on the roster (1):", "  xuwen",
    ]  # fmt: skip
    data = json.loads((out / "class.json").read_text(encoding="utf-8"))
    assert (data["missing"], data["unmatched"]) == (["Müller, Jörg", "O'Brien, 李"], ["xuwen"])
    grades = found.grades(match(roster, [row.handed_in() for row in (ANNA, NOBODY)]))
    rows = Dialect().read(returned(roster, grades, column="4711"))
    assert [row[5] for row in rows[3:6]] == ["50", "66.50", ""]


def test_late_is_shown_never_changes_a_score_and_survives_regrading(kept):
    on_time = msgspec.structs.replace(ANNA, late=False)
    _, out = kept({on_time: of(ANNA, 0.5)})
    before = gradebook(out)[0]
    again = msgspec.structs.replace(of(ANNA, 0.5), run=2, replaced=Replaced(50.0, "another seed"))
    for found in (of(ANNA, 0.5), again):
        _, out = kept({ANNA: found})
        line = gradebook(out)[0]
        assert line["status"] == "graded; late" and line["score"] == before["score"] == "50"
        assert '<span class="mark">late</span>' in (out / "index.html").read_text(encoding="utf-8")
    assert "Handed in late." in feedback(again, ANNA.handed_in())


def test_a_page_of_similar_modules_goes_when_there_are_none_any_more(kept):
    marks = {"shapes": tuple(range(100))}
    both = {row: msgspec.structs.replace(of(row, 1.0), marks=marks, modules={}) for row in (ANNA, JOERG)}
    (kept({ANNA: of(ANNA, 1.0)})[1] / "similar.html").write_text("of an earlier run")
    _, out = kept({ANNA: both[ANNA], JOERG: of(JOERG, 1.0)})
    assert not (out / "similar.html").exists()


@pytest.mark.parametrize(("changed", "said"), [(1, "1 score is other"), (2, "2 scores are other")])
def test_how_many_scores_have_changed_is_told(kept, changed, said):
    records = {row: of(row, 1.0) for row in (ANNA, JOERG)}
    for row in list(records)[:changed]:
        records[row] = msgspec.structs.replace(records[row], run=1, replaced=Replaced(3.0, "another submission"))
    found, out = kept(records)
    assert f"{said} than before: changes.csv says which and why." in list(found.told())
    assert len((out / "changes.csv").read_text(encoding="utf-8").splitlines()) == 1 + changed


def test_who_is_not_graded_yet_is_counted_and_hides_nobody_who_needs_a_look(tmp_path):
    rows = tuple(Row(f"s{number}", f"s{number}", (Person(f"s{number}"),)) for number in range(30))
    with Store.opened(tmp_path / "out") as store:
        store.keep_class(ClassList("folders", "Folders", rows))
        store.keep(rows[29], record("s29", [0.0], status="the zip is cut short"), {})
        found = Outcome.of(store)
        found.write(store)
    assert list(found.told()) == [
        "A look is needed at (1):", "  s29: the zip is cut short", "Not graded yet: 29 of 30.",
    ]  # fmt: skip
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "<b>29</b><span>not graded yet</span>" in page and page.count("not graded yet") == 1


def test_two_of_one_name_on_the_roster_are_told_apart(kept, tmp_path):
    rows = canvas().rows
    rows[4][0] = rows[3][0]
    twins = Folder(tmp_path).roster(rows)
    twin = Row("leeanna (102)", "leeanna (102)", (Person("leeanna", (("canvas", "102"),)),), "c.zip")
    _, out = kept({ANNA: of(ANNA, 0.5), twin: of(twin, 1.0)}, twins)
    page = (out / "index.html").read_text(encoding="utf-8")
    assert all(f"<bdi>Lee, Anna ({number})</bdi>" in page for number in (101, 102))


def test_names_with_brackets_right_to_left_letters_nfc_nfd_or_case_twins_get_separate_working_links(tmp_path):
    files = {
        f"{name}_{number}_assignsubmission_file/shapes.py": b"x = 1\n"
        for number, name in enumerate(
            ("Anna [Lee]", "שרה כהן", "مريم (علي)", "José", "Jose\u0301", "JOSÉ", "50% #1?", "a&b <i>", 'O\'Neil "PJ"'),
            70,
        )
    }
    found = collect([pack(tmp_path / "class.zip", files)])
    folders = folder_names([one.name for one in found.handed_in])
    rows = [Row.of(one, folder) for one, folder in zip(found.handed_in, folders, strict=True)]
    with Store.opened(tmp_path / "out") as store:
        store.keep_class(ClassList("moodle", "Moodle", tuple(rows)))
        for row in rows:
            store.keep(row, record(row.name, [0.5]), {"report.html": row.name, "report.json": row.name})
        Outcome.of(store).write(store)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    table = page[page.index('<tbody id="rows">') : page.index("</tbody>", page.index('<tbody id="rows">'))]
    links = re.findall(r'<a href="([^"]*)"><bdi>(.*?)</bdi>', table)
    assert len({href.casefold() for href, _ in links}) == len(rows) == len(files)
    for href, name in links:
        assert (tmp_path / "out" / unquote(href)).read_text(encoding="utf-8") == html.unescape(name)


def test_whose_work_could_not_be_read_gets_no_grade_before_somebody_has_looked(kept, roster):
    found, _ = kept({ANNA: of(ANNA, 0.5), JOERG: of(JOERG, 0.0, status="the zip is cut short")}, roster)
    matching = match(roster, [ANNA.handed_in(), JOERG.handed_in()])
    assert [grade.score for grade in found.grades(matching).values()] == [50.0]
