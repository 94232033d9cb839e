"""Notebooks that attack, or are none: a clear reason, and neither a crash nor a wait."""

from __future__ import annotations

import json
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.files.beneath import Unreadable
from grader.submissions.notebook import code_cells
from grader.submissions.notebooks import from_notebooks
from tests.submissions.notebooks import notebook

SHAPES = "def same_padding(kernel_size, dilation=1):\n    return (1, 1)"
WHOLE = notebook(SHAPES)


def said_of(data: bytes) -> str:
    """What is said of a notebook's bytes; it defines nothing that can be had."""
    modules, problems = from_notebooks(["work.ipynb"], lambda path, most: data, ())
    assert modules == {}
    return " ".join(problem.text for problem in problems)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"  \n", "it is empty"),
        (b"x = 1\n", "it is not a notebook, or was cut short"),
        (WHOLE[:-5], "it is not a notebook, or was cut short"),
        (b"[]", "it is JSON, but not a notebook's"),
        (b"{}", "it is JSON, but not a notebook's"),
        (b'{"nbformat": 4, "cells": 3}', "it is JSON, but not a notebook's"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": {"a": 1}}]}', "it is JSON, but not a notebook's"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', "it is JSON, but not a notebook's"),
        (b'{"nbformat": 4, "cells": [{}]}', "it is JSON, but not a notebook's"),
        (WHOLE.replace(b"same_padding", b"same\xff"), "it holds characters that are not UTF-8"),
        (WHOLE.decode().encode("utf-16"), "it is saved as UTF-16; save it as UTF-8"),
        (WHOLE.replace(b"same", b"\x00"), "it holds null bytes"),
        (notebook(SHAPES, outputs=[float("nan")]), "an output holds NaN or Infinity"),
        (b'{"nbformat": 4, "metadata": ' + b"[" * 10**6, "it is nested too deeply"),
        (b'{"nbformat": 4, "metadata": ' + b'{"a":' * 10**6, "it is nested too deeply"),
        (b'{"nbformat": 4, "cells": [' + b'{"cell_type": "code"},' * 10**6, "it has more than 10000 cells"),
        (b'{"nbformat": 4, "cells": [' + b'{"cell_type":"a"},' * 10**4 + b'{"cell_type":"a"}]}', "it has more than 10000 cells"),
        (notebook(*["x" * 2**20] * 6), "there is more than 5 MB of code in it"),
        (notebook("x = 1\n" * 4000), "it holds too many statements"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_said_with_the_reason(data, reason, time_limit):
    with time_limit(5):
        said = said_of(data)
    assert said.startswith("work.ipynb could not be read: ") and reason in said


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("(" * 1000, "too many nested parentheses"),
        ("-" * 10**5 + "1", "it is nested too deeply"),
        ("a" + ".a" * 10**5, "it is nested too deeply"),
        ("+".join(["a"] * 10**5), "it is nested too deeply"),
        ("if a: pass\n" + "elif a: pass\n" * 10**4, "it is nested too deeply"),
        ("x = '\x00'", "null bytes"),
        ("return 1", "'return' outside function"),
        ("x = " + "9" * 5000, "line 1: "),
        ("#" * 2**21, "it is larger than 1 MB"),
        ("def f(x, x): pass", "duplicate argument"),
        ("# -*- coding: klingon -*-\nx = (", "never closed"),
    ],
)  # fmt: skip
def test_a_hostile_cell_costs_itself_and_no_other(cell, reason, time_limit):
    with time_limit(5):
        modules, problems = from_notebooks(["work.ipynb"], lambda path, most: notebook(cell, SHAPES, cell), ())
    assert modules.keys() == {"shapes"}
    assert reason in problems[0].text and "shapes was taken from work.ipynb" in problems[0].text
    assert len(problems[0].text) < 1000 and problems[0].text.isprintable()


@pytest.mark.parametrize(
    "cells",
    [
        ["\n".join(f"a{n} = a{n - 1}" for n in range(1, 1900)), "def same_padding(k):\n    return a1899"],
        ["\n".join(f"def a{n}(): a{n - 1}()" for n in range(1, 990)), "\n".join(f"b{n} = a{n}()" for n in range(1, 990)),
         "def same_padding(k):\n    return " + "; ".join(f"b{n}" for n in range(1, 990))],
        ["\n".join("a = a" for n in range(1900)), "def same_padding(k):\n    return a"],
        ["\n".join("a += 1" for n in range(1900)), "def same_padding(k):\n    return a"],
        ["if a:\n" + "\n".join(f"    b{n} = 1" for n in range(10**5)), "def same_padding(k):\n    return b7"],
        ["\n".join(f"{' ' * n}if a{n}:\n{' ' * n} b{n} = 1" for n in range(19)), "def same_padding(k):\n    return b7"],
        ["def same_padding(k):\n    return k\n" * 900, "class A(A): pass\n" * 900],
        ["same_padding = lambda: " + "lambda: " * 60 + "1"],
    ],
)  # fmt: skip
def test_statements_that_hang_together_in_unkind_ways_take_little_time(cells, time_limit):
    with time_limit(20):
        modules, _ = from_notebooks(["work.ipynb"], lambda path, most: notebook(*cells), ())
    assert modules.keys() <= {"shapes"}


def test_a_notebooks_name_cannot_declare_an_encoding():
    modules, _ = from_notebooks(["coding: klingon.ipynb"], lambda path, most: WHOLE, ())
    compile(modules["shapes"][1], "shapes.py", "exec")


def test_a_zip_bomb_of_a_notebook_is_not_unpacked(read, tmp_path):
    with zipfile.ZipFile(tmp_path / "work.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("work.ipynb", b" " * (101 * 2**20))
        made.writestr("cnn.py", "x = 1\n")
    resource = pytest.importorskip("resource")
    unit = 1 if sys.platform == "darwin" else 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    from grader.submissions import read_submission

    submission = read_submission(tmp_path / "work.zip")
    assert list(submission.modules) == ["cnn"]
    assert [problem.text for problem in submission.problems] == [
        "work.ipynb could not be read: it is larger than 100 MB."
    ]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 2**20 / unit


def test_of_many_notebooks_so_many_are_read():
    _, problems = from_notebooks([f"{n}.ipynb" for n in range(1000)], lambda path, most: notebook("x = 1"), ())
    assert [problem.text for problem in problems] == ["There are so many notebooks that only 20 were read."]


def test_a_link_to_a_notebook_is_not_followed(read, tmp_path):
    (tmp_path / "secret.ipynb").write_bytes(WHOLE)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "cnn.py").write_text("x = 1\n")
    (tmp_path / "work" / "mine.ipynb").symlink_to("../secret.ipynb")
    reading = read(tmp_path / "work")
    assert list(reading.sources) == ["cnn"] and "it is a link" in reading.said


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200), st.integers(0, len(WHOLE)), st.integers(0, 40))
def test_any_bytes_in_a_notebook_are_cells_or_a_reason(piece, place, left_out):
    for data in (piece, WHOLE[:place] + piece + WHOLE[place + left_out :]):
        try:
            code_cells(data)
        except Unreadable as reason:
            assert str(reason).isprintable()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.text("dx=f:(@)\n 1%!?.,'#", max_size=40)
        | st.sampled_from([SHAPES, "@x.y\ndef f(): pass", "x: int", "x.y += 1", "*a, b = c"])
    )
)
def test_any_cells_are_read(cells):
    from_notebooks(["work.ipynb"], lambda path, most: json.dumps(json.loads(notebook(*cells))).encode(), ())
