"""What of a cell is Python: the same as IPython takes for it, but that nothing is put in a magic's place."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from grader.submissions.magics import python_of


class _Nothing(ast.NodeTransformer):
    """Writes None for what IPython writes: a call of one of the shell's methods."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        text = ast.unparse(node.func)
        return ast.Constant(None) if text.startswith("get_ipython().") else self.generic_visit(node)


def as_ipython_takes_it(cell: str) -> str | None:
    """The tree of the cell as IPython would run it; None where that is no Python."""
    try:
        tree = ast.parse(TransformerManager().transform_cell(cell))
    except SyntaxError:
        return None
    return ast.dump(_Nothing().visit(tree))


def as_the_kit_takes_it(cell: str) -> str | None:
    try:
        return ast.dump(ast.parse(python_of(cell).text))
    except SyntaxError:
        return None


CELLS = [
    "%matplotlib inline\nx = 1",
    "x = 1\n%load_ext grader\n%check conv2d",
    "!ls\n!!ls -l",
    "files = !ls *.py\ny = 2",
    "a = b = !ls",
    "x.y[0] = %pwd",
    "x = %time f()",
    "x =    !ls",
    "x=!ls",
    "x = % time 3",
    "?print",
    "??print",
    "print?",
    "np.*load*?",
    "x = print?",
    "torch.nn??",
    "%time?",
    "print?  # why",
    "print? ",
    "xs[0]?",
    "f()?",
    "def f():\n    !ls\n    return 1",
    "def f():\n    %time x\n    y = !ls\n    return y",
    "if True:\n    !ls\nelse:\n    x = 1",
    "if x: y = !ls\nelse: z = 1",
    "for f in x: !ls",
    "!echo 'it is\nx = 1",
    '!echo """\nx = 1',
    "!ls \\\n  -l\nx = 1",
    "x = !ls \\\n  -l\ny = 1",
    'def f():\n    """\n    !not a shell line\n    %not a magic\n    what?\n    x = !ls\n    """\n    return 1',
    'text = """\n%%bash\n!ls\n"""',
    "text = '''\n?help\n''' + \"\"\"\n!x\n\"\"\"",
    "x = '!ls'\ny = \"%a\" % 3",
    "x = a % b\nx = (a\n  % b)\ny = a != b\nx %= 3",
    "x = (\n  !ls\n)",
    "x = [1,\n!ls\n]",
    "f(x\n)\n!ls",
    "x = 1 # !ls\n# !ls\n#%time",
    "x = 1; !ls",
    "x = 1 \\\n  % 3",
    "\\\n!ls",
    " \\\n  %time \\\n x\ny = 1",
    "x == !ls",
    "f(a=!ls)",
    "x: int = !ls",
    "lambda: 1\n!ls",
    "r'\\'\n!ls\nx = '\\\\'",
    "'unterminated\n!ls",
    "'''endless\n!ls",
    "    x = 1\n    !ls\n    y = 2",
    "\n\n  \n!ls\nx = 1",
    "a / b\nc // d\nx /= 3",
    "x = f'{y!r}'\nz = f\"{y!s:>{width}}\"\n!ls",
    "@decorator\ndef f(): pass\n!ls",
    "await x\nasync def f():\n    await y",
    "x = {'a': 1,\n     'b': 2}\n%time",
    "\tx = 1",
    "",
    "\n",
    "%",
    "!",
    "?",
    "x = %",
    "x = !",
    "x ?",
    "x = 1\n%%time\ny = 2",
]


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_taken_as_ipython_takes_it(cell):
    assert as_the_kit_takes_it(cell) == as_ipython_takes_it(cell)


LINES = st.sampled_from(
    [
        "x = 1", "!ls", "%time f()", "y = !ls", "z = %pwd", "f?", "?f", "def f():", "    return 1", "    !ls", "    x = %pwd",
        "if x:", "else:", '"""', "'''", "'", '"', "(", ")", "[", "]", "# !ls", "x = (", "!ls \\", "x = 1 \\", "", "    ", "  % 3",
        '"%"', "s = '''!", "f'{x!r}'", "x != y", "a = b = !ls", "x.y?", "return", "\\", "print('!')", "    f?", "x %= 2", "'\\'",
    ]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=7))
def test_any_mix_of_lines_is_taken_as_ipython_takes_it(lines):
    cell = "\n".join(lines)
    expected = as_ipython_takes_it(cell)
    assert expected is None or as_the_kit_takes_it(cell) == expected


@settings(max_examples=300, deadline=None)
@given(st.text("x=!%?'\"\\\n ()#f1", max_size=25))
def test_every_line_keeps_its_number(text):
    assert python_of(f"{text}\n").text.count("\n") in (text.count("\n") + 1, 0)


@pytest.mark.parametrize(
    "magic", ["check conv2d", "exercise conv2d", "time", "capture", "capture out --no-stderr", "prun -l 3"]
)
def test_the_body_of_a_cell_magic_that_runs_it_counts(magic):
    assert python_of(f"%%{magic}\nx = 1\n!ls\n").text == "\nx = 1\nNone\n"
    assert python_of(f"\n%%{magic}\n%%time\nx = 1").text == "\n\n\nx = 1\n"


@pytest.mark.parametrize(
    "magic", ["bash", "html", "timeit", "javascript", "script python", "python3", "sql", "nobody_knows", ""]
)
def test_the_body_of_another_cell_magic_does_not(magic):
    assert python_of(f"%%{magic}\nx = 1\n").text == ""


@pytest.mark.parametrize(
    ("line", "path", "appends"),
    [
        ("writefile shapes.py", "shapes.py", False),
        ("file 'a/shapes.py'", "a/shapes.py", False),
        ("writefile -a cnn.py", "cnn.py", True),
    ],
)
def test_a_file_that_a_cell_writes_is_that_files_text(line, path, appends):
    found = python_of(f"%%{line}\nx = 1\n!kept\n")
    assert (found.text, found.writes, found.appends) == ("x = 1\n!kept\n", path, appends)


def test_a_megabyte_of_anything_takes_no_time(time_limit):
    for piece in (
        "!ls\n",
        "'",
        '"',
        '"""',
        "(",
        "\\\n",
        "x = !ls\n",
        "?",
        "%",
        "x?\n",
        "=",
        "'''\n",
        "\\",
        "%%time\n",
        " ",
        "w",
        "é",
    ):
        with time_limit(5):
            python_of(piece * (2**20 // len(piece)))
