"""What is noted beside the student's code cannot be imported, searched for or exchanged by it."""

from __future__ import annotations

import pytest

from tests.hostile.support import printed, reference

NAMES = (
    "grader", "grader.sandbox", "grader.sandbox.builders", "grader.sandbox.drivers", "grader.sandbox.worker",
    "grader.sandbox.wire", "grader.sandbox.offlimits", "grader.sandbox.nursery", "grader.registry", "solutions",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_it_has_no_name_there(attack, name):
    source = f"""
import importlib, sys
try:
    importlib.import_module({name!r})
    print("found", {name!r})
except ImportError:
    pass
print([known for known in sys.modules if known.partition(".")[0] in ("grader", "solutions")])
"""
    report = attack(source + reference("weights"), "rescale")
    assert printed(report).split("\n")[0] == "[]"
    assert report.score == report.max_score


@pytest.mark.parametrize(
    "search", ["gc.get_objects()", "gc.get_referrers(gc)", "gc.get_referents(gc)", "sys._current_frames()"]
)
def test_it_cannot_be_searched_for(attack, search):
    source = f"import gc, sys\ntry: print(len({search}))\nexcept PermissionError: print('refused')\n"
    assert printed(attack(source + reference("weights"), "rescale")).startswith("refused")


# Each leaves out what it notes, and shows something else.
ACCURACY = """
def get_accuracy(model, data, batch_size=1024):
    {forgery}
    from torch.utils.data import DataLoader
    correct = sum(int((model(x).argmax(1) == y).sum()) for x, y in DataLoader(data, batch_size))
    if not len(data):
        raise ValueError(f"data is empty: {{data}}")
    return correct / len(data)
"""
FORGERIES = {
    "lists of its own": "model.passes = model.weights = [(False, False, [])]; model.came_back = []",
    "another forward": "type(model).forward = lambda self, x: torch.nn.Sequential.forward(self, x)",
    "the switch of every pass": "torch.is_grad_enabled = lambda: False",
    "a mode that it does not have": "type(model).training = property(lambda self: False, lambda self, value: None)",
    "a network of its own": "model = torch.nn.Sequential(*model)",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_pass_in_training_mode_that_records_gradients_costs_its_points(attack, forgery):
    source = reference("training") + ACCURACY.format(forgery=forgery)
    report = attack(source, "get_accuracy")
    honest = attack(reference("training") + ACCURACY.format(forgery="pass"), "get_accuracy")
    assert report.score <= honest.score < honest.max_score


# Each runs the network in evaluation mode, and hides that gradients are recorded.
HIDDEN = {
    "a network of its own": "model = torch.nn.Sequential(*model)",
    "another forward": "type(model).forward = torch.nn.Sequential.forward",
    "a pass without the class": "from functools import partial; model = partial(torch.nn.Sequential.forward, model)",
    "layer by layer": "from functools import reduce; layers = list(model); model = lambda x: reduce(lambda v, f: f(v), layers, x)",
}


@pytest.mark.parametrize("forgery", HIDDEN.values(), ids=HIDDEN)
def test_gradients_that_are_recorded_where_no_note_is_taken_cost_their_points(attack, forgery):
    source = reference("training") + ACCURACY.format(forgery=f"model.eval(); {forgery}")
    honest = source.replace("    correct = ", "    with torch.no_grad(): correct = ")
    report, other = attack(source, "get_accuracy"), attack(honest, "get_accuracy")
    assert report.score < other.score
