"""What of a cell goes into a module, and what stays out of it."""

import ast
from textwrap import dedent

import pytest

from grader.course import merging
from grader.course.paths import solutions_folder
from grader.course.stubs import pristine_stub

STUB = pristine_stub("classifiers", solutions_folder())
CELL = dedent("""\
    import math
    import os
    import torch

    SCALE = 1


    def rows(images):
        count = len(images) * SCALE
        return count


    def flatten_images(images):
        return images.reshape(rows(images), -1)


    count = flatten_images(digits)
    print(count)
    """)


def made(cell, *names, module=STUB):
    return merging.merged(module, cell, names)


def test_a_function_takes_the_place_of_the_stub_with_the_helpers_that_it_needs():
    text = made(CELL, "flatten_images").text
    ast.parse(text)
    assert "def rows" in text and "SCALE = 1" in text
    assert text.index("SCALE = 1") < text.index("def rows") < text.index("def flatten_images")
    assert text.count("def flatten_images") == 1 and "flatten_images is not written yet" not in text
    assert "MLP.forward is not written yet" in text


def test_what_else_a_cell_does_stays_out_and_so_do_imports_that_are_there_or_not_needed():
    text = made(CELL, "flatten_images").text
    assert "digits" not in text and "print" not in text
    assert "import math" not in text and "import os" not in text
    assert text.count("import torch\n") == STUB.count("import torch\n")


def test_lines_are_known_by_their_place_in_the_cell():
    done = made(CELL, "flatten_images")
    texts = done.text.split("\n")
    for line, of_cell in done.lines.items():
        assert texts[line - 1] == CELL.split("\n")[of_cell - 1]
    assert 14 in done.lines.values()


def test_twice_is_as_good_as_once():
    once = made(CELL, "flatten_images").text
    assert made(CELL, "flatten_images", module=once).text == once


def test_the_text_of_the_task_stays_where_a_cell_has_none():
    text = made(CELL, "flatten_images").text
    stub, written = (
        {node.name: ast.get_docstring(node) for node in ast.parse(module).body if hasattr(node, "name")}
        for module in (STUB, text)
    )
    assert written["flatten_images"] == stub["flatten_images"]
    own = made('def flatten_images(images):\n  """Mine."""\n  return images', "flatten_images").text
    assert '"""Mine."""' in own and stub["flatten_images"].split("\n")[0] not in own
    cell = "class MLP(nn.Module):\n  def forward(self, images):\n\n    # first\n    return self.layer1(images)\n"
    (mlp,) = [node for node in ast.parse(made(cell, "MLP.forward").text).body if getattr(node, "name", "") == "MLP"]
    assert ast.get_docstring(mlp.body[-1]).startswith("Compute a logit for each class")
    assert (
        "def flatten_images(images): return images"
        in made("def flatten_images(images): return images", "flatten_images").text
    )


def test_a_method_alone_goes_into_the_given_class():
    cell = "class MLP(nn.Module):\n  def forward(self, images):\n    return self.layer1(images)\n"
    text = made(cell, "MLP.forward").text
    assert "self.layer2 = nn.Linear" in text
    assert "    def forward(self, images):\n        return" not in text  # as it was written, moved as a block
    assert "MLP.forward is not written yet" not in text and "LogisticRegression.forward is not written yet" in text
    ast.parse(text)


def test_a_class_with_its_own_init_replaces_the_class():
    cell = "class MLP(nn.Module):\n    def __init__(self):\n        pass\n    def forward(self, images):\n        return 1\n"
    text = made(cell, "MLP.forward").text
    assert cell.strip() in text and "self.layer2 = nn.Linear" not in text


def test_an_import_for_the_future_comes_first():
    cell = "from __future__ import annotations\nfrom math import *\ndef flatten_images(images): return prod(images.shape)\n"
    text = made(cell, "flatten_images").text
    compile(text, "module", "exec")
    assert "from math import *" in text


def test_the_exercises_that_a_cell_defines_are_found():
    assert [e.name for e in merging.defined("conv2d = lambda *a: 1\nclass MLP:\n  def forward(self): ...")] == [
        "MLP.forward", "conv2d",
    ]  # fmt: skip
    assert merging.defined("from exercises.convolution import conv2d") == []


def test_writing_keeps_what_was_there(tmp_path):
    path = tmp_path.resolve() / "classifiers.py"
    path.write_bytes(STUB.replace("\n", "\r\n").encode())
    done = merging.write(path, STUB, CELL, ["flatten_images"])
    assert done.backup and done.backup.read_bytes() == STUB.replace("\n", "\r\n").encode()
    assert path.read_bytes() == made(CELL, "flatten_images").text.replace("\n", "\r\n").encode()
    assert merging.write(path, STUB, CELL, ["flatten_images"]) == merging.Written(None, changed=False)


def test_without_a_module_it_begins_as_the_stub(tmp_path):
    path = tmp_path.resolve() / "classifiers.py"
    assert merging.write(path, STUB, CELL, ["flatten_images"]) == merging.Written(None, changed=True)
    assert "MLP.forward is not written yet" in path.read_text(encoding="utf-8")


def test_a_module_that_is_no_python_is_left_alone(tmp_path):
    path = tmp_path.resolve() / "classifiers.py"
    path.write_text("def broken(:\n")
    with pytest.raises(SyntaxError):
        merging.write(path, STUB, CELL, ["flatten_images"])
    assert [file.name for file in path.parent.iterdir()] == ["classifiers.py"]
