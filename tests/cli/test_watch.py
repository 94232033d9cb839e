"""`grader watch` in a real terminal: what it shows after a save, whatever editors do, and what its keys do."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from rich.cells import cell_len

from grader.course import registry
from tests.cli.support import ROOT
from tests.cli.terminals import PATIENCE, Terminal, all_end, family

termios = pytest.importorskip("termios", reason="Windows has other terminals")
pytestmark = pytest.mark.slow

RIGHT = (ROOT / "solutions" / "shapes.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace("2 * p", "p", 1)
ENDLESS = re.sub(r"(def same_padding\([^\n]*\n)", r"\1    while True: pass\n", RIGHT)


@pytest.fixture
def shapes(project):
    return project / "exercises" / "shapes.py"


def replace(path, text):
    """Writes as many editors do: to another file, which then takes the place."""
    new = path.with_suffix(".py.tmp")
    new.write_text(text)
    os.replace(new, path)


def test_a_first_screen_then_right_then_wrong_with_its_counterexample(project, shapes):
    assert WRONG != RIGHT
    with Terminal(cwd=project) as terminal:
        terminal.until("Starting PyTorch")
        screen = terminal.idle("Total")
        first = registry.EXERCISES[0]
        assert screen.startswith(f"· {first.name}  not started")
        assert f"exercises/{first.topic}.py:" in screen
        assert "0 / 100 points" in screen
        shapes.write_text(RIGHT)
        points = sum(exercise.points for exercise in registry.EXERCISES if exercise.topic == "shapes")
        screen = terminal.idle("trace_shapes are right.")
        assert f"{points:g} / 100 points" in screen
        shapes.write_text(WRONG)
        screen = terminal.idle("✗ conv2d_output_shape was right before.")
        assert "from exercises.shapes import conv2d_output_shape\nconv2d_output_shape((" in screen
        assert re.search(r"expected  \(.*\n +got       \(", screen)
        assert re.search(r"exercises/shapes.py:\d+ · more:", screen)
        replace(shapes, RIGHT)
        terminal.idle("✓ conv2d_output_shape is right.", without=["was right"])
        terminal.press("q")
        assert terminal.ends() == 1


def test_a_file_that_does_not_parse_shows_line_and_caret_and_takes_nothing_away_for_good(project, shapes):
    shapes.write_text(RIGHT)
    with Terminal("shapes", cwd=project) as terminal:
        terminal.idle("All that you asked for is right.")
        shapes.write_text(RIGHT + "\ndef broken(:\n")
        screen = terminal.idle("cannot be read", "SyntaxError")
        line = (RIGHT + "\ndef broken(:\n").splitlines().index("def broken(:") + 1
        assert f"exercises/shapes.py, line {line}: SyntaxError" in screen
        assert re.search(r"def broken\(:\n +\^", screen)
        assert "was right before" not in screen
        replace(shapes, RIGHT)
        terminal.idle("All that you asked for is right.", without=["cannot be read"])
        terminal.press("q")
        assert terminal.ends() == 0


def test_a_file_and_its_folder_may_go_and_come_back(project, shapes):
    shapes.write_text(RIGHT)
    with Terminal("shapes", cwd=project) as terminal:
        terminal.idle("All that you asked for is right.")
        shapes.unlink()
        terminal.idle("were right before.", "not started")
        shapes.write_text(RIGHT)
        terminal.idle("All that you asked for is right.")
        shapes.rename(shapes.with_name("elsewhere.py"))
        terminal.idle("were right before.", "not started")
        shapes.with_name("elsewhere.py").rename(shapes)
        terminal.idle("All that you asked for is right.")
        (project / "exercises").rename(project / "other")
        terminal.idle("were right before.", "not started")
        (project / "other").rename(project / "exercises")
        terminal.idle("All that you asked for is right.")
        shapes.write_text(WRONG)
        terminal.idle("conv2d_output_shape was right before.")


def test_of_a_burst_of_saves_the_last_one_counts(project, shapes):
    with Terminal("shapes", cwd=project) as terminal:
        terminal.idle("not started")
        for number in range(40):
            shapes.write_text("" if number % 3 == 2 else [RIGHT, WRONG][number % 2])
            time.sleep(0.01 * (number % 4))
        shapes.write_text(RIGHT)
        terminal.idle("All that you asked for is right.")
        assert "✗" not in terminal.screen
        terminal.press("q")
        assert terminal.ends() == 0


def test_an_endless_loop_ends_with_the_next_save(project, shapes):
    assert ENDLESS != RIGHT
    with Terminal("same_padding", cwd=project) as terminal:
        terminal.idle("not started")
        shapes.write_text(ENDLESS)
        terminal.until("Checking same_padding")
        started = family(terminal.program.pid)
        shapes.write_text(RIGHT)
        terminal.idle("All that you asked for is right.")
        ancestor, *others = started
        all_end([pid for pid in others if pid not in family(terminal.program.pid)])
        assert ancestor in family(terminal.program.pid)


def test_the_keys_do_what_they_say(project, shapes):
    shapes.write_text(WRONG)
    with Terminal("shapes", cwd=project) as terminal:
        terminal.idle("✗ conv2d_output_shape")
        terminal.press("?")
        screen = terminal.until("Save a file, and it is graded.")
        assert all(f"  {key}   " in screen for key in "hanq?")
        terminal.press("?")
        terminal.until("expected")
        terminal.press("h")
        terminal.until("Hint 1 of 3 for conv2d_output_shape", "press h again")
        terminal.press("h")
        terminal.until("Hint 2 of 3 for conv2d_output_shape")
        terminal.press("a")
        screen = terminal.until("✓ same_padding", "✗ conv2d_output_shape")
        assert "Hint" not in screen
        terminal.press("a")
        terminal.until("expected", "✗ conv2d_output_shape")
        shapes.write_text((ROOT / "exercises" / "shapes.py").read_text(encoding="utf-8"))
        terminal.idle("were right before.", "· conv2d_parameter_shapes  not started")
        terminal.press("n")
        terminal.until("· conv2d_output_shape  not started")
        terminal.press("\x1b[Bnn")  # an arrow is no key of ours
        terminal.until("· same_padding  not started")
        terminal.press("zq")
        assert terminal.ends() == 1
        assert termios.tcgetattr(terminal.its_end) == terminal.before


def _widest(screen):
    return max(map(cell_len, screen.splitlines()))


def test_a_resized_terminal_is_filled_and_no_line_is_longer(project, shapes):
    shapes.write_text(WRONG)
    with Terminal(cwd=project, NO_COLOR="1") as terminal:
        terminal.idle("Total")
        terminal.press("n")
        terminal.idle("✗ conv2d_output_shape")
        for columns in (60, 100, 60):
            terminal.resize(columns, 24)
            for key, said in (("a", "same_padding"), ("?", "what the keys do"), ("h", "Hint"), ("aa", "Total")):
                terminal.press(key)
                terminal.idle(said)
            terminal.wait_for(lambda columns=columns: _widest(terminal.screen) <= min(columns, 88))
        assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", terminal.text), "NO_COLOR asks for no colour"


@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM", "SIGHUP", "closed"])
def test_however_it_is_ended_nothing_is_left(project, shapes, tmp_path, how):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    shapes.write_text(ENDLESS)
    with Terminal("same_padding", cwd=project, TMPDIR=str(temporary)) as terminal:
        terminal.until("Checking same_padding")
        started = family(terminal.program.pid)
        assert len(started) >= 4  # what grades, two nurseries, a helper, perhaps its worker already
        if how == "Ctrl-C":
            terminal.press("\x03")
            assert terminal.ends() == 2
            assert "Interrupted." in terminal.text
        elif how == "closed":
            terminal.close()
            assert terminal.program.wait(PATIENCE) == -signal.SIGHUP
        else:
            terminal.program.send_signal(getattr(signal, how))
            assert terminal.ends() == -getattr(signal, how)
        all_end(started)
        assert list(temporary.glob("grader-*")) == []
        if how != "closed":
            assert termios.tcgetattr(terminal.its_end) == terminal.before


def test_where_what_grades_is_killed_it_says_so_and_ends(project):
    with Terminal("same_padding", cwd=project) as terminal:
        terminal.idle("not started")
        started = family(terminal.program.pid)
        os.kill(started[0], signal.SIGKILL)
        assert terminal.ends() == 3
        assert "says nothing about the work" in terminal.screen
        all_end(started)


def test_it_can_be_ended_before_pytorch_is_there(project):
    with Terminal(cwd=project) as terminal:
        terminal.until("Starting PyTorch")
        started = family(terminal.program.pid)
        terminal.press("q")
        assert terminal.ends() == 1
        all_end(started)


def test_without_a_terminal_it_prints_a_report_for_each_change(project, shapes):
    program = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader", "watch", "shapes"],
        cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    started = []
    try:
        text = _printed(program, "not started")
        started = family(program.pid)
        shapes.write_text(RIGHT)
        text += _printed(program, "shapes.py saved:", "All that you asked for is right.")
        shapes.write_text(WRONG)
        text += _printed(program, "conv2d_output_shape was right before.", "expected", "Total")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
        program.send_signal(signal.SIGINT)
        assert program.wait(PATIENCE) == 2
        assert program.stderr.read().strip() == "grader: Interrupted."
    finally:
        program.kill()
        program.communicate()
    all_end(started)


def _printed(program, *said):
    """What it prints until it has said all of this, and the rest of that report."""
    text = ""
    while not all(part in text for part in said) or not text.endswith("\n\n"):
        line = program.stdout.readline()
        assert line, f"it ended: {text}\n{program.stderr.read()}"
        text += line
    return text


@pytest.mark.parametrize("variable", ["WATCHFILES_FORCE_POLLING", "TERM"])
def test_it_polls_where_it_must_and_a_dumb_terminal_is_no_screen(project, shapes, variable):
    value = {"WATCHFILES_FORCE_POLLING": "1", "TERM": "dumb"}[variable]
    with Terminal("same_padding", cwd=project, **{variable: value}) as terminal:
        terminal.until("not started")
        shapes.write_text(RIGHT)
        terminal.until("All that you asked for is right.")
        assert ("\x1b" in terminal.text) == (variable != "TERM")


def test_a_wrong_name_is_told_before_anything_is_started(project):
    with Terminal("same_paddin", cwd=project) as terminal:
        assert terminal.ends() == 4
        assert "same_padding" in terminal.screen
