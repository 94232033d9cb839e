"""The magics in a real kernel: cells run as usual, are graded, and what grades is kept and ends with the kernel."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from textwrap import dedent

import pytest

from tests.cli.terminals import alive, all_end, family
from tests.notebook.support import ROOT, Kernel
from tests.report.test_html import Document
from tests.submissions.notebooks import notebook

pytest.importorskip("ipykernel", reason="Jupyter is an extra: pip install -e '.[lesson]'")
pytestmark = pytest.mark.slow

RIGHT = "import torch\n\ndef flatten_images(images):\n    return images.reshape(len(images), -1)\n"
WRONG = RIGHT.replace("reshape", "view")
ENDLESS = "def flatten_images(images, n=[0 for _ in iter(int, 1)]):\n    return images.flatten(1)\n"
SLOW = "def flatten_images(images):\n    while True: pass\n"


def started(folder):
    shutil.copytree(
        ROOT / "exercises", folder / "exercises", ignore=shutil.ignore_patterns("__pycache__", ".*", "*.backup-*")
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython")}
    kernel = Kernel(folder, **environment)
    assert kernel.run("%load_ext grader").error == ""
    return kernel


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("project").resolve()


@pytest.fixture(scope="module")
def kernel(folder):
    kernel = started(folder)
    yield kernel
    kernel.close()


def pid(kernel):
    return int(kernel.run("from grader.notebook import warm; print(warm.pid())").streams)


def test_a_right_cell_runs_and_its_verdict_stands_below(kernel):
    done = kernel.run(f"%%check flatten_images\n{RIGHT}\nprint('it runs')\nflatten_images(torch.zeros(2, 3, 4)).shape")
    assert done.error == "" and done.streams == "it runs\n"
    value, verdict = done.bundles
    assert value["text/plain"] == "torch.Size([2, 12])"
    assert "3 of 3 points" in verdict["text/plain"] and "Next: LogisticRegression.forward" in verdict["text/plain"]
    assert "3 / 3 points" in verdict["text/html"] and "<script" not in verdict["text/html"]
    Document(verdict["text/html"])
    assert kernel.run("flatten_images(torch.zeros(1, 5)).shape").text == "torch.Size([1, 5])"


def test_a_wrong_cell_is_told_with_its_own_lines_and_a_call_for_the_same_notebook(kernel):
    done = kernel.run(f"%%check\n%time 1 + 1\n{WRONG}\nfigure = nobody_knows if False else 1\n!true")
    assert "2 / 3 points" in done.text and "this cell, line 5" in done.text
    assert "Raised in line 6" in done.text
    assert "import torch\nflatten_images(torch." in done.text and "from exercises" not in done.text
    for word in ("Expected", "Got", "A hint", "view"):
        assert word in done.html


def test_what_other_cells_define_is_left_out_and_not_spoken_of(kernel, folder):
    path = folder / "exercises" / "mine.ipynb"
    path.write_bytes(notebook(RIGHT, "def broken(:"))
    done = kernel.run(f"%%check\n{WRONG}")
    path.unlink()
    assert "2 / 3 points" in done.text and "this cell, line 4" in done.text and "mine.ipynb" not in done.text


def test_the_second_check_takes_the_same_process(kernel):
    before = pid(kernel)
    assert "3 of 3 points" in kernel.run(f"%%check\n{RIGHT}").text
    assert pid(kernel) == before and before in family(kernel.pid)


def test_where_the_process_is_gone_another_one_takes_its_place(kernel):
    before = pid(kernel)
    os.kill(before, signal.SIGKILL)
    assert "3 of 3 points" in kernel.run(f"%%check\n{RIGHT}").text
    assert pid(kernel) != before


def test_what_cannot_be_graded_is_said_in_a_sentence(kernel):
    assert "Did you mean" in kernel.run(f"%%check flaten_images\n{RIGHT}").error
    assert "grader: this cell defines no conv2d" in kernel.run(f"%%check conv2d\n{RIGHT}").error
    assert "no exercise's function" in kernel.run("%%check\nx = 1").error
    done = kernel.run("%%check\ndef flatten_images(:\n")
    assert "SyntaxError" in done.error and "Not graded" in done.error and not done.bundles
    assert ", line 2" in re.sub(r"\x1b\[[0-9;]*m", "", done.error)  # as the notebook counts, with the magic's own
    done = kernel.run("import grader; grader.check('nobody')")
    assert (
        done.error.startswith("grader: There is no topic or exercise named 'nobody'") and "Traceback" not in done.error
    )


def test_a_cell_that_fails_is_graded_and_fails(kernel):
    done = kernel.run(f"%%check\n{RIGHT}\n1 / 0")
    assert "ZeroDivisionError" in done.error and "The cell itself ended with ZeroDivisionError" in done.error
    assert "3 of 3 points" in done.text


def test_a_loop_without_end_at_import_of_the_graded_text_is_ended(kernel):
    before = pid(kernel)
    asked = kernel.begin(f"from grader.notebook import checking\nchecking.check_cell({ENDLESS!r}, [])")
    done = kernel.outputs(asked)
    assert "cannot be read" in done.text or "timed out" in done.text
    assert "0 / 3" in done.text
    assert pid(kernel) == before


def test_an_interruption_ends_the_grading_and_the_next_check_is_graded(kernel):
    before = pid(kernel)
    asked = kernel.begin(f"%%check\n{SLOW}")
    quiet = family(kernel.pid)
    deadline = time.monotonic() + 20
    while len(family(kernel.pid)) <= len(quiet) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    kernel.manager.interrupt_kernel()
    done = kernel.outputs(asked)
    assert "nterrupted" in done.error and not done.bundles
    assert "3 of 3 points" in kernel.run(f"%%check\n{RIGHT}").text
    assert pid(kernel) == before


def test_exercise_writes_the_cell_and_keeps_what_was_there(kernel, folder):
    path = folder / "exercises" / "classifiers.py"
    before = path.read_bytes()
    helped = RIGHT.replace("def flatten", "def count(images):\n    return len(images)\n\ndef flatten").replace(
        "(len(", "(count("
    )
    done = kernel.run(f"%%exercise flatten_images\n{helped}")
    assert "3 of 3 points" in done.text and "The earlier version is kept as classifiers.py.backup-" in done.text
    (backup,) = path.parent.glob("classifiers.py.backup-*")
    assert backup.read_bytes() == before
    assert "def count(images):" in path.read_text(
        encoding="utf-8"
    ) and "MLP.forward is not written yet" in path.read_text(encoding="utf-8")
    assert "3 / 10 points" in kernel.run("%check classifiers").text


def test_a_module_that_is_no_python_is_not_written_over(kernel, folder):
    path = folder / "exercises" / "shapes.py"
    before = path.read_text(encoding="utf-8")
    path.write_text("def broken(:\n")
    cell = "def same_padding(kernel_size, dilation=1):\n    return 0\n"
    assert "left as it is" in kernel.run(f"%%exercise\n{cell}").error
    assert path.read_text(encoding="utf-8") == "def broken(:\n"
    assert "a stub took its place" in kernel.run(f"%%check\n{cell}").text
    path.write_text(before)


def test_the_function_gives_a_verdict(kernel):
    done = kernel.run("import grader\nfound = grader.check('conv2d')\nfound")
    assert "0 / 9 points" in done.text and "0 / 9 points" in done.html
    said = kernel.run(
        "print(found.score, found.max_score, found.passed, found.report['exercises'][0]['name'])\nprint(found)"
    )
    assert said.streams.startswith("0.0 9.0 False conv2d\n· conv2d  not started")


def test_a_fork_of_the_kernel_neither_ends_nor_uses_the_process(kernel):
    before = pid(kernel)
    fork = """
        import os
        child = os.fork()
        if not child:
            try:
                known = warm.pid()
                warm.close()
            finally:
                os._exit(0 if known is None else 1)
        os.waitpid(child, 0)[1]"""
    assert kernel.run(dedent(fork)).text == "0"
    assert alive([before])
    assert "3 of 3 points" in kernel.run(f"%%check\n{RIGHT}").text
    assert pid(kernel) == before


@pytest.mark.parametrize("now", [False, True], ids=["shut down", "killed"])
def test_what_grades_ends_with_the_kernel(tmp_path, now):
    kernel = started(tmp_path)
    kernel.run("%check flatten_images")
    processes = family(kernel.pid)
    assert pid(kernel) in processes
    kernel.close(now=now)
    all_end(processes)


def test_loading_the_extension_imports_nothing_at_first():
    code = "import sys, grader; print(sorted(m for m in sys.modules if m.startswith(('grader.', 'torch', 'IPython'))))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"
