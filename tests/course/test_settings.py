"""What the course is stands in course.toml, and an instructor's settings lie over it."""

from __future__ import annotations

import json
import tomllib

import pytest

from grader.course import registry, settings
from grader.course.settings import SettingsProblem, TopicFacts, with_settings
from grader.report.model import tidy
from tests.kit import ROOT, copied, python

FACTS = settings.Facts(
    (TopicFacts("sums", "Sums", {"add": 2, "carry": 6}), TopicFacts("shapes", "Shapes", {"square": 2}))
)


def points(table):
    return {topic.name: topic.points for topic in with_settings(FACTS, table).topics}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({}, {"sums": {"add": 2, "carry": 6}, "shapes": {"square": 2}}),
        ({"points": {"carry": 20}}, {"sums": {"add": 2, "carry": 20}, "shapes": {"square": 2}}),
        ({"points": {"sums": 4}}, {"sums": {"add": 1, "carry": 3}, "shapes": {"square": 2}}),
        ({"points": {"sums": 4, "add": 0.5}}, {"sums": {"add": 0.5, "carry": 3.5}, "shapes": {"square": 2}}),
        ({"without": ["shapes"]}, {"sums": {"add": 2, "carry": 6}}),
        ({"without": ["square", "add"]}, {"sums": {"carry": 6}}),
        ({"without": ["add"], "points": {"sums": 9}}, {"sums": {"carry": 9}, "shapes": {"square": 2}}),
    ],
    ids=str,
)
def test_settings_lie_over_the_course(table, expected):
    assert points(table) == expected


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"point": {}}, "there is no setting 'point'. Did you mean points?"),
        ({"points": {"cary": 3}}, "points names 'cary', which is no topic or exercise. Did you mean carry?"),
        ({"without": ["sum"]}, "without names 'sum', which is no topic or exercise. Did you mean sums?"),
        ({"points": {"add": 0}}, "points of add must be a number above 0, not 0"),
        ({"points": {"add": True}}, "points of add must be a number above 0, not True"),
        ({"points": {"add": "3"}}, "points of add must be a number above 0, not '3'"),
        ({"points": 5}, "points must be a table"),
        ({"without": "add"}, "without must be a list of names"),
        ({"without": ["add"], "points": {"add": 3}}, "add is left out, and has points"),
        ({"without": ["sums", "shapes"]}, "without leaves nothing to grade"),
        ({"points": {"sums": 4, "add": 5}}, "points of sums is 4, and its exercises' own points are 5"),
        ({"points": {"sums": 4, "add": 1, "carry": 1}}, "points of sums is 4, and its exercises' own points are 2"),
        ({"show_hint": True}, "there is no setting 'show_hint'. Did you mean show_hints?"),
        ({"show_hints": "flase"}, "show_hints must be true or false, not 'flase'. Did you mean false?"),
        ({"show_mistakes": 0}, "show_mistakes must be true or false, not 0"),
        ({"show_solutions": "no"}, "show_solutions must be true or false, not 'no'"),
        ({"seed": -1}, "seed must be a whole number from 0 to 2147483647, not -1"),
        ({"seed": 2**31}, "seed must be a whole number from 0 to 2147483647"),
        ({"seed": True}, "seed must be a whole number from 0 to 2147483647, not True"),
        ({"call_seconds": 0}, "call_seconds must be a number of seconds from 1 to 120, not 0"),
        ({"call_seconds": "20"}, "call_seconds must be a number of seconds from 1 to 120, not '20'"),
        ({"call_seconds": float("nan")}, "call_seconds must be a number of seconds from 1 to 120, not nan"),
        (
            {"deadline": "next week"},
            "deadline must be a date, or a date and a time, such as 2026-12-01 or 2026-12-01T23",
        ),
        ({"deadline": 20261201}, "deadline must be a date, or a date and a time"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told_in_a_sentence(table, said):
    with pytest.raises(SettingsProblem) as raised:
        with_settings(FACTS, table)
    assert str(raised.value).startswith("pyproject.toml, [tool.grader]: ")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("deadline = 2026-12-01", "Tuesday, 1 December 2026"),
        ("deadline = 2026-12-01T23:59:00", "Tuesday, 1 December 2026, 23:59"),
        ("deadline = 2026-12-01T23:59:59", "Tuesday, 1 December 2026, 23:59:59"),
        ("deadline = 2026-12-01T23:59:00+01:00", "Tuesday, 1 December 2026, 23:59 UTC+01:00"),
        ("deadline = 2026-12-01T22:59:00Z", "Tuesday, 1 December 2026, 22:59 UTC"),
        ('deadline = "2026-12-01"', "Tuesday, 1 December 2026"),
        ('deadline = " 2026-12-01 23:59 "', "Tuesday, 1 December 2026, 23:59"),
    ],
)
def test_a_deadline_is_a_date_or_a_time_and_reads_like_one(line, told):
    assert with_settings(FACTS, tomllib.loads(line)).deadline == told


def test_what_is_not_set_is_as_without_settings():
    assert with_settings(FACTS, {}).others() == {}
    given = {"seed": 0, "call_seconds": 20, "show_hints": True, "show_solutions": False, "deadline": "2026-12-01"}
    assert with_settings(FACTS, given).others() == {
        "seed": 0, "call_seconds": 20.0, "show_solutions": False, "deadline": "Tuesday, 1 December 2026",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[topic]", "cannot be read"),
        ('[[topic]]\nname = "a"', "needs a name and points"),
        (
            '[[topic]]\nname = "a"\ntitel = "A"\n[topic.points]\nb = 1',
            "there is no setting 'titel'. Did you mean title?",
        ),
        ('[[topic]]\nname = "a"\noff_limits = ["pooling"]\n[topic.points]\nb = 1', "off_limits 'pooling' is not known"),
        ('[[topic]]\nname = "a"\n[topic.points]\na = 1', "a stands there twice"),
        ('[[topic]]\nname = "a"\n[topic.points]\nb = -1', "points of b must be a number above 0"),
    ],
    ids=str,
)
def test_a_course_that_cannot_be_read_is_told_in_a_sentence(tmp_path, text, said):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(SettingsProblem, match="course.toml") as raised:
        settings.read(tmp_path / "course.toml", tmp_path / "none")
    assert said in str(raised.value)


@pytest.fixture
def kit(tmp_path):
    """The commands of a copy of the kit, whose settings may be changed."""
    project = copied(tmp_path) / "pyproject.toml"
    before = project.read_text(encoding="utf-8")

    def run(*arguments, settings=""):
        project.write_text(f"{before}\n[tool.grader]\n{settings}\n")
        return python(tmp_path, "-m", "grader", *arguments)

    return run


TWO_LINES = 'points = { conv2d = 20 }\nwithout = ["transfer", "get_accuracy"]'


def test_a_topic_less_and_other_points_are_a_change_of_two_lines(kit):
    facts = with_settings(registry.FACTS, tomllib.loads(TWO_LINES))
    count = sum(len(topic.points) for topic in facts.topics)
    whole = tidy(sum(sum(topic.points.values()) for topic in facts.topics))
    (own,) = (tidy(sum(topic.points.values())) for topic in facts.topics if topic.name == "convolution")
    done = kit("check", "--solutions", "--json", "report.json", "--html", "page.html", settings=TWO_LINES)
    assert (done.returncode, done.stderr) == (0, "") or "pictures" in done.stderr, done.stderr
    assert f"{whole:g} of {whole:g} points" in done.stdout and "Every exercise is right" in done.stdout
    first = kit("check", settings=TWO_LINES).stdout
    assert (
        f"in {count} small exercises worth {whole:g}" in first and f"0 / {own:g}" in first and "transfer" not in first
    )
    table = kit("points", settings=TWO_LINES).stdout
    assert [line.split() for line in table.splitlines() if line.startswith(("convolution", "total"))] == [
        ["convolution", f"{own:g}"],
        ["total", f"{whole:g}"],
    ]
    assert table.rstrip().endswith("Left out: get_accuracy, transfer.")


def test_the_other_settings_reach_what_grades_and_are_listed(kit, tmp_path):
    settings = "seed = 5\nshow_hints = false\nshow_solutions = false\ndeadline = 2026-12-01\npoints = { shapes = 8 }"
    listed = kit("points", settings=settings).stdout.partition("Also set:\n")[2]
    assert listed.split("\n")[:4] == [
        "  seed = 5", "  show_hints = false", "  show_solutions = false", "  deadline = Tuesday, 1 December 2026",
    ]  # fmt: skip
    (tmp_path / "work").mkdir()
    wrong = (ROOT / "solutions" / "shapes.py").read_text(encoding="utf-8").replace("2 * p", "p")
    (tmp_path / "work" / "shapes.py").write_text(wrong)
    asked = ("check", "shapes", "--submission", "work", "--json", "report.json")
    done = kit(*asked, settings=settings)
    assert done.returncode == 1, done.stderr
    assert "/ 8 points" in done.stdout and "The deadline is Tuesday, 1 December 2026." in done.stdout
    assert "hint" not in done.stdout and "not shown in this course" in done.stdout
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (report["seed"], report["max_score"]) == (5, 8)
    assert {check["hint"] for e in report["exercises"] for check in e["checks"]} == {None}
    refused = kit("hint", "same_padding", settings=settings)
    assert refused.returncode == 4 and "this course shows no hints" in refused.stderr


def test_a_wrong_answer_loses_its_share_of_other_points(kit, tmp_path):
    report = tmp_path / "report.json"
    path = tmp_path / "work" / "convolution.py"
    path.parent.mkdir()
    path.write_text(
        (ROOT / "solutions" / "convolution.py")
        .read_text(encoding="utf-8")
        .replace("    ### BEGIN SOLUTION", "    bias = None\n    ### BEGIN SOLUTION")
    )
    kit("check", "conv2d", "--submission", "work", "--json", str(report), settings="points = { conv2d = 18 }")
    (exercise,) = json.loads(report.read_text(encoding="utf-8"))["exercises"]
    assert exercise["max_score"] == 18 and 0 <= exercise["score"] < 18
    assert {check["max_score"] for check in exercise["checks"]} == {9, 3}


def test_who_may_leave_an_exercise_out_gets_a_right_one_to_call(kit, tmp_path):
    """`train` calls `get_accuracy`, which nobody has to write here."""
    path = tmp_path / "work" / "training.py"
    path.parent.mkdir()
    text = (ROOT / "solutions" / "training.py").read_text(encoding="utf-8")
    start = text.index("def get_accuracy")
    path.write_text(
        text[:start]
        + text[start:].replace("    ### BEGIN SOLUTION", "    raise NotImplementedError\n    ### BEGIN SOLUTION", 1)
    )
    done = kit("check", "train", "--submission", "work", settings='without = ["get_accuracy"]')
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("command", [["check"], ["points"], ["hint", "rescale"], ["doctor"]])
def test_a_wrong_setting_is_told_before_any_work(kit, command):
    done = kit(*command, settings="points = { conv2 = 20 }")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.strip() == (
        "grader: pyproject.toml, [tool.grader]: points names 'conv2', which is no topic or exercise. Did you mean conv2d?"
    )


def test_a_byte_mark_of_windows_does_no_harm(tmp_path):
    path = tmp_path / "pyproject.toml"
    path.write_bytes(b"\xef\xbb\xbf[tool.grader]\r\nseed = 3\r\n")
    assert settings._loaded(path) == {"tool": {"grader": {"seed": 3}}}
