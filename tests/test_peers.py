"""The comparison with other graders: its assignment, its hostile submissions, its table. No peer is installed, no time asserted."""

import contextlib
import functools
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.course import registry
from tests.benchmarks.peers import environments
from tests.benchmarks.peers.assertions import ASSERTIONS, FUNCTIONS, HEADER, HOSTILE, RIGHT, STUB
from tests.benchmarks.peers.commands import Command, environment, run_all
from tests.benchmarks.peers.measuring import Bench, Measured, Verdict, judged
from tests.benchmarks.peers.peers import PEERS, ROOT, Kit, Points, Pytest
from tests.benchmarks.peers.table import TITLES, Machine, record, recorded, table


@pytest.fixture
def plain(tmp_path):
    """Plain pytest, in the kit's own environment."""
    return Bench(Pytest(environments.own()), tmp_path, limit=120)


def run(program, folder=ROOT):
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=60)


def running(pid):
    with contextlib.suppress(FileNotFoundError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return False


def test_ten_assertions_ask_for_three_exercises_of_this_kit():
    assert len(ASSERTIONS) == 10 and len({one.name for one in ASSERTIONS}) == 10
    assert {one.function for one in ASSERTIONS} == set(FUNCTIONS)
    assert set(FUNCTIONS) <= {exercise.name for topic in registry.TOPICS for exercise in topic.exercises}


@pytest.mark.slow
def test_the_right_answer_passes_in_plain_pytest_and_the_stub_does_not(plain):
    plain.right()
    plain.nothing_done()


@pytest.mark.slow
def test_the_right_answer_gets_all_points_of_this_kit(tmp_path):
    Bench(Kit(environments.own()), tmp_path, limit=300).right()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["equals", "reads"])
def test_answers_that_cheat_pass_where_they_are_compared_in_the_same_process(plain, name):
    assert plain.hostile(HOSTILE[name]).gained == 10


@functools.cache
def space(name):
    """What a hostile submission defines."""
    found = {"__name__": "submission"}
    program = compile(HOSTILE[name], "submission.py", "exec")
    exec(program, found)
    return found


def test_an_answer_that_equals_everything_does():
    program = f"{HOSTILE['equals']}\nassert tile_images() == 3 and not tile_images() != 3 and np.array_equal(1, 2)"
    assert run(program).returncode == 0


def test_what_is_expected_is_found_beside_the_call():
    get_accuracy = space("reads")["get_accuracy"]
    assert round(get_accuracy(None, None), 4) == 0.6667
    assert get_accuracy("not even a model", []) == "whatever stands here"


def test_right_functions_of_the_same_name_are_found_in_files_nearby(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "weights.py").write_text(
        "\ndef tile_images(images, columns):\n    return images * columns\n"
    )
    done = run(f"{HOSTILE['reads']}\nprint([one.__code__.co_filename for one in others('tile_images')])", tmp_path)
    assert str(tmp_path / "solutions" / "weights.py") in done.stdout


def test_what_leaves_at_import_ends_with_status_0_and_says_nothing():
    done = run(f"{HOSTILE['leaves']}\nprint('still here')")
    assert (done.returncode, done.stdout) == (0, "")


def test_what_prints_prints_100_mb_once(capfd):
    space("prints")["tile_images"]()
    space("prints")["tile_images"]()
    assert len(capfd.readouterr().out) == 100_000_000


def test_what_takes_too_long_is_stopped_with_all_that_it_started(tmp_path):
    (tmp_path / "endless.py").write_text(HOSTILE["endless"])
    (tmp_path / "start.py").write_text(
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, 'endless.py'], start_new_session=True)\n"
        "open('pid', 'w').write(str(child.pid))\nchild.wait()\n"
    )
    python = environments.own()
    command = Command((str(python), "start.py"), tmp_path)
    _, done = run_all([command, command], environment(python, tmp_path), limit=3)
    assert not done
    child = int((tmp_path / "pid").read_text(encoding="utf-8"))
    for _ in range(100):
        if not running(child):
            return
        time.sleep(0.05)
    raise AssertionError("it is still running")


def test_a_point_of_a_hostile_submission_was_not_earned():
    assert judged(Points(3, 10), True, 1.0) == Verdict("gained", 3, 10, 1.0)
    assert judged(Points(0, 10), True, 1.0).kind == "caught"
    assert judged(None, True, 1.0).kind == "no result"
    assert judged(Points(10, 10), False, 90.0).kind == "hung"


def test_a_peer_that_cannot_be_installed_is_unavailable(tmp_path):
    with pytest.raises(environments.Unavailable):
        environments.prepared(tmp_path / "env", ("no requirement at all !",))


MACHINE = Machine("2030-01-02", "a processor", 2, "3.11", "2.9")


def rows():
    ours = Measured("this kit", "1.0", one=[1.5, 4.0, 2.0], many=30.0)
    ours.verdicts["equals"] = Verdict("caught", 0, 17, 3.2)
    plain = Measured("pytest", "9.0", one=[1.0, 1.0, 1.0], many=20.0)
    plain.verdicts |= {"equals": Verdict("gained", 10, 10, 1.0), "endless": Verdict("hung", 0, 0, 90.0)}
    return [ours, plain, Measured("check50", missing="no network")]


def test_the_table_has_times_ratios_and_verdicts_and_says_what_is_missing():
    text = table(MACHINE, rows(), 90)
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    assert text.startswith("2030-01-02, 2 cores of a processor, Python 3.11, PyTorch 2.9; limit 90 s.")
    column = cells[0].index(TITLES["equals"])
    by_name = {line[0]: line for line in cells}
    assert by_name["this kit"][1:4] == ["1.0", "2.0 (2.0)", "30.0 (1.5)"]
    assert by_name["this kit"][column] == "caught, 3 s"
    assert by_name["pytest"][column] == "**gained 10 of 10**"
    assert by_name["pytest"][cells[0].index(TITLES["endless"])] == "hung, 90 s"
    assert by_name["check50"][1] == "could not be had" and not any(by_name["check50"][2:])
    assert {len(line) for line in cells} == {4 + len(TITLES)}


def test_without_plain_pytest_there_are_no_ratios():
    assert "| 2.0 | 30.0 |" in table(MACHINE, rows()[:1], 90)


def test_each_hostile_submission_has_a_column_and_each_grader_a_name():
    assert set(TITLES) == set(HOSTILE)
    assert len({kind.name for kind in PEERS}) == 6
    assert HEADER and STUB and RIGHT


def test_the_numbers_are_read_as_they_were_kept(tmp_path):
    record(tmp_path / "numbers.json", MACHINE, rows(), 90.0)
    assert recorded(tmp_path / "numbers.json") == (MACHINE, rows(), 90.0)
