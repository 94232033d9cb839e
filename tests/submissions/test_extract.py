"""What of a notebook's statements becomes a topic's module: what the exercises need, as the notebook would have it."""

from __future__ import annotations

import sys
import types

import pytest

from grader.submissions.extract import Extract, Notebook
from grader.submissions.statements import statements


def extract(*cells: str, topic: str = "shapes", stub: str = "") -> Extract:
    found = [one for number, cell in enumerate(cells, start=1) for one in statements(cell, number)]
    return Notebook("work.ipynb", found).module(topic, statements(stub))


def run(*cells: str, topic: str = "shapes", stub: str = "") -> types.ModuleType:
    """The module of the cells, run: these cells are this test's own."""
    module = types.ModuleType(topic)
    sys.modules[topic] = module  # dataclasses look there
    try:
        exec(compile(extract(*cells, topic=topic, stub=stub).text, topic, "exec"), module.__dict__)
    finally:
        del sys.modules[topic]
    return module


def test_of_two_definitions_the_last_counts_once():
    text = extract("def same_padding(k):\n    return 1", "def same_padding(k):\n    return 2").text
    assert text.count("def same_padding") == 1 and "return 2" in text


def test_a_class_that_is_redefined_counts_as_it_was_last():
    text = extract(
        "from torch import nn\nclass CNN(nn.Module):\n    def forward(self, x):\n        return 1",
        "class CNN(nn.Module):\n    def forward(self, x):\n        return 2",
        topic="cnn",
    ).text
    assert text.count("class CNN") == 1 and "return 2" in text and "return 1" not in text


def test_a_class_that_goes_on_from_its_namesake_has_both():
    module = run(
        "class CNN:\n    def first(self):\n        return 1",
        "class CNN(CNN):\n    def forward(self):\n        return self.first() + 1",
        "CNN.third = lambda self: 3",
        topic="cnn",
    )
    assert module.CNN().forward() == 2 and module.CNN().third() == 3


def test_helpers_constants_and_imports_come_along_and_nothing_else_does():
    module = run(
        "import math, seaborn, pandas as pd\nfrom os import path, sep as separator",
        "PAD, OTHER = 3, 4\nUNUSED = launch_missiles()\nprint(PAD)",
        "def helper(x):\n    return deeper(x) + PAD",
        "def deeper(x):\n    return math.floor(x)",
        "def unneeded():\n    return pd",
        "def same_padding(k):\n    return helper(k), separator",
        "for epoch in range(10**12):\n    loss = same_padding(epoch)",
        "model = train_for_a_week()",
    )
    assert module.same_padding(1.5) == (4, "/")
    assert not {"UNUSED", "unneeded", "seaborn", "pd", "path", "loss", "model"} & vars(module).keys()


def test_what_a_kept_function_uses_by_name_is_kept_also_where_it_is_a_call():
    module = run("import torch", "model = torch.nn.Linear(2, 1)", "def same_padding(k):\n    return model.in_features")
    assert module.same_padding(1) == 2


def test_a_value_that_cannot_be_made_costs_only_what_uses_it():
    module = run(
        "data = load('/nowhere')\nimport no_such_library as nsl",
        "def same_padding(k):\n    return data, nsl",
        "def trace_shapes(layers, shape):\n    return shape",
    )
    assert module.trace_shapes([], 1) == 1
    with pytest.raises(NameError):
        module.same_padding(1)


def test_a_function_that_cannot_be_defined_costs_no_other():
    module = run(
        "import torch\ndata = load('/nowhere')\ndevice = torch.device('cpu')",
        "def same_padding(k, data=data):\n    return data",
        "@nobody_defines_it\ndef conv2d_output_shape(k):\n    return k",
        "def trace_shapes(layers, shape, device=device):\n    return shape",
    )
    assert module.trace_shapes([], 1) == 1
    assert not hasattr(module, "same_padding") and not hasattr(module, "conv2d_output_shape")


def test_what_is_needed_first_comes_first():
    module = run(
        "class Rule(Base):\n    def __call__(self, k):\n        return self.size",
        "same_padding = Rule()",
        "class Base:\n    size = SIZE",
        "SIZE = compute()",
        "def compute():\n    return number",
        "number = 5",
    )
    assert module.same_padding(1) == 5


def test_a_default_is_what_stood_above_it_and_a_global_is_what_came_last():
    module = run("size = 1", "def same_padding(k=size):\n    return k, size", "size = 2")
    assert module.same_padding() == (1, 2)


def test_what_grows_statement_by_statement_is_whole():
    module = run(
        "RULES = {}",
        "RULES['a'] = 1",
        "n = 1\nn += 1\nn *= 5",
        "import functools\n@functools.singledispatch\ndef size(x):\n    return 0",
        "@size.register\ndef _(x: int):\n    return 1",
        "@size.register\ndef _(x: str):\n    return 2",
        "def same_padding(k):\n    return RULES, n, size(k), size(str(k))",
        "same_padding = functools.cache(same_padding)",
    )
    assert module.same_padding(1) == ({"a": 1}, 10, 1, 2)


def test_a_device_is_found_out_in_either_way():
    for cell in (
        "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')",
        "if torch.cuda.is_available():\n    device = torch.device('cuda')\n    print('fast')\nelse:\n    device = torch.device('cpu')",
        "device = torch.device('cpu')\nif torch.cuda.is_available():\n    device, other = torch.device('cuda'), 1",
        "try:\n    device = torch.device(no_such_name)\nexcept NameError:\n    device = torch.device('cpu')\n    exit()",
    ):
        module = run("import torch", cell, "def same_padding(k):\n    return str(device)")
        assert module.same_padding(1) == "cpu"


def test_definitions_below_with_and_main_are_definitions():
    module = run(
        "with exercise('same_padding'):\n    def same_padding(k):\n        return helper(k)",
        "if __name__ == '__main__':\n    def helper(k):\n        return k\n    print(same_padding(1))",
    )
    assert module.same_padding(1) == 1


def test_a_variable_with_a_functions_name_is_no_function():
    text = extract(
        "def train(model):\n    return 1", "train = load()\nfrom exercises.training import train", topic="training"
    ).text
    assert "def train(model)" in text and "load" not in text and "import" not in text
    assert Notebook("", statements("train = MNIST('data')\nconv2d = nn.Conv2d(1, 2, 3)\nCNN = 3")).exercises == []
    assert (
        Notebook("", statements("from exercises.training import train\nfrom exercises.cnn import CNN")).exercises == []
    )


@pytest.mark.parametrize(
    "text",
    [
        "conv2d = lambda images: 1",
        "class Conv: pass\nconv2d = Conv()",
        "from functools import partial\nconv2d = partial(f)",
    ],
)
def test_functions_may_be_made_in_other_ways(text):
    assert [exercise.name for exercise in Notebook("", statements(text)).exercises] == ["conv2d"]


def test_stars_are_kept_of_what_there_is_and_where_something_is_missing():
    cells = (
        "from math import *\nfrom seaborn import *\nfrom google.colab import *",
        "def same_padding(k):\n    return floor(k)",
    )
    assert run(*cells).same_padding(1.5) == 1
    assert "import" not in extract(cells[0], "def same_padding(k):\n    return k").text


def test_the_stub_lends_what_it_gives_and_stands_for_what_is_not_begun():
    stub = (
        "import dataclasses\nfrom typing import Any\nKind = Any\n@dataclasses.dataclass\nclass History:\n    iters: list\n"
        "def train_step():\n    raise NotImplementedError\n"
    )
    alike = "def train_steps():\n    pass"
    train = "def train(x: Kind):\n    train_step()\n    return History([1])"
    found = extract(train, topic="training", stub=stub)
    assert found.given == ("History", "Kind") and found.text.count("def train_step") == 1
    assert "def train_step()" not in extract(train, alike, topic="training", stub=stub).text, (
        "is it that under another name?"
    )
    with pytest.raises(NotImplementedError):
        run(train, topic="training", stub=stub).train(1)
    module = run(train, "def train_step():\n    pass", topic="training", stub=stub)
    assert module.train(1).iters == [1]
    own = "class History:\n    def __init__(self, iters):\n        self.mine = iters"
    assert run(own, train, "def train_step():\n    pass", topic="training", stub=stub).train(1).mine == [1]
    assert "class History" in extract(own, "def train_step():\n    pass", topic="training", stub=stub).text


def test_a_function_may_have_the_name_of_a_built_in_one():
    module = run("def sum(xs):\n    return 7", "def same_padding(k):\n    return sum(k), len(k)")
    assert module.same_padding([1]) == (7, 1)


def test_display_is_there_as_in_a_notebook():
    assert run("def same_padding(k):\n    display(k)\n    return k").same_padding(1) == 1
    assert (
        run("from IPython.display import display", "def same_padding(k):\n    display(k)\n    return k").same_padding(1)
        == 1
    )


def test_a_statement_that_only_a_notebook_runs_costs_only_what_uses_it():
    module = run(
        "value = await load()", "def same_padding(k):\n    return k", "def trace_shapes(a, b):\n    return value"
    )
    assert module.same_padding(1) == 1


def test_annotations_may_be_postponed():
    module = run("def same_padding(k: Unknown):\n    return k", "from __future__ import annotations")
    assert module.same_padding(1) == 1


def test_an_annotated_constant_needs_its_annotation_only():
    (one,) = statements("LIMIT: int = 3")
    assert one.needs == ({"int"}, frozenset())


def test_statements_that_share_a_line_are_told_apart():
    text = extract(
        "import math; print(1); PAD = math.floor(1.5); import seaborn", "def same_padding(k): return PAD"
    ).text
    assert "PAD" in text and "print" not in text and "seaborn" not in text


def test_comments_in_a_function_and_its_layout_stay():
    text = extract("@property\ndef same_padding(k):  # why\n    # how\n    return   [k,\n      1]").text
    assert "@property\ndef same_padding(k):  # why\n    # how\n    return   [k,\n      1]\n" in text
