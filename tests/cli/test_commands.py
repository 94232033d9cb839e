"""The program, run as a process: what it prints, what it writes, and its exit status."""

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from grader.course import registry
from tests.cli.support import ROOT, grader


def test_a_first_run_welcomes_and_says_where_to_begin(project):
    done = grader("check", cwd=project)
    assert done.returncode == 1, done.stderr
    assert "Welcome" in done.stdout
    assert "exercises/classifiers.py" in done.stdout
    assert done.stdout.count(" 0 / ") == len(registry.TOPICS)


def test_the_solutions_earn_everything_and_the_report_says_so(tmp_path):
    done = grader("check", "--solutions", "--json", str(tmp_path / "r.json"), "--junit", str(tmp_path / "r.xml"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100 of 100" in done.stdout
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["score"], report["max_score"], report["schema_version"]) == (100.0, 100.0, 1)
    assert len(report["exercises"]) == len(registry.EXERCISES)
    assert (tmp_path / "r.xml").read_text(encoding="utf-8").startswith("<?xml")


def test_a_typo_is_answered_with_the_nearest_name():
    done = grader("check", "conv2d_ouput_shape")
    assert done.returncode == 4
    assert "conv2d_output_shape" in done.stderr


@pytest.mark.parametrize("command", ["check", "hint", "reset"])
def test_a_name_that_several_exercises_have_is_answered_with_all_of_them(project, command):
    done = grader(command, "forward", cwd=project)
    assert done.returncode == 4
    assert "LogisticRegression.forward, MLP.forward or CNN.forward" in done.stderr


def test_a_class_is_a_name_for_its_exercise(project):
    assert "Hint 1 of 3 for MLP.forward" in grader("hint", "mlp", cwd=project).stdout
    assert "MLP.forward in" in grader("reset", "MLP", cwd=project).stdout


def test_a_file_is_a_name_for_its_topic_unless_it_is_somebody_elses(project):
    done = grader("check", "exercises/cnn.py", "--json", "-", cwd=project)
    assert {exercise["topic"] for exercise in json.loads(done.stdout)["exercises"]} == {"cnn"}
    (project / "alice").mkdir()
    shutil.copy(ROOT / "solutions" / "cnn.py", project / "alice")
    done = grader("check", "alice/cnn.py", cwd=project)
    assert done.returncode == 4
    assert "--submission alice/cnn.py" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["check", "--submission", "/nowhere/at/all"], ["check", "--frobnicate"], ["frobnicate"], ["hint"]]
)
def test_wrong_usage_is_status_4(arguments):
    done = grader(*arguments)
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_one_exercise_can_be_checked_alone_and_json_goes_to_standard_output(project):
    path = project / "exercises" / "weights.py"
    text = path.read_text(encoding="utf-8")
    written = "return (images - images.min()) / (images.max() - images.min())"
    path.write_text(text.replace('raise NotImplementedError("rescale is not written yet")', written))
    done = grader("check", "rescale", "--json", "-", cwd=project)
    assert done.returncode == 1
    report = json.loads(done.stdout)
    (exercise,) = report["exercises"]
    assert (exercise["name"], exercise["status"], exercise["score"]) == ("rescale", "partial", 3.0)
    (shown,) = [check["counterexample"] for check in exercise["checks"] if check["status"] != "passed"]
    assert shown["call"].startswith("rescale(np.full(")


def test_a_syntax_error_is_shown_with_its_line_and_costs_only_its_topic(project):
    (project / "exercises" / "weights.py").write_text("def rescale(images:\n    return 1\n")
    done = grader("check", "weights", "cnn", "--json", "-", cwd=project)
    report = json.loads(done.stdout)
    by_name = {exercise["name"]: exercise for exercise in report["exercises"]}
    check = by_name["rescale"]["checks"][0]
    assert check["status"] == "error"
    assert "weights.py, line 1" in check["message"] and "^" in check["message"]
    assert by_name["CNN.forward"]["status"] == "not_started"


def test_reset_puts_the_stub_back_and_keeps_a_backup(project):
    path = project / "exercises" / "weights.py"
    written = path.read_text(encoding="utf-8").replace(
        'raise NotImplementedError("rescale is not written yet")', "return 7"
    )
    path.write_text(written)
    done = grader("reset", "rescale", cwd=project)
    assert done.returncode == 0, done.stderr
    assert path.read_text(encoding="utf-8") == (ROOT / "exercises" / "weights.py").read_text(encoding="utf-8")
    (backup,) = path.parent.glob("weights.py.backup-*")
    assert backup.read_text(encoding="utf-8") == written


def test_the_stubs_agree_with_the_solutions():
    assert grader("stubs", "--check").returncode == 0


def test_doctor_names_every_protection():
    done = grader("doctor")
    assert done.returncode == 0, done.stdout
    for name in ("process", "limits", "filesystem", "network"):
        assert name in done.stdout


def test_a_report_that_cannot_be_written_is_told_before_the_work(tmp_path):
    done = grader("check", "rescale", "--json", str(tmp_path))
    assert done.returncode == 4
    assert "--json" in done.stderr


def test_a_page_downloads_nothing_and_says_what_could_be_fetched(project, tmp_path):
    elsewhere = {"CONVKIT_DATA": str(tmp_path / "data"), "TORCH_HOME": str(tmp_path / "torch")}
    nobody = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    done = grader("check", "same_padding", "--html", "page.html", cwd=project, **elsewhere, **nobody)
    assert done.returncode == 1, done.stderr
    assert "Downloading" not in done.stderr and not (tmp_path / "torch").exists()
    assert "MNIST (10 MB) and AlexNet's trained weights (233 MB)" in done.stderr
    assert "grader pictures" in done.stderr
    assert "<img" in (project / "page.html").read_text(encoding="utf-8")


def test_a_report_is_never_written_over_a_file_of_code(project):
    path = project / "exercises" / "weights.py"
    before = path.read_text(encoding="utf-8")
    done = grader("check", "rescale", "--html", "exercises/weights.py", cwd=project)
    assert (done.returncode, path.read_text(encoding="utf-8")) == (4, before)
    assert "--html: exercises/weights.py is a file of code" in done.stderr


def test_a_report_replaces_a_link_and_is_never_written_through_it(project, tmp_path):
    """Whoever's work is graded may have put it there."""
    (tmp_path / "mine.txt").write_text("mine")
    for name in ("report.json", "page.html"):
        (project / name).symlink_to(tmp_path / "mine.txt")
    done = grader("check", "rescale", "--json", "report.json", "--html", "page.html", cwd=project)
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert json.loads((project / "report.json").read_text(encoding="utf-8"))["exercises"]
    (project / "pictures").symlink_to(tmp_path)
    done = grader("pictures", cwd=project)
    assert (done.returncode, "pictures is a link" in done.stderr) == (4, True)


def test_what_is_no_report_is_kept_and_a_report_is_written_over(project):
    names = {
        "json": "essay.txt",
        "html": "page.html",
        "markdown": "notes.md",
        "junit": "r.xml",
        "gradescope": "g.json",
        "prairielearn": "p.json",
        "classroom": "c.json",
    }
    for name in names.values():
        (project / name).write_text(f"my own {name}")
    for _ in range(2):
        done = grader("check", "rescale", *[f"--{view}={name}" for view, name in names.items()], cwd=project)
        assert done.returncode == 1, done.stderr
    for name in names.values():
        (kept,) = project.glob(f"{name}.backup-*")
        assert kept.read_text(encoding="utf-8") == f"my own {name}"


def test_a_pipe_that_nobody_reads_is_not_waited_for(project):
    os.mkfifo(project / "report.json")
    done = grader("check", "rescale", "--json", "report.json", cwd=project)
    assert (done.returncode, "report.json cannot be written" in done.stderr) == (4, True)


def test_a_report_may_go_to_a_pipe(project):
    done = grader("check", "rescale", "--json", "/dev/stderr", cwd=project)
    assert done.returncode == 1 and '"exercises"' in done.stderr


def test_without_a_command_the_help_is_shown_line_by_line():
    done = grader()
    assert done.returncode == 4
    assert done.stdout.startswith("Usage: grader") and "\n  check " in done.stdout
    assert not done.stderr


def test_a_zip_is_graded_as_the_folder_in_it(tmp_path):
    archive = shutil.make_archive(str(tmp_path / "alice"), "zip", ROOT, "exercises")
    done = grader("check", "weights", "--submission", archive, "--json", "-")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["submission"] == "alice"
    assert {exercise["status"] for exercise in report["exercises"]} == {"not_started"}


def test_every_protection_can_be_demanded():
    done = grader("check", "same_padding", "--solutions", "--require-protections", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["protections"] == ["process", "limits", "filesystem", "network"]


@pytest.fixture
def checking(tmp_path):
    """Starts a command that takes long, and waits until that many seconds after what grades has been started."""
    text = (ROOT / "solutions" / "weights.py").read_text(encoding="utf-8")
    (tmp_path / "weights.py").write_text(f"{text}\n\ndef rescale(images):\n    import time\n    time.sleep(9)\n")

    def start(seconds):
        command = [sys.executable, "-m", "grader", "check", "--submission", str(tmp_path)]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        # What runs in the background of a shell, as this suite may, ignores interrupts, and so does what it starts.
        usual = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        started = subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=usual, **streams)
        while b"ancestor" not in b"".join(_command_lines_below(started.pid)):
            time.sleep(0.001)
        time.sleep(seconds)
        return started

    return start


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.02, 3.0])
def test_an_interrupted_command_says_so_and_nothing_else(checking, seconds):
    """As soon as what grades is started, as PyTorch begins to be imported, or later."""
    started = checking(seconds)
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does it
    stdout, stderr = started.communicate(timeout=300)
    assert (started.returncode, stdout, stderr.strip()) == (2, "", "grader: Interrupted.")


def test_an_interrupt_of_the_command_alone_ends_all_of_it(checking):
    started = checking(3.0)
    os.kill(started.pid, signal.SIGINT)
    stdout, stderr = started.communicate(timeout=300)
    assert (started.returncode, stdout, stderr.strip()) == (2, "", "grader: Interrupted.")


@pytest.mark.parametrize("everybody", [False, True])
def test_a_command_that_is_ended_twice_shows_no_traceback_and_gives_no_grade(checking, everybody):
    started = checking(3.0)
    for _ in range(3):
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if everybody else os.kill)(started.pid, signal.SIGTERM)
        time.sleep(0.02)
    stdout, stderr = started.communicate(timeout=300)
    assert (started.returncode, stdout, stderr) == (-signal.SIGTERM, "", "")


def test_what_a_folder_is_called_does_not_act_on_whoever_reads_it(project):
    odd = project.parent / "ev\x1b[31mil\n::error::pwn"
    project.rename(odd)
    for command in (
        ["check", "rescale"],
        ["reset", "rescale"],
        ["doctor"],
        ["check", "--json", "no/such\x1b\n::error::/"],
    ):
        done = grader(*command, cwd=odd)
        said = done.stdout + done.stderr
        assert "\x1b" not in said and "\n::error" not in said, command


def test_an_interrupt_in_the_middle_of_an_executed_text_ends_with_the_contracts_status(tmp_path):
    """As data classes execute one each; Python itself would end by the signal."""
    work = "sys.exit(guarded(lambda: exec('raise KeyboardInterrupt')))"
    (tmp_path / "interrupted.py").write_text(f"import sys\nfrom grader.exits import guarded\n{work}\n")
    command = [sys.executable, "-m", "interrupted"]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=path, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "grader: Interrupted.\n")


def _command_lines_below(pid):
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split():
        with contextlib.suppress(OSError):
            yield Path(f"/proc/{child}/cmdline").read_bytes()


def test_a_command_needs_no_standard_input_and_leaves_a_closed_output_alone():
    """As under cron, and in front of `head`."""
    check = shlex.join([sys.executable, "-m", "grader", "check", "cnn", "--solutions", "--verbose"])
    without = subprocess.run(["bash", "-c", f"{check} <&-"], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (without.returncode, without.stderr) == (0, "")
    assert "7 / 7 points" in without.stdout
    cut = subprocess.run(["bash", "-c", f"{check} | head -1"], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (len(cut.stdout.splitlines()), cut.stderr) == (1, "")


def test_the_same_submission_and_seed_give_the_same_report(monkeypatch):
    """Wherever the seed comes from: the environment's stands in no command line."""

    def graded(*options):
        work = str(ROOT / "tests/samples/correct/loops")
        report = json.loads(grader("check", "cnn", "--submission", work, "--json", "-", *options).stdout)
        del report["duration_seconds"]
        return report

    first = graded("--seed", "3")
    monkeypatch.setenv("GRADER_SEED", "3")
    assert graded() == first
    assert first["seed"] == 3
    assert graded("--seed", "4")["seed"] == 4


def test_pytest_runs_the_checks_in_one_process_on_the_work_in_exercises(project):
    shutil.copy(ROOT / "solutions" / "weights.py", project / "exercises" / "weights.py")
    (project / "exercises" / "__init__.py").touch()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            str(ROOT / "grader" / "topics" / "weights" / "checks.py"),
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
